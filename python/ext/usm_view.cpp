#include "python/ext/usm_view.h"

#include <nanobind/stl/shared_ptr.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "python/ext/devices.h"
#include "python/ext/numpy.h"
#include "python/ext/raise.h"
#include "python/ext/usm_memory.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

constexpr char kInterface[] = "__sycl_usm_array_interface__";
constexpr char kTooLarge[] = "has more elements than there are addresses";

/// One object's dictionary, entry by entry.
class InterfaceReader {
 public:
  InterfaceReader(nb::handle object, nb::handle dict) : object_(object), dict_(dict) {
    if (!PyDict_Check(dict.ptr())) refuse("is no dict");
  }

  [[noreturn]] void refuse(const std::string& reason) const {
    fail(PyExc_TypeError,
         std::string("the ") + kInterface + " of the " + Py_TYPE(object_.ptr())->tp_name + " " + reason);
  }

  /// Null where it is missing or None.
  nb::handle find(const char* key) const {
    PyObject* value = PyDict_GetItemString(dict_.ptr(), key);
    return value == Py_None ? nullptr : value;
  }

  nb::handle get(const char* key) const {
    nb::handle value = find(key);
    if (!value.is_valid()) refuse(std::string("has no '") + key + "'");
    return value;
  }

  int64_t integer(nb::handle value, const char* key) const {
    Ref index = Ref::steal(PyNumber_Index(value.ptr()));
    int64_t number = index ? PyLong_AsLongLong(index.get()) : -1;
    if (PyErr_Occurred()) {
      drop_error();
      refuse(std::string("has a '") + key + "' that is not made of integers");
    }
    return number;
  }

  std::vector<int64_t> integers(nb::handle value, const char* key) const {
    if (!PyTuple_Check(value.ptr()) && !PyList_Check(value.ptr()))
      refuse(std::string("has a '") + key + "' that is no tuple");
    std::vector<int64_t> numbers;
    for (nb::handle each : value) numbers.push_back(integer(each, key));
    return numbers;
  }

  types::DType dtype() const {
    PyArray_Descr* descr = nullptr;
    if (!PyArray_DescrConverter(get("typestr").ptr(), &descr)) throw nb::python_error();
    Ref held = Ref::steal(reinterpret_cast<PyObject*>(descr));
    std::optional<types::DType> dtype = dtype_of(descr->type_num);
    if (!dtype || !PyArray_ISNBO(descr->byteorder)) {
      PyErr_Format(PyExc_TypeError, "compiled code cannot take an array of dtype %S", held.get());
      throw nb::python_error();
    }
    return *dtype;
  }

 private:
  nb::handle object_, dict_;
};

/// Whether its elements' bytes (those of an empty one as if no extent was 0: NumPy counts so, and compiled code relies
/// on it) and the way from the first to the last of each axis can be counted in 63 bits, all together.
bool is_countable(const UsmView& view) {
  int64_t counted = size(view.dtype), bytes = size(view.dtype);
  for (size_t axis = 0; axis < view.shape.size(); ++axis) {
    const int64_t extent = view.shape[axis];
    int64_t reach;
    if (__builtin_mul_overflow(std::max<int64_t>(extent - 1, 0), view.strides[axis], &reach) || reach == INT64_MIN ||
        __builtin_add_overflow(bytes, std::abs(reach), &bytes) ||
        __builtin_mul_overflow(counted, std::max<int64_t>(extent, 1), &counted))
      return false;
  }
  return true;
}

/// Lowest byte and number of bytes from there that the elements touch.
std::pair<char*, size_t> extent_of(const UsmView& view) {
  int64_t low = 0, high = size(view.dtype);
  for (size_t axis = 0; axis < view.shape.size(); ++axis) {
    const int64_t reach = (view.shape[axis] - 1) * view.strides[axis];
    (reach < 0 ? low : high) += reach;
  }
  return {view.data + low, static_cast<size_t>(high - low)};
}

/// The device whose memory these bytes lie in; null where they lie in nobody's.
std::shared_ptr<level_zero::Device> find_device_of(const char* data, size_t bytes) {
  const auto holds = [&](const auto& device) { return device->memory().kind_of(data, bytes).has_value(); };
  for (const std::shared_ptr<level_zero::Device>& device : devices().all()) {
    if (holds(device)) return device;
    if (auto part = std::ranges::find_if(device->parts(), holds); part != device->parts().end()) return *part;
  }
  return nullptr;
}

/// Says where the bytes are instead of in memory of the device.
[[noreturn]] void refuse_address(const std::shared_ptr<level_zero::Device>& device, const char* data, size_t bytes) {
  const std::shared_ptr<level_zero::Device> other = find_device_of(data, bytes);
  fail(PyExc_ValueError,
       other ? "these bytes lie in memory of " + text_of(other) + ", and the 'syclobj' stands for " + text_of(device)
             : "these bytes are not, or no longer, in memory that Metate allocated on " + text_of(device) +
                   "; the object that owns the memory must live");
}

