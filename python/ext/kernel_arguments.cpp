#include "python/ext/kernel_arguments.h"

#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "python/ext/device_array.h"
#include "python/ext/imported.h"
#include "python/ext/local_accessor.h"
#include "python/ext/numpy.h"
#include "python/ext/raise.h"
#include "python/ext/usm_view.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

QueueRef default_queue(bool checked) {
  static constinit Imported plain("metate.queues", "default_queue"), checking("metate.queues", "checking_queue");
  Imported& function = checked ? checking : plain;
  if (!function.get()) throw nb::python_error();
  return nb::cast<QueueRef>(nb::handle(function.get())());
}

/// Numbers of ctypes, which dpctl's programs pass.
bool is_ctypes_number(PyObject* object) {
  if (std::string_view(Py_TYPE(Py_TYPE(object))->tp_name) != "_ctypes.PyCSimpleType") return false;
  nb::object value = nb::handle(object).attr("value");
  return PyLong_Check(value.ptr()) || PyFloat_Check(value.ptr());
}

nb::object numpy_number(nb::handle number) {
  return nb::module_::import_("numpy").attr("dtype")(number.type()).attr("type")(number.attr("value"));
}

}  // namespace

KernelArguments::Vectors& KernelArguments::Room::spare() {
  static auto* const vectors = new Vectors;  // never destroyed
  return *vectors;
}

KernelArguments::Room::Room() { vectors.swap(spare()); }

KernelArguments::Room::~Room() {
  constexpr size_t kMost = 64;  // arguments: rare launches leave no more memory behind
  if (vectors.first_words.capacity() > kMost || vectors.arrays.capacity() > kMost) return;
  vectors.first_words.clear();
  vectors.arrays.clear();
  vectors.values.clear();
  vectors.swap(spare());  // none, unless one launch was within another
}

KernelArguments::KernelArguments(nb::handle function, std::string_view what, nb::tuple arguments, size_t first,
                                 QueueRef of_layouts)
    : function_(function), what_(what), arguments_(arguments), first_(first), of_layouts_(std::move(of_layouts)) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    first_words().push_back(buffer_.key_size);
    append(PyTuple_GET_ITEM(arguments.ptr(), static_cast<Py_ssize_t>(i)), i);
  }
}

void KernelArguments::append(nb::handle value, size_t argument) {
  PyObject* object = value.ptr();
  const bool is_host_array = PyArray_CheckExact(object);
  const bool is_plain = is_host_array || PyLong_CheckExact(object) || PyFloat_CheckExact(object);
  Array array{.argument = argument, .object = value, .slot = buffer_.slot_count};
  if (of_layouts_ && is_host_array) {
    append_layout(object);
    array.queue = of_layouts_;
  } else if (std::optional<DeviceArrayParts> parts = is_plain ? std::nullopt : parts_of_device_array(object)) {
    append_layout(parts->layout);
    array.queue = std::move(parts->queue);
    array.kind = parts->kind;
  } else if (!is_plain && PyTuple_Check(object)) {
    append_tuple(nb::borrow<nb::tuple>(value), argument);
    return;
  } else if (!is_plain && is_local_accessor(object)) {
    std::optional<LocalArray> local = read_local_accessor(object);
    if (!local || !append_local_array(local->dtype, local->shape, buffer_)) throw nb::python_error();
    array.local_bytes = local->bytes();
  } else if (!is_plain && has_usm_interface(object)) {
    UsmView view = read_usm_view(value);
    if (!append_device_array(view.dtype, view.data, view.shape, view.strides, view.writable, buffer_))
      throw nb::python_error();
    array.queue = std::move(view.queue);
    array.kind = view.kind;
  } else if (!is_plain && is_ctypes_number(object)) {
    if (!append_argument(numpy_number(value).ptr(), buffer_)) throw nb::python_error();
    return;
  } else {
    if (!append_argument(object, buffer_)) throw nb::python_error();
    if (!is_host_array && !PyArray_Check(object)) return;
  }
  arrays().push_back(std::move(array));
}

