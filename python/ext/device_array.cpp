#include "python/ext/device_array.h"

#include <string>

#include "python/ext/numpy.h"
#include "python/ext/raise.h"
#include "python/ext/usm_memory.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

/// The class, once it is known, and where its objects hold their parts: it has `__slots__`.
struct KnownClass {
  PyTypeObject* type = nullptr;  // lives as long as the process
  Py_ssize_t layout = 0, memory = 0, queue = 0;
} known;

Py_ssize_t offset_of(nb::handle type, const char* slot) {
  nb::object member = type.attr(slot);
  if (Py_TYPE(member.ptr()) != &PyMemberDescr_Type)
    fail(PyExc_TypeError, std::string("device arrays have no slot ") + slot);
  return reinterpret_cast<PyMemberDescrObject*>(member.ptr())->d_member->offset;
}

/// Null in an object that has not been initialised.
nb::handle part(PyObject* object, Py_ssize_t offset) {
  return *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(object) + offset);
}

}  // namespace

std::optional<DeviceArrayParts> parts_of_device_array(PyObject* object) {
  if (Py_TYPE(object) != known.type) return std::nullopt;
  const nb::handle layout = part(object, known.layout);
  const nb::handle memory = part(object, known.memory);
  const nb::handle queue = part(object, known.queue);
  if (!layout.is_valid() || !memory.is_valid() || !queue.is_valid() || !PyArray_CheckExact(layout.ptr()) ||
      !nb::isinstance<UsmMemory>(memory) || !nb::isinstance<DeviceQueue>(queue))
    return std::nullopt;
  return DeviceArrayParts{layout.ptr(), QueueRef(queue), nb::inst_ptr<UsmMemory>(memory)->kind};
}

void add_device_arrays(nb::module_& module) {
  module.def("_know_device_arrays", [](nb::handle type) {
    const KnownClass found{reinterpret_cast<PyTypeObject*>(type.ptr()), offset_of(type, "_layout"),
                           offset_of(type, "_memory"), offset_of(type, "_queue")};
    type.inc_ref();
    known = found;
  });
}

}  // namespace metate::ext
