// row_calls – functions of elements of device arrays whose elements lie in a row: the shortest way to their kernels.
#pragma once

#include <nanobind/nanobind.h>

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <span>

#include "runtime/level_zero/devices.h"

namespace metate::ext {

/// The calls of one function.
class RowCalls {
 public:
  static constexpr size_t kMostOperands = 3;

  /// `plan(*types)`: for operands of these types, dtypes of arrays and classes of numbers, the kernel's dispatcher, the
  /// dtypes of the function and of its result, or None where rows are nothing special.
  explicit RowCalls(nanobind::object plan) : plan_(std::move(plan)) {}

  /// The new array, or null where the operands are something else and nothing has been done.
  nanobind::object call(std::span<PyObject* const> operands);

 private:
  /// A type number of NumPy for each array, and others for numbers.
  using Key = std::array<int, kMostOperands>;
  class Rows;
  /// Without a dispatcher there is none.
  struct Plan {
    Key key;
    nanobind::handle dispatcher, function, result;  // which `kept` keeps
    std::array<nanobind::handle, kMostOperands> dtypes = {};
    nanobind::object kept;
    double nanoseconds = std::numeric_limits<double>::infinity();  // an element, in the last call
  };

  Plan& plan_for(const Rows& rows);

  nanobind::object plan_;
  std::deque<Plan> plans_;  // which stay where they are
};

/// How many neighbours in a row of `elements` one work-item goes through. On a CPU they are to be enough to fill
/// vectors, and whole cache lines, and there are to be some such runs for each thread, so that one which is late holds
/// nobody up for long; on other devices neighbours are best worked on by neighbouring items.
int64_t run_length(const level_zero::Device& device, int64_t elements);

/// Adds class RowCalls, and run_length, to the module.
void add_row_calls(nanobind::module_& module);

}  // namespace metate::ext