void KernelArguments::append_tuple(nb::tuple tuple, size_t argument) {
  if (!append_tuple_head(tuple.ptr(), buffer_)) throw nb::python_error();
  for (nb::handle element : tuple) append(element, argument);
}

void KernelArguments::append_layout(PyObject* layout) {
  auto* array = reinterpret_cast<PyArrayObject*>(layout);
  const std::optional<types::DType> dtype = dtype_of(PyArray_TYPE(array));
  if (!dtype) fail(PyExc_TypeError, "compiled code cannot take an array of this dtype");
  const auto rank = static_cast<size_t>(PyArray_NDIM(array));
  if (!append_device_array(*dtype, PyArray_DATA(array), std::span(PyArray_DIMS(array), rank),
                           std::span(PyArray_STRIDES(array), rank), PyArray_ISWRITEABLE(array) != 0, buffer_))
    throw nb::python_error();
}

void KernelArguments::append_row(nb::handle layout) {
  auto* array = reinterpret_cast<PyArrayObject*>(layout.ptr());
  first_words().push_back(buffer_.key_size);
  arrays().push_back(
      {.argument = first_words().size() - 1, .object = layout, .slot = buffer_.slot_count, .queue = of_layouts_});
  const std::optional<types::DType> dtype = dtype_of(PyArray_TYPE(array));
  if (!dtype) fail(PyExc_TypeError, "compiled code cannot take an array of this dtype");
  const int64_t extent = PyArray_SIZE(array);
  const int64_t stride = size(*dtype);
  if (!append_device_array(*dtype, PyArray_DATA(array), {&extent, 1}, {&stride, 1}, PyArray_ISWRITEABLE(array) != 0,
                           buffer_))
    throw nb::python_error();
}

void KernelArguments::append_number(nb::handle number) {
  first_words().push_back(buffer_.key_size);
  if (!append_argument(number.ptr(), buffer_)) throw nb::python_error();
}

void KernelArguments::append_number_as(nb::handle number, nb::handle dtype) {
  const std::optional<types::DType> known = dtype_of(reinterpret_cast<PyArray_Descr*>(dtype.ptr())->type_num);
  const int word = buffer_.key_size;
  if (known && append_converted(number.ptr(), *known, buffer_)) {
    first_words().push_back(word);
    return;
  }
  nb::object converted = nb::steal(PyObject_CallOneArg(nb::object(dtype.attr("type")).ptr(), number.ptr()));
  if (!converted.is_valid()) throw nb::python_error();
  append_number(converted);
}

void KernelArguments::make_read_only(size_t index) {
  const int end = index + 1 < first_words().size() ? first_words()[index + 1] : buffer_.key_size;
  for (int word = first_words()[index]; word < end; ++word) make_word_read_only(buffer_.key[word]);
}

std::string KernelArguments::name(size_t index) const {
  nb::object names = function_.attr("__code__").attr("co_varnames");
  if (first_ + index >= nb::len(names)) return "number " + std::to_string(first_ + index);
  return "'" + nb::cast<std::string>(names[first_ + index]) + "'";
}

QueueRef KernelArguments::choose_queue(QueueRef given, QueueRef context, bool checked) const {
  QueueRef common;
  size_t first_in_device_memory = 0;
  for (const Array& array : arrays()) {
    const QueueRef& queue = array.queue;
    const size_t argument = array.argument;
    if (!queue) continue;
    if (given && queue->device() != given->device()) {
      set_error_of_class("ExecutionQueueInferenceError", "argument " + name(argument) + " lies on the device of " +
                                                             text_of(queue) + ", and the kernel was submitted to " +
                                                             text_of(given));
      throw nb::python_error();
    }
    if (!common) {
      common = queue;
      first_in_device_memory = argument;
    } else if (queue != common && !given) {
      set_error_of_class("ExecutionQueueInferenceError",
                         std::string(what_) + " runs on the queue of its arguments, and these have two: " +
                             name(first_in_device_memory) + " has " + text_of(common) + ", " + name(argument) +
                             " has " + text_of(queue));
      throw nb::python_error();
    }
  }
  if (common)
    for (const Array& array : arrays())
      if (array.is_of_host())
        fail(PyExc_TypeError, "argument " + name(array.argument) + " is a NumPy array and " +
                                  name(first_in_device_memory) +
                                  " lies in device memory: copy the one to where the other is, by "
                                  "metate.asarray(a, device=queue) or metate.asnumpy(b)");
  if (given) return given;
  if (!common) return context ? context : default_queue(checked);
  if (context && context != common &&
      !warn(std::string(what_) + " runs on the queue of its arguments, " + text_of(common) +
            ": the device_context of " + text_of(context) + " has no effect on it"))
    throw nb::python_error();
  return common;
}