void find_memory(UsmView& view) {
  view.kind = level_zero::MemoryKind::kDevice;
  if (view.count() == 0) return;
  const auto [data, bytes] = extent_of(view);
  std::optional<level_zero::MemoryKind> kind = view.queue->device()->memory().kind_of(data, bytes);
  if (!kind) refuse_address(view.queue->device(), data, bytes);
  view.kind = *kind;
}

UsmView view_of_memory(const UsmMemory& memory) {
  auto size = static_cast<int64_t>(memory.size);
  return {memory.queue, memory.kind, types::DType::kU8, memory.data, {size}, {1}, true};
}

}  // namespace

int64_t UsmView::count() const {
  int64_t count = 1;
  for (int64_t extent : shape) count *= extent;
  return count;
}

bool UsmView::is_contiguous() const {
  if (count() == 0) return true;
  int64_t expected = size(dtype);
  for (size_t axis = shape.size(); axis-- > 0;) {
    if (shape[axis] == 1) continue;
    if (strides[axis] != expected) return false;
    expected *= shape[axis];
  }
  return true;
}

bool has_usm_interface(PyObject* object) {
  static PyObject* const name = PyUnicode_InternFromString(kInterface);
  // Asking the object itself may make it compute the answer.
  auto* type = reinterpret_cast<PyObject*>(Py_TYPE(object));
  return nb::isinstance<UsmMemory>(object) || PyObject_HasAttr(type, name) || PyObject_HasAttr(object, name);
}

std::string text_of(const QueueRef& queue) { return nb::cast<std::string>(nb::repr(nb::cast(queue))); }

void check_reach(const QueueRef& of_memory, const QueueRef& user) {
  if (of_memory->device() != user->device())
    fail(PyExc_ValueError, "memory of " + text_of(of_memory) + " cannot be used by " + text_of(user) +
                               ", a queue of another device; copy_to_host() and copy_from_host() move it");
}

QueueRef queue_of(nb::handle object) {
  if (nb::isinstance<DeviceQueue>(object)) return nb::cast<QueueRef>(object);
  nb::object found = nb::module_::import_("metate.queues").attr("queue_of")(object);
  return nb::cast<QueueRef>(found);
}

UsmView read_usm_view(nb::handle object) {
  if (nb::isinstance<UsmMemory>(object)) return view_of_memory(nb::cast<const UsmMemory&>(object));
  nb::object dict = nb::steal(PyObject_GetAttrString(object.ptr(), kInterface));
  if (!dict.is_valid()) throw nb::python_error();
  const InterfaceReader reader(object, dict);
  // Nobody can know what a later version says by the other entries.
  if (const int64_t version = reader.integer(reader.get("version"), "version"); version != 1)
    reader.refuse("is of version " + std::to_string(version) + ", and Metate knows version 1");
  UsmView view;
  view.queue = queue_of(reader.get("syclobj"));
  view.dtype = reader.dtype();
  const int64_t item = size(view.dtype);
  view.shape = reader.integers(reader.get("shape"), "shape");
  if (std::ranges::any_of(view.shape, [](int64_t extent) { return extent < 0; }))
    reader.refuse("has a negative extent");
  if (nb::handle strides = reader.find("strides"); strides.is_valid()) {
    view.strides = reader.integers(strides, "strides");
    if (view.strides.size() != view.shape.size()) reader.refuse("has more or fewer strides than extents");
    for (int64_t& stride : view.strides)
      if (__builtin_mul_overflow(stride, item, &stride)) reader.refuse(kTooLarge);
  } else {
    view.strides.resize(view.shape.size());
    int64_t stride = item;
    for (size_t axis = view.shape.size(); axis-- > 0;) {
      view.strides[axis] = stride;
      if (__builtin_mul_overflow(stride, view.shape[axis], &stride)) reader.refuse(kTooLarge);
    }
  }
  if (!is_countable(view)) reader.refuse(kTooLarge);
  nb::handle data = reader.get("data");
  if (!PyTuple_Check(data.ptr()) || PyTuple_GET_SIZE(data.ptr()) != 2)
    reader.refuse("has a 'data' that is no pair of an address and a flag");
  view.data = static_cast<char*>(PyLong_AsVoidPtr(PyTuple_GET_ITEM(data.ptr(), 0)));
  const int read_only = PyObject_IsTrue(PyTuple_GET_ITEM(data.ptr(), 1));
  if (PyErr_Occurred()) throw nb::python_error();
  view.writable = !read_only;
  if (nb::handle offset = reader.find("offset"); offset.is_valid()) {
    int64_t bytes;
    if (__builtin_mul_overflow(reader.integer(offset, "offset"), item, &bytes)) reader.refuse(kTooLarge);
    view.data = reinterpret_cast<char*>(reinterpret_cast<intptr_t>(view.data) + bytes);
  }
  find_memory(view);
  return view;
}

}  // namespace metate::ext
