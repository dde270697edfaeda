#include "python/ext/kernel_arguments.h"

#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <span>
#include <string>
#include <string_view>

#include "python/ext/local_accessor.h"
#include "python/ext/numpy.h"
#include "python/ext/raise.h"
#include "python/ext/usm_view.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

std::string text_of(const QueueRef& queue) { return nb::cast<std::string>(nb::repr(nb::cast(queue))); }

QueueRef default_queue() {
  static PyObject* const function = nb::getattr(nb::module_::import_("metate.queues"), "default_queue").release().ptr();
  return nb::cast<QueueRef>(nb::handle(function)());
}

/// Numbers of ctypes, which dpctl's programs pass.
bool is_ctypes_number(PyObject* object) {
  if (std::string_view(Py_TYPE(Py_TYPE(object))->tp_name) != "_ctypes.PyCSimpleType") return false;
  nb::object value = nb::handle(object).attr("value");
  return PyLong_Check(value.ptr()) || PyFloat_Check(value.ptr());
}

/// Whether the object is a tuple with an array in it.
bool holds_array(PyObject* object) {
  if (!PyTuple_Check(object)) return false;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i) {
    PyObject* element = PyTuple_GET_ITEM(object, i);
    if (PyArray_Check(element) || holds_array(element)) return true;
  }
  return false;
}

nb::object numpy_number(nb::handle number) {
  return nb::module_::import_("numpy").attr("dtype")(number.type()).attr("type")(number.attr("value"));
}

}  // namespace

KernelArguments::KernelArguments(nb::handle function, const char* what, nb::tuple arguments, size_t first,
                                 QueueRef of_layouts)
    : function_(function), what_(what), arguments_(arguments), first_(first), of_layouts_(std::move(of_layouts)) {
  each_.reserve(arguments.size());
  for (nb::handle argument : arguments_) append(argument);
}

void KernelArguments::append(nb::handle argument) {
  Each& each = each_.emplace_back();
  each.slot = buffer_.slot_count;
  PyObject* object = argument.ptr();
  const bool is_plain = PyArray_CheckExact(object) || PyLong_CheckExact(object) || PyFloat_CheckExact(object);
  if (of_layouts_ && PyArray_CheckExact(object)) {
    append_layout(object, each);
  } else if (!is_plain && is_local_accessor(object)) {
    std::optional<LocalArray> array = read_local_accessor(object);
    if (!array || !append_local_array(array->dtype, array->shape, buffer_)) throw nb::python_error();
    each.local_bytes = array->bytes();
  } else if (!is_plain && has_usm_interface(object)) {
    UsmView view = read_usm_view(argument);
    if (!append_device_array(view.dtype, view.data, view.shape, view.strides, view.writable, buffer_))
      throw nb::python_error();
    each.queue = std::move(view.queue);
    each.kind = view.kind;
  } else if (!is_plain && is_ctypes_number(object)) {
    if (!append_argument(numpy_number(argument).ptr(), buffer_)) throw nb::python_error();
  } else if (!append_argument(object, buffer_)) {
    throw nb::python_error();
  }
}

void KernelArguments::append_layout(PyObject* layout, Each& each) {
  auto* array = reinterpret_cast<PyArrayObject*>(layout);
  const std::optional<types::DType> dtype = dtype_of(PyArray_TYPE(array));
  if (!dtype) fail(PyExc_TypeError, "compiled code cannot take an array of this dtype");
  const auto rank = static_cast<size_t>(PyArray_NDIM(array));
  if (!append_device_array(*dtype, PyArray_DATA(array), std::span(PyArray_DIMS(array), rank),
                           std::span(PyArray_STRIDES(array), rank), PyArray_ISWRITEABLE(array) != 0, buffer_))
    throw nb::python_error();
  each.queue = of_layouts_;
}

bool KernelArguments::is_of_host(size_t index) const {
  return !each_[index].queue && PyArray_Check(arguments_[index].ptr());
}

