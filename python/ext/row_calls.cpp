#include "python/ext/row_calls.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "python/ext/device_array.h"
#include "python/ext/kernel.h"
#include "python/ext/kernel_arguments.h"
#include "python/ext/numpy.h"
#include "python/ext/raise.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

using Clock = std::chrono::steady_clock;

/// What takes less keeps the GIL: to give it away costs a tenth of a short call, and CPython itself lets a thread keep
/// it fifty times as long.
constexpr double kBriefNanoseconds = 100'000;

bool is_cpu(const level_zero::Device& device) { return device.type() == level_zero::DeviceType::kCpu; }

int64_t divide_up(int64_t value, int64_t by) { return (value + by - 1) / by; }

PyArrayObject* array_of(PyObject* layout) { return reinterpret_cast<PyArrayObject*>(layout); }

}  // namespace

/// The operands of a call: device arrays of one shape in C's order, on one queue, and Python's numbers.
class RowCalls::Rows {
 public:
  static constexpr int kInt = -1, kFloat = -2, kNone = -3;

  /// False where they are something else.
  bool read(std::span<PyObject* const> operands) {
    if (operands.size() > kMostOperands) return false;
    for (PyObject* operand : operands) {
      key_[count_] = PyFloat_CheckExact(operand) ? kFloat : PyLong_CheckExact(operand) ? kInt : kNone;
      if (key_[count_] == kNone && !read_array(operand)) return false;
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

nb::object RowCalls::call(std::span<PyObject* const> operands) {
  Rows rows;
  if (!rows.read(operands)) return {};
  Plan& plan = plan_for(rows);
  if (!plan.dispatcher.is_valid()) return {};
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
      return {};
    }
  }
  NewDeviceArray made = new_device_array(rows.queue(), rows.kind(), rows.shape(), plan.result);
  arguments.append_row(made.layout);
  const int64_t length = run_length(device, rows.elements());
  arguments.append_number(nb::int_(length));
  const auto elements = static_cast<double>(rows.elements());
  const bool brief = elements * plan.nanoseconds < kBriefNanoseconds;
  const auto began = Clock::now();
  launch_row(plan.dispatcher, rows.queue(), divide_up(rows.elements(), length), is_cpu(device), arguments, brief);
  plan.nanoseconds = std::chrono::duration<double, std::nano>(Clock::now() - began).count() / elements;
  return made.array;
}

RowCalls::Plan& RowCalls::plan_for(const Rows& rows) {
  for (Plan& known : plans_)
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
  plans_.push_back(std::move(plan));
  return plans_.back();
}

int64_t run_length(const level_zero::Device& device, int64_t elements) {
  constexpr int64_t kShortest = 1024, kOfAThread = 8;
  constexpr int64_t kCacheLine = 64;  // elements: none is smaller than a byte
  if (!is_cpu(device)) return 1;
  const int64_t share = divide_up(elements, kOfAThread * std::max(device.properties().compute_units, 1u));
  return divide_up(std::max(kShortest, share), kCacheLine) * kCacheLine;
}

void add_row_calls(nb::module_& module) {
  nb::class_<RowCalls>(module, "RowCalls").def(nb::init<nb::object>(), nb::arg("plan"));
  module.def("run_length", &run_length, nb::arg("device"), nb::arg("elements"));
}

}  // namespace metate::ext
