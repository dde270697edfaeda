#include "python/ext/row_calls.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "python/ext/device_array.h"
#include "python/ext/kernel.h"
#include "python/ext/kernel_arguments.h"
#include "python/ext/numpy.h"
#include "python/ext/raise.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

constexpr size_t kMostOperands = 3;

PyArrayObject* array_of(PyObject* layout) { return reinterpret_cast<PyArrayObject*>(layout); }

/// The operands of a call: device arrays of one shape in C's order, on one queue, and Python's numbers.
class Rows {
 public:
  /// A type number of NumPy for each array, and these for numbers.
  static constexpr int kInt = -1, kFloat = -2, kNone = -3;
  using Key = std::array<int, kMostOperands>;

  /// False where they are something else.
  bool read(nb::args operands) {
    if (operands.size() > kMostOperands) return false;
    for (nb::handle operand : operands) {
      key_[count_] = PyFloat_CheckExact(operand.ptr()) ? kFloat : PyLong_CheckExact(operand.ptr()) ? kInt : kNone;
      if (key_[count_] == kNone && !read_array(operand.ptr())) return false;
      operands_[count_++] = operand;
    }
    return first_ != nullptr;
  }

  const Key& key() const { return key_; }
  size_t count() const { return count_; }
  bool is_number(size_t operand) const { return key_[operand] == kInt || key_[operand] == kFloat; }
  /// The number, or the layout of the array.
  nb::handle operand(size_t operand) const { return is_number(operand) ? operands_[operand] : layouts_[operand]; }
  nb::object type(size_t operand) const {
    if (is_number(operand)) return nb::borrow(operands_[operand].type());
    return nb::borrow(reinterpret_cast<PyObject*>(PyArray_DESCR(array_of(layouts_[operand].ptr()))));
  }

  const QueueRef& queue() const { return queue_; }
  level_zero::MemoryKind kind() const { return kind_; }
  int64_t elements() const { return PyArray_SIZE(first_); }
  std::span<const int64_t> shape() const { return {PyArray_DIMS(first_), static_cast<size_t>(PyArray_NDIM(first_))}; }

 private:
  bool read_array(PyObject* object) {
    std::optional<DeviceArrayParts> parts = parts_of_device_array(object);
    if (!parts) return false;
    PyArrayObject* const layout = array_of(parts->layout);
    if (!PyArray_IS_C_CONTIGUOUS(layout) || PyArray_SIZE(layout) == 0 || PyArray_ISBYTESWAPPED(layout)) return false;
    if (!first_) {
      first_ = layout;
      queue_ = std::move(parts->queue);
      kind_ = parts->kind;
    } else if (parts->queue != queue_ || parts->kind != kind_ || PyArray_NDIM(layout) != PyArray_NDIM(first_) ||
               !std::equal(shape().begin(), shape().end(), PyArray_DIMS(layout))) {
      return false;
    }
    key_[count_] = PyArray_TYPE(layout);
    layouts_[count_] = parts->layout;
    return true;
  }

  size_t count_ = 0;
  Key key_{kNone, kNone, kNone};
  std::array<nb::handle, kMostOperands> operands_, layouts_;
  PyArrayObject* first_ = nullptr;  // of the layouts
  QueueRef queue_;
  level_zero::MemoryKind kind_ = level_zero::MemoryKind::kShared;
};

/// The calls of one function.
class RowCalls {
 public:
  /// `plan(*types)`: for operands of these types, dtypes of arrays and classes of numbers, the kernel's dispatcher, the
  /// dtypes of the function and of its result, or None where rows are nothing special. On a CPU a work-item goes
  /// through `shortest` elements or more, and there are at most `runs_of_a_thread` for each thread.
  RowCalls(nb::object plan, int64_t shortest, int64_t runs_of_a_thread)
      : plan_(std::move(plan)), shortest_(shortest), runs_of_a_thread_(runs_of_a_thread) {}

  /// The new array, or None where the operands are something else and nothing has been done.
  nb::object call(nb::args operands) {
    Rows rows;
    if (!rows.read(operands)) return nb::none();
    const Plan plan = plan_for(rows);
    if (!plan.dispatcher.is_valid()) return nb::none();
    const level_zero::Device& device = *rows.queue()->device();
    KernelArguments arguments(plan.function, "a kernel", rows.queue());
    for (size_t i = 0; i < rows.count(); ++i) {
      if (!rows.is_number(i)) {
        arguments.append_row(rows.operand(i));
        continue;
      }
      try {
        arguments.append_number_as(rows.operand(i), plan.dtypes[i]);
      } catch (nb::python_error&) {  // too large for the dtype, about which others know more
        return nb::none();
      }
    }
    NewDeviceArray made = new_device_array(rows.queue(), rows.kind(), rows.shape(), plan.result);
    arguments.append_row(made.layout);
    const bool on_cpu = device.type() == level_zero::DeviceType::kCpu;
    const int64_t most = runs_of_a_thread_ * std::max(device.properties().compute_units, 1u);
    const int64_t length = on_cpu ? std::max(shortest_, (rows.elements() + most - 1) / most) : 1;
    arguments.append_number(nb::int_(length));
    launch_row(plan.dispatcher, rows.queue(), (rows.elements() + length - 1) / length, on_cpu, arguments, operands);
    return made.array;
  }

 private:
  /// Without a dispatcher there is none.
  struct Plan {
    Rows::Key key;
    nb::handle dispatcher, function, result;  // which `kept` keeps
    std::array<nb::handle, kMostOperands> dtypes = {};
    nb::object kept;
  };

  Plan plan_for(const Rows& rows) {
    for (const Plan& known : plans_)
      if (known.key == rows.key()) return known;
    nb::list types;
    for (size_t i = 0; i < rows.count(); ++i) types.append(rows.type(i));
    Plan plan{.key = rows.key(), .dispatcher = {}, .function = {}, .result = {}, .kept = plan_(*types)};
    if (!plan.kept.is_none()) {
      nb::handle dtypes = plan.kept[1];
      plan.dispatcher = plan.kept[0];
      plan.function = nb::object(plan.dispatcher.attr("py_func"));
      plan.result = dtypes[rows.count()];
      for (size_t i = 0; i < rows.count(); ++i) plan.dtypes[i] = nb::object(dtypes[i]);
    }
    plans_.push_back(plan);
    return plan;
  }

  nb::object plan_;
  int64_t shortest_, runs_of_a_thread_;
  std::vector<Plan> plans_;
};

}  // namespace

void add_row_calls(nb::module_& module) {
  nb::class_<RowCalls>(module, "RowCalls")
      .def(nb::init<nb::object, int64_t, int64_t>(), nb::arg("plan"), nb::arg("shortest"), nb::arg("runs_of_a_thread"))
      .def("__call__", &RowCalls::call);
}

}  // namespace metate::ext
