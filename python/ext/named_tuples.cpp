#include "python/ext/named_tuples.h"

#include <string_view>

#include "python/ext/errors.h"
#include "python/ext/interpreter.h"

namespace metate::ext {
namespace {

/// Whether `object.attribute` is a text with that beginning.
bool says(PyObject* object, const char* attribute, std::string_view beginning) {
  Ref value = Ref::steal(PyObject_GetAttrString(object, attribute));
  const char* text = value && PyUnicode_Check(value.get()) ? PyUnicode_AsUTF8(value.get()) : nullptr;
  if (!text) drop_error();
  return text && std::string_view(text).starts_with(beginning);
}

bool has_slots_of_tuples(const PyTypeObject* type) {
  const PyTypeObject& tuple = PyTuple_Type;
  return type->tp_iter == tuple.tp_iter && type->tp_richcompare == tuple.tp_richcompare &&
         type->tp_getattro == tuple.tp_getattro && type->tp_str == tuple.tp_str && type->tp_as_sequence &&
         type->tp_as_sequence->sq_length == tuple.tp_as_sequence->sq_length &&
         type->tp_as_sequence->sq_concat == tuple.tp_as_sequence->sq_concat &&
         type->tp_as_sequence->sq_repeat == tuple.tp_as_sequence->sq_repeat &&
         type->tp_as_sequence->sq_contains == tuple.tp_as_sequence->sq_contains && type->tp_as_mapping &&
         type->tp_as_mapping->mp_subscript == tuple.tp_as_mapping->mp_subscript;
}

/// Each name has what namedtuple gives it, and nothing else has been put in its place.
bool has_its_fields(PyObject* of_class, PyObject* fields) {
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields); ++i) {
    Ref getter = Ref::steal(PyObject_GetAttr(of_class, PyTuple_GET_ITEM(fields, i)));
    if (!getter) return drop_error(), false;
    if (std::string_view(Py_TYPE(getter.get())->tp_name) != "collections._tuplegetter" &&
        std::string_view(Py_TYPE(getter.get())->tp_name) != "_collections._tuplegetter")
      return false;
  }
  return true;
}

}  // namespace

Ref named_tuple_fields(PyObject* of_class) { return Ref::steal(PyObject_GetAttrString(of_class, "_fields")); }

Ref named_tuple_defaults(PyObject* of_class) {
  Ref fields = named_tuple_fields(of_class);
  Ref given = fields ? Ref::steal(PyObject_GetAttrString(of_class, "_field_defaults")) : Ref();
  Ref defaults = Ref::steal(PyList_New(0));
  if (!given || !defaults) return {};
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields.get()); ++i) {
    PyObject* value = PyDict_GetItemWithError(given.get(), PyTuple_GET_ITEM(fields.get(), i));
    if (!value && PyErr_Occurred()) return {};
    if (value && PyList_Append(defaults.get(), value) != 0) return {};
  }
  return Ref::steal(PyList_AsTuple(defaults.get()));
}

bool is_named_tuple_class(PyObject* object) {
  if (!PyType_Check(object)) return false;
  auto* type = reinterpret_cast<PyTypeObject*>(object);
  if (!PyType_IsSubtype(type, &PyTuple_Type) || !has_slots_of_tuples(type)) return false;
  Ref fields = named_tuple_fields(object);
  if (!fields) drop_error();
  if (!fields || !PyTuple_Check(fields.get()) || !has_its_fields(object, fields.get())) return false;
  // namedtuple compiles __new__ in a namespace of this name, and takes __repr__ from its own module.
  Ref make = Ref::steal(PyObject_GetAttrString(object, "__new__"));
  Ref text = Ref::steal(PyObject_GetAttrString(object, "__repr__"));
  if (!make || !text) drop_error();
  return make && text && says(make.get(), "__module__", "namedtuple_") && says(text.get(), "__module__", "collections");
}

types::ConstantId named_tuple_class(PyObject* of_class, Interpreter& interpreter) {
  types::ConstantId constant = interpreter.constant_of(of_class);
  return constant && !interpreter.session().universe().constants[constant].elements.empty() ? constant
                                                                                            : types::ConstantId();
}

}  // namespace metate::ext
