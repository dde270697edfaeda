#include "python/ext/row_operator.h"

#include <structmember.h>

#include <array>
#include <cstddef>

#include "python/ext/fast_binding.h"
#include "python/ext/row_calls.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

struct Operator {
  PyObject_HEAD vectorcallfunc vectorcall;
  PyObject* rows;       // of class RowCalls
  PyObject* otherwise;  // called, with the same arguments, where rows give nothing
  bool reflected;
};

Operator* self_of(PyObject* object) { return reinterpret_cast<Operator*>(object); }

PyObject* call(PyObject* object, PyObject* const* arguments, size_t flags, PyObject* names) {
  const Operator& self = *self_of(object);
  const auto count = static_cast<size_t>(PyVectorcall_NARGS(flags));
  if (!names) {
    PyObject* made = call_guarded([&] {
      RowCalls& rows = *nb::inst_ptr<RowCalls>(self.rows);
      if (!self.reflected || count != 2) return rows.call({arguments, count});
      const std::array<PyObject*, 2> reflected = {arguments[1], arguments[0]};
      return rows.call(reflected);
    });
    if (made || PyErr_Occurred()) return made;
  }
  return PyObject_Vectorcall(self.otherwise, arguments, flags, names);
}

PyObject* make(PyTypeObject* type, PyObject* arguments, PyObject* named) {
  static const char* const kNames[] = {"rows", "otherwise", "reflected", nullptr};
  PyObject *rows, *otherwise;
  int reflected = 0;
  if (!PyArg_ParseTupleAndKeywords(arguments, named, "OO|p:RowOperator", const_cast<char**>(kNames), &rows, &otherwise,
                                   &reflected))
    return nullptr;
  if (!holds<RowCalls>(rows)) {
    PyErr_SetString(PyExc_TypeError, "RowOperator takes RowCalls first");
    return nullptr;
  }
  PyObject* object = type->tp_alloc(type, 0);
  if (!object) return nullptr;
  Operator& self = *self_of(object);
  self.vectorcall = call;
  self.rows = Py_NewRef(rows);
  self.otherwise = Py_NewRef(otherwise);
  self.reflected = reflected != 0;
  return object;
}

int traverse(PyObject* object, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(self_of(object)->rows);
  Py_VISIT(self_of(object)->otherwise);
  return 0;
}

int clear(PyObject* object) {
  Py_CLEAR(self_of(object)->rows);
  Py_CLEAR(self_of(object)->otherwise);
  return 0;
}

void dealloc(PyObject* object) {
  PyObject_GC_UnTrack(object);
  clear(object);
  PyTypeObject* type = Py_TYPE(object);
  type->tp_free(object);
  Py_DECREF(type);
}

PyObject* bind_method(PyObject* object, PyObject* instance, PyObject*) {
  return instance && instance != Py_None ? PyMethod_New(object, instance) : Py_NewRef(object);
}

PyMemberDef kMembers[] = {
    {"__wrapped__", T_OBJECT, offsetof(Operator, otherwise), READONLY, nullptr},
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Operator, vectorcall), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

PyType_Slot kSlots[] = {
    {Py_tp_doc, const_cast<char*>("RowOperator(rows, otherwise, reflected=False)\n--\n\nA function, and a method of a "
                                  "class: what the rows give of its arguments, or `otherwise` does.")},
    {Py_tp_new, reinterpret_cast<void*>(make)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(clear)},
    {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
    {Py_tp_descr_get, reinterpret_cast<void*>(bind_method)},
    {Py_tp_members, kMembers},
    {0, nullptr},
};

// A method descriptor: CPython calls it with the instance, and makes no bound method for that.
PyType_Spec kSpec = {
    "metate._metate.RowOperator", sizeof(Operator), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR, kSlots};

}  // namespace

void add_row_operators(nb::module_& module) {
  const nb::object type = nb::steal(PyType_FromSpec(&kSpec));
  if (!type.is_valid() || PyModule_AddObjectRef(module.ptr(), "RowOperator", type.ptr()) < 0) throw nb::python_error();
}

}  // namespace metate::ext
