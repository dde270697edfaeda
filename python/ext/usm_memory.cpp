#include "python/ext/usm_memory.h"

#include <nanobind/stl/shared_ptr.h>

#include <array>
#include <bit>
#include <string>
#include <string_view>

#include "python/ext/numpy.h"
#include "python/ext/raise.h"
#include "python/ext/usm_view.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

using level_zero::MemoryKind;

MemoryKind kind_of(std::string_view name) {
  for (MemoryKind kind : {MemoryKind::kShared, MemoryKind::kHost, MemoryKind::kDevice})
    if (name == usm_type_name(kind)) return kind;
  fail(PyExc_ValueError, "memory is 'shared', 'host' or 'device', not '" + std::string(name) + "'");
}

void allocate(UsmMemory* self, const char* kind, Py_ssize_t bytes, Py_ssize_t alignment, QueueRef queue) {
  const MemoryKind wanted = kind_of(kind);
  if (bytes <= 0) fail(PyExc_ValueError, "memory is at least one byte long, not " + std::to_string(bytes));
  if (alignment < 0 || (alignment > 0 && !std::has_single_bit(static_cast<size_t>(alignment))))
    fail(PyExc_ValueError, "an alignment is 0 or a power of two, not " + std::to_string(alignment));
  allocate_memory(self, wanted, static_cast<size_t>(bytes), static_cast<size_t>(alignment), std::move(queue));
}

/// The memory of another object, without a copy.
void share(UsmMemory* self, nb::handle object) {
  UsmView view = read_usm_view(object);
  if (!view.is_contiguous()) fail(PyExc_ValueError, "memory lies in one piece; this array does not");
  auto* memory = new (self) UsmMemory;
  memory->queue = std::move(view.queue);
  memory->owner = Ref::borrow(object.ptr());
  memory->data = view.data;
  memory->size = static_cast<size_t>(view.count() * size(view.dtype));
  memory->kind = view.kind;
}

nb::object layout(const UsmMemory& memory, nb::tuple shape, nb::handle dtype) {
  if (!PyArray_DescrCheck(dtype.ptr())) fail(PyExc_TypeError, "a layout has a dtype of NumPy");
  std::array<int64_t, NPY_MAXDIMS> extents;
  if (shape.size() > extents.size()) fail(PyExc_ValueError, "an array has at most 64 axes");
  for (size_t axis = 0; axis < shape.size(); ++axis) extents[axis] = nb::cast<int64_t>(shape[axis]);
  return layout_of(memory, std::span(extents).first(shape.size()), dtype);
}

int get_buffer(PyObject* object, Py_buffer* buffer, int flags) {
  const auto& memory = *nb::inst_ptr<UsmMemory>(object);
  if (!nb::inst_ready(object) || memory.kind == MemoryKind::kDevice) {
    PyErr_SetString(PyExc_BufferError,
                    "the host does not reach memory of kind 'device'; copy_to_host() gives its bytes");
    return -1;
  }
  return PyBuffer_FillInfo(buffer, object, memory.data, static_cast<Py_ssize_t>(memory.size), 0, flags);
}

int traverse(PyObject* object, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(object));
  if (!nb::inst_ready(object)) return 0;
  const auto& memory = *nb::inst_ptr<UsmMemory>(object);
  Py_VISIT(memory.queue.object());
  Py_VISIT(memory.owner.get());
  return 0;
}

PyType_Slot kSlots[] = {{Py_bf_getbuffer, reinterpret_cast<void*>(&get_buffer)},
                        {Py_tp_traverse, reinterpret_cast<void*>(&traverse)},
                        {0, nullptr}};

}  // namespace

void allocate_memory(UsmMemory* self, MemoryKind kind, size_t bytes, size_t alignment, QueueRef queue) {
  base::Result<level_zero::Allocation> made = queue->device()->memory().allocate(kind, bytes, alignment);
  if (!made) {
    set_error_of_class("USMAllocationError", "cannot allocate " + std::to_string(bytes) + " bytes of " +
                                                 usm_type_name(kind) + " memory on " + queue->device()->name() + ": " +
                                                 made.error().message);
    throw nb::python_error();
  }
  auto* memory = new (self) UsmMemory;
  memory->queue = std::move(queue);
  memory->allocation = std::move(*made);
  memory->data = static_cast<char*>(memory->allocation.data());
  memory->size = memory->allocation.size();
  memory->kind = kind;
}