std::string KernelArguments::name(size_t index) const {
  nb::object names = function_.attr("__code__").attr("co_varnames");
  if (first_ + index >= nb::len(names)) return "number " + std::to_string(first_ + index);
  return "'" + nb::cast<std::string>(names[first_ + index]) + "'";
}

QueueRef KernelArguments::choose_queue(QueueRef given, QueueRef context) const {
  QueueRef common;
  size_t first_in_device_memory = 0;
  for (size_t i = 0; i < each_.size(); ++i) {
    const QueueRef& queue = each_[i].queue;
    if (!queue) continue;
    if (given && queue->device() != given->device()) {
      set_error_of_class("ExecutionQueueInferenceError", "argument " + name(i) + " lies on the device of " +
                                                             text_of(queue) + ", and the kernel was submitted to " +
                                                             text_of(given));
      throw nb::python_error();
    }
    if (!common) {
      common = queue;
      first_in_device_memory = i;
    } else if (queue != common && !given) {
      set_error_of_class(
          "ExecutionQueueInferenceError",
          what_ + " runs on the queue of its arguments, and these have two: " + name(first_in_device_memory) + " has " +
              text_of(common) + ", " + name(i) + " has " + text_of(queue));
      throw nb::python_error();
    }
  }
  if (common)
    for (size_t i = 0; i < each_.size(); ++i)
      if (is_of_host(i))
        fail(PyExc_TypeError, "argument " + name(i) + " is a NumPy array and " + name(first_in_device_memory) +
                                  " lies in device memory: copy the one to where the other is, for example with "
                                  "metate.MemoryUSMShared(a.nbytes).copy_from_host(a)");
  if (given) return given;
  if (!common) return context ? context : default_queue();
  if (context && context != common &&
      !warn(what_ + " runs on the queue of its arguments, " + text_of(common) + ": the device_context of " +
            text_of(context) + " has no effect on it"))
    throw nb::python_error();
  return common;
}

void KernelArguments::refuse_local_arrays() const {
  for (size_t i = 0; i < each_.size(); ++i)
    if (each_[i].local_bytes) fail(PyExc_TypeError, what_ + " takes no LocalAccessor, as argument " + name(i) + " is");
}

void KernelArguments::refuse_arrays_in_tuples() const {
  for (nb::handle argument : arguments_)
    if (holds_array(argument.ptr())) fail(PyExc_TypeError, "arrays inside tuples cannot be passed to " + what_);
}

bool KernelArguments::needs_copies(const level_zero::Device& device) const {
  if (device.properties().shares_host_memory) return false;
  for (size_t i = 0; i < each_.size(); ++i)
    if (is_of_host(i)) return true;
  return false;
}

std::shared_ptr<DeviceArguments> KernelArguments::send(level_zero::Device& device, const std::vector<bool>& written) {
  std::vector<DeviceArguments::Array> arrays;
  for (size_t i = 0; i < each_.size(); ++i) {
    PyObject* object = PyTuple_GET_ITEM(arguments_.ptr(), static_cast<Py_ssize_t>(i));
    if (!is_of_host(i)) continue;
    arrays.push_back({object, &buffer_.slots[each_[i].slot], written[first_ + i]});
  }
  auto sent = std::make_shared<DeviceArguments>();
  if (base::Status status = sent->send(device, std::move(arrays)); !status) fail(status.error());
  return sent;
}

std::vector<level_zero::Argument> KernelArguments::values(const driver::CompiledKernel& code) const {
  std::vector<level_zero::Argument> values;
  for (const driver::KernelArgument& argument : code.arguments) {
    const size_t local = argument.is_data ? each_[place(argument)].local_bytes : 0;
    values.push_back(local ? level_zero::Argument::local(local)
                           : level_zero::Argument{&buffer_.slots[argument.slot], argument.bytes});
  }
  return values;
}

}  // namespace metate::ext
