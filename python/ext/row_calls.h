// row_calls – functions of elements of device arrays whose elements lie in a row: the shortest way to their kernels.
#pragma once

#include <nanobind/nanobind.h>

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <span>

namespace metate::ext {

/// The calls of one function.
class RowCalls {
 public:
  static constexpr size_t kMostOperands = 3;

  /// `plan(*types)`: for operands of these types, dtypes of arrays and classes of numbers, the kernel's dispatcher, the
  /// dtypes of the function and of its result, or None where rows are nothing special. On a CPU a work-item goes
  /// through `shortest` elements or more, and there are at most `runs_of_a_thread` for each thread.
  RowCalls(nanobind::object plan, int64_t shortest, int64_t runs_of_a_thread)
      : plan_(std::move(plan)), shortest_(shortest), runs_of_a_thread_(runs_of_a_thread) {}

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
    double nanoseconds = std::numeric_limits<double>::infinity();  // an element, in the last call that was not brief
  };

  Plan& plan_for(const Rows& rows);

  nanobind::object plan_;
  int64_t shortest_, runs_of_a_thread_;
  std::deque<Plan> plans_;  // which stay where they are
};

/// Adds class RowCalls to the module.
void add_row_calls(nanobind::module_& module);

}  // namespace metate::ext
