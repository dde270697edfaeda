#include "python/ext/foreign.h"

#include <string>
#include <string_view>

#include "python/ext/errors.h"
#include "python/ext/interpreter.h"

namespace metate::ext {
namespace {

using types::ConstantId;
using types::ConstantKind;

/// What metate/foreign.py calls a C type: None, "f64", "*f64" or "*".
ConstantId c_type(PyObject* text, ir::Universe& universe) {
  if (text == Py_None) return universe.constants.none();
  std::string_view name = PyUnicode_AsUTF8(text);
  bool pointer = name.starts_with('*');
  if (pointer) name.remove_prefix(1);
  std::vector<ConstantId> pointee;
  for (int i = 0; i < types::kDTypeCount; ++i) {
    auto dtype = static_cast<types::DType>(i);
    if (types::ir_name(dtype) == name) pointee.push_back(universe.constants.dtype(dtype));
  }
  return pointer ? universe.constants.tuple(std::move(pointee)) : pointee.at(0);
}

/// A function that cannot be called, with the reason, which is the exception that is set.
ConstantId unusable(ir::Universe& universe) {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  Ref reason = Ref::steal(value ? PyObject_Str(value) : nullptr);
  const char* text = reason ? PyUnicode_AsUTF8(reason.get()) : nullptr;
  std::string what = std::string("a C function: ") + (text ? text : "?");
  PyErr_Restore(type, value, traceback);
  drop_error();
  return universe.constants.intern({.kind = ConstantKind::kObject, .symbol = universe.symbols.intern(what)});
}

}  // namespace

bool is_foreign(PyObject* object) {
  if (PyObject_HasAttrString(object, "__wrapper_address__")) return !PyType_Check(object);
  static PyObject* function_class = nullptr;  // of _ctypes, which is never unloaded
  if (!function_class) {
    Ref name = Ref::steal(PyUnicode_FromString("_ctypes"));
    Ref module = Ref::steal(PyImport_GetModule(name.get()));
    if (!module) return false;
    function_class = PyObject_GetAttrString(module.get(), "CFuncPtr");
  }
  return function_class && PyObject_IsInstance(object, function_class) == 1;
}

ConstantId foreign_constant(PyObject* object, Interpreter& interpreter) {
  Ref module = Ref::steal(PyImport_ImportModule("metate.foreign"));
  Ref described = module ? Ref::steal(PyObject_CallMethod(module.get(), "describe", "O", object)) : Ref();
  unsigned long long address;
  const char* name;
  PyObject* signature;
  ir::Universe& universe = interpreter.session().universe();
  if (!described || !PyArg_ParseTuple(described.get(), "KsO!", &address, &name, &PyTuple_Type, &signature))
    return unusable(universe);
  std::vector<ConstantId> types;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(signature); ++i)
    types.push_back(c_type(PyTuple_GET_ITEM(signature, i), universe));
  interpreter.keep(object);  // and with it the library, or the Python function behind a callback
  return universe.constants.intern({.kind = ConstantKind::kForeign,
                                    .symbol = universe.symbols.intern(name),
                                    .integer = static_cast<int64_t>(address),
                                    .elements = {universe.constants.tuple(std::move(types))}});
}

}  // namespace metate::ext