void KernelArguments::refuse_local_arrays() const {
  for (const Array& array : arrays())
    if (array.local_bytes)
      fail(PyExc_TypeError,
           std::string(what_) + " takes no LocalAccessor, as argument " + name(array.argument) + " is");
}

void KernelArguments::check_local_arrays(const level_zero::Device& device, bool names_local_size) const {
  size_t total = 0;
  for (const Array& array : arrays()) {
    if (!array.local_bytes) continue;
    total += array.local_bytes;
    if (!names_local_size)
      fail(PyExc_TypeError, "argument " + name(array.argument) +
                                " is a LocalAccessor, which work-groups share: give the launch a local size, as "
                                "NdRange(global_size, local_size) does");
    if (total > device.properties().max_local_bytes)
      fail(PyExc_ValueError, "the local memory for argument " + name(array.argument) + " makes " +
                                 std::to_string(total) + " bytes, and a work-group of '" + device.name() + "' has " +
                                 std::to_string(device.properties().max_local_bytes));
  }
}

size_t KernelArguments::local_bytes() const {
  size_t total = 0;
  for (const Array& array : arrays()) total += array.local_bytes;
  return total;
}

bool KernelArguments::lies_on_device(size_t index) const {
  return std::ranges::any_of(arrays(), [&](const Array& array) { return array.argument == index && array.queue; });
}

bool KernelArguments::is_out_of_reach(size_t index) const {
  return std::ranges::any_of(arrays(), [&](const Array& array) {
    return array.argument == index && array.kind == level_zero::MemoryKind::kDevice;
  });
}

bool KernelArguments::needs_copies(const level_zero::Device& device) const {
  return !device.properties().shares_host_memory && std::ranges::any_of(arrays(), &Array::is_of_host);
}

std::shared_ptr<DeviceArguments> KernelArguments::send(level_zero::Device& device, const driver::Artifact& code,
                                                       std::span<const uint32_t> write_only) {
  if (!needs_copies(device)) return nullptr;
  std::vector<DeviceArguments::Array> sent_arrays;
  for (const Array& array : arrays()) {
    if (!array.is_of_host()) continue;
    const size_t parameter = first_ + array.argument;
    const bool is_needed = std::ranges::find(write_only, parameter) == write_only.end() || code.read[parameter];
    sent_arrays.push_back({array.object.ptr(), &buffer_.slots[array.slot], code.written[parameter], is_needed});
  }
  auto sent = std::make_shared<DeviceArguments>();
  if (base::Status status = sent->send(device, std::move(sent_arrays)); !status) fail(status.error());
  return sent;
}

std::span<const level_zero::Argument> KernelArguments::values(const driver::CompiledKernel& code,
                                                              const void* const* errors) {
  std::vector<level_zero::Argument>& values = room_.vectors.values;
  values.clear();
  size_t next = 0;
  for (const driver::KernelArgument& argument : code.arguments) {
    const size_t local = argument.is_data ? arrays()[next++].local_bytes : 0;
    values.push_back(local ? level_zero::Argument::local(local)
                           : level_zero::Argument{&buffer_.slots[argument.slot], argument.bytes});
  }
  if (errors) values.push_back(level_zero::Argument::of(*errors));
  return values;
}

}  // namespace metate::ext