nb::object layout_of(const UsmMemory& memory, std::span<const int64_t> shape, nb::handle dtype) {
  auto* descr = reinterpret_cast<PyArray_Descr*>(dtype.ptr());
  int64_t bytes = PyDataType_ELSIZE(descr);
  for (int64_t extent : shape)
    if (extent < 0 || __builtin_mul_overflow(bytes, extent, &bytes))
      fail(PyExc_ValueError, "no memory has as many elements");
  if (static_cast<size_t>(bytes) > memory.size) fail(PyExc_ValueError, "the memory is smaller than the array");
  Py_INCREF(descr);
  PyObject* made =
      PyArray_NewFromDescr(&PyArray_Type, descr, static_cast<int>(shape.size()), const_cast<npy_intp*>(shape.data()),
                           nullptr, memory.data, NPY_ARRAY_WRITEABLE, nullptr);
  if (!made) throw nb::python_error();
  return nb::steal(made);
}

const char* usm_type_name(MemoryKind kind) {
  switch (kind) {
    case MemoryKind::kShared:
      return "shared";
    case MemoryKind::kHost:
      return "host";
    case MemoryKind::kDevice:
      return "device";
  }
  return "";
}

Bytes bytes_of(nb::handle object, bool writable) {
  if (has_usm_interface(object.ptr())) {
    UsmView view = read_usm_view(object);
    if (!view.is_contiguous())
      fail(PyExc_ValueError, "only memory that lies in one piece can be copied; this array does not");
    if (writable && !view.writable) fail(PyExc_ValueError, "this array is read-only");
    return {view.data, static_cast<size_t>(view.count() * size(view.dtype)), Ref::borrow(object.ptr()), view.queue};
  }
  Ref held = Ref::steal(PyMemoryView_FromObject(object.ptr()));
  if (!held) {
    drop_error();
    fail(PyExc_TypeError,
         std::string("a copy works on memory that a device reaches or on a buffer of the host, not on a ") +
             Py_TYPE(object.ptr())->tp_name);
  }
  const Py_buffer& buffer = *PyMemoryView_GET_BUFFER(held.get());
  if (!PyBuffer_IsContiguous(&buffer, 'A'))
    fail(PyExc_ValueError, "only a buffer that lies in one piece can be copied; np.ascontiguousarray(a) makes one");
  if (writable && buffer.readonly) fail(PyExc_ValueError, "this buffer is read-only");
  Bytes bytes{static_cast<char*>(buffer.buf), static_cast<size_t>(buffer.len), {}, {}};
  bytes.holder = std::move(held);
  return bytes;
}

void add_usm_memory(nb::module_& module) {
  nb::class_<UsmMemory>(module, "UsmMemory", nb::type_slots(kSlots), "Base of `MemoryUSMShared` and the other kinds.")
      .def("__init__", &allocate, nb::arg("kind"), nb::arg("nbytes"), nb::arg("alignment"), nb::arg("queue"))
      .def("__init__", &share, nb::arg("memory"))
      .def_prop_ro(
          "nbytes", [](const UsmMemory& memory) { return memory.size; }, "The number of bytes.")
      .def_prop_ro(
          "size", [](const UsmMemory& memory) { return memory.size; }, "As `nbytes`.")
      .def("__len__", [](const UsmMemory& memory) { return memory.size; })
      .def_prop_ro("_pointer", [](const UsmMemory& memory) { return reinterpret_cast<uintptr_t>(memory.data); })
      .def("_layout", &layout, nb::arg("shape"), nb::arg("dtype"))
      .def_prop_ro(
          "queue", [](const UsmMemory& memory) { return memory.queue; },
          "The queue that copies of it go through, and that kernels which get it run on.")
      .def_prop_ro(
          "sycl_queue", [](const UsmMemory& memory) { return memory.queue; }, "As `queue`.")
      .def_prop_ro(
          "device", [](const UsmMemory& memory) { return memory.queue->device(); }, "Where it lies.")
      .def_prop_ro(
          "sycl_device", [](const UsmMemory& memory) { return memory.queue->device(); }, "As `device`.")
      .def_prop_ro(
          "reference_obj",
          [](const UsmMemory& memory) { return memory.owner ? nb::borrow(memory.owner.get()) : nb::none(); },
          "The object whose memory this is, if it is not its own.")
      .def(
          "get_usm_type", [](const UsmMemory& memory, nb::handle) { return usm_type_name(memory.kind); },
          nb::arg("syclobj") = nb::none(),
          "\"shared\", \"host\" or \"device\"; `syclobj` has no influence, as the memory knows where it lies.");
}

}  // namespace metate::ext
