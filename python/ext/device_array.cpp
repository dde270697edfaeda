#include "python/ext/device_array.h"

#include <array>
#include <string>

#if PY_VERSION_HEX < 0x030C0000
#include <structmember.h>  // PyMemberDef
#endif

#include "python/ext/fast_binding.h"
#include "python/ext/numpy.h"
#include "python/ext/raise.h"
#include "python/ext/usm_memory.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

/// The class, once it is known, and where its objects hold their parts: it has `__slots__`. Classes live as long as the
/// process.
struct KnownClass {
  PyTypeObject* type = nullptr;
  Py_ssize_t layout = 0, memory = 0, queue = 0;
  std::array<PyObject*, 3> memories = {};  // the class of each kind of memory
} known;

Py_ssize_t offset_of(nb::handle type, const char* slot) {
  nb::object member = type.attr(slot);
  if (Py_TYPE(member.ptr()) != &PyMemberDescr_Type)
    fail(PyExc_TypeError, std::string("device arrays have no slot ") + slot);
  return reinterpret_cast<PyMemberDescrObject*>(member.ptr())->d_member->offset;
}

/// Null in an object that has not been initialised.
PyObject*& part(PyObject* object, Py_ssize_t offset) {
  return *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(object) + offset);
}

nb::object new_memory(const QueueRef& queue, level_zero::MemoryKind kind, size_t bytes) {
  nb::object memory = nb::inst_alloc(known.memories[static_cast<size_t>(kind)]);
  allocate_memory(nb::inst_ptr<UsmMemory>(memory), kind, bytes, 0, queue);
  nb::inst_mark_ready(memory);
  return memory;
}

}  // namespace

std::optional<DeviceArrayParts> parts_of_device_array(PyObject* object) {
  if (Py_TYPE(object) != known.type) return std::nullopt;
  const nb::handle layout = part(object, known.layout);
  const nb::handle memory = part(object, known.memory);
  const nb::handle queue = part(object, known.queue);
  if (!layout.is_valid() || !memory.is_valid() || !queue.is_valid() || !PyArray_CheckExact(layout.ptr()) ||
      !holds<UsmMemory>(memory) || !holds<DeviceQueue>(queue))
    return std::nullopt;
  return DeviceArrayParts{layout.ptr(), QueueRef(queue), nb::inst_ptr<UsmMemory>(memory)->kind};
}

NewDeviceArray new_device_array(const QueueRef& queue, level_zero::MemoryKind kind, std::span<const int64_t> shape,
                                nb::handle dtype) {
  int64_t bytes = PyDataType_ELSIZE(reinterpret_cast<PyArray_Descr*>(dtype.ptr()));
  for (int64_t extent : shape) bytes *= extent;  // of arrays that there are, so that it fits
  nb::object memory = new_memory(queue, kind, static_cast<size_t>(bytes));
  nb::object layout = layout_of(*nb::inst_ptr<UsmMemory>(memory), shape, dtype);
  nb::object array = nb::steal(known.type->tp_alloc(known.type, 0));
  if (!array.is_valid()) throw nb::python_error();
  const nb::handle place = layout;
  part(array.ptr(), known.layout) = layout.release().ptr();
  part(array.ptr(), known.memory) = memory.release().ptr();
  part(array.ptr(), known.queue) = Py_NewRef(queue.object());
  return {std::move(array), place};
}

void add_device_arrays(nb::module_& module) {
  module.def(
      "_know_device_arrays",
      [](nb::handle type, nb::dict memories) {
        KnownClass found{reinterpret_cast<PyTypeObject*>(type.ptr()), offset_of(type, "_layout"),
                         offset_of(type, "_memory"), offset_of(type, "_queue")};
        using level_zero::MemoryKind;
        for (MemoryKind kind : {MemoryKind::kShared, MemoryKind::kHost, MemoryKind::kDevice})
          found.memories[static_cast<size_t>(kind)] = nb::object(memories[usm_type_name(kind)]).release().ptr();
        type.inc_ref();
        known = found;
      },
      "Says what class device arrays have, and those of memory by its kind.");
}

}  // namespace metate::ext
