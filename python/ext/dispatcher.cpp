#include "python/ext/dispatcher.h"

#include <structmember.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "python/ext/errors.h"
#include "python/ext/interpreter.h"
#include "python/ext/options_reader.h"
#include "python/ext/overload.h"

namespace metate::ext {
namespace {

/// The Python parameters of the function, for binding keywords and defaults.
struct Parameters {
  std::vector<Ref> names;     // positional, then keyword-only
  std::vector<Ref> defaults;  // null where a parameter has none
  size_t positional = 0;
  bool takes_rest = false;
};

/// The C++ part of a dispatcher object.
struct Core {
  Interpreter* interpreter;
  ir::FunctionOptions options;
  bool nogil = false;
  types::ConstantId callee;  // none before the first call
  Parameters parameters;
  std::vector<std::unique_ptr<Overload>> overloads;
};

struct Dispatcher {
  PyObject_HEAD vectorcallfunc vectorcall;
  PyObject* function;
  PyObject* dict;
  PyObject* weak_references;
  Core* core;
};

PyTypeObject* dispatcher_type = nullptr;

Dispatcher* self_of(PyObject* object) { return reinterpret_cast<Dispatcher*>(object); }

bool read_parameters(PyObject* function, Parameters& parameters) {
  Ref code = Ref::borrow(PyFunction_GET_CODE(function));
  auto number = [&](const char* name) {
    Ref value = Ref::steal(PyObject_GetAttrString(code.get(), name));
    return value ? PyLong_AsLong(value.get()) : -1;
  };
  long positional = number("co_argcount"), keyword_only = number("co_kwonlyargcount"), flags = number("co_flags");
  Ref names = Ref::steal(PyObject_GetAttrString(code.get(), "co_varnames"));
  if (!names || positional < 0 || keyword_only < 0 || flags < 0) return false;
  parameters.positional = static_cast<size_t>(positional);
  parameters.takes_rest = flags & bytecode::kVarArgs;
  PyObject* defaults = PyFunction_GET_DEFAULTS(function);
  PyObject* keyword_defaults = PyFunction_GET_KW_DEFAULTS(function);
  long without_default = positional - (defaults ? PyTuple_GET_SIZE(defaults) : 0);
  for (long i = 0; i < positional + keyword_only; ++i) {
    PyObject* name = PyTuple_GET_ITEM(names.get(), i);
    PyObject* value = nullptr;
    if (i >= positional) {
      value = keyword_defaults ? PyDict_GetItemWithError(keyword_defaults, name) : nullptr;
    } else if (i >= without_default) {
      value = PyTuple_GET_ITEM(defaults, i - without_default);
    }
    parameters.names.push_back(Ref::borrow(name));
    parameters.defaults.push_back(Ref::borrow(value));
  }
  return !PyErr_Occurred();
}

/// The call's arguments in the order of the parameters; the rest, if the function takes it, as one tuple at the end.
struct BoundArguments {
  std::vector<PyObject*> values;
  Ref rest;
};

bool bind(Dispatcher* self, PyObject* const* arguments, size_t count, PyObject* keyword_names, BoundArguments& bound) {
  const Parameters& parameters = self->core->parameters;
  Ref function_name = Ref::steal(PyObject_GetAttrString(self->function, "__name__"));
  if (count > parameters.positional && !parameters.takes_rest) {
    PyErr_Format(PyExc_TypeError, "%U() takes %zu positional arguments but %zu were given", function_name.get(),
                 parameters.positional, count);
    return false;
  }
  bound.values.assign(parameters.names.size(), nullptr);
  std::copy_n(arguments, std::min(count, parameters.positional), bound.values.begin());
  Py_ssize_t keywords = keyword_names ? PyTuple_GET_SIZE(keyword_names) : 0;
  for (Py_ssize_t i = 0; i < keywords; ++i) {
    PyObject* name = PyTuple_GET_ITEM(keyword_names, i);
    auto found = std::find_if(parameters.names.begin(), parameters.names.end(),
                              [&](const Ref& known) { return PyUnicode_Compare(known.get(), name) == 0; });
    if (found == parameters.names.end()) {
      PyErr_Format(PyExc_TypeError, "%U() got an unexpected keyword argument '%U'", function_name.get(), name);
      return false;
    }
    PyObject*& slot = bound.values[static_cast<size_t>(found - parameters.names.begin())];
    if (slot) {
      PyErr_Format(PyExc_TypeError, "%U() got multiple values for argument '%U'", function_name.get(), name);
      return false;
    }
    slot = arguments[count + static_cast<size_t>(i)];
  }
  for (size_t i = 0; i < bound.values.size(); ++i) {
    if (!bound.values[i]) bound.values[i] = parameters.defaults[i].get();
    if (bound.values[i]) continue;
    PyErr_Format(PyExc_TypeError, "%U() missing a required argument: '%U'", function_name.get(),
                 parameters.names[i].get());
    return false;
  }
  if (parameters.takes_rest) {
    size_t extra = count > parameters.positional ? count - parameters.positional : 0;
    bound.rest = Ref::steal(PyTuple_New(static_cast<Py_ssize_t>(extra)));
    if (!bound.rest) return false;
    for (size_t i = 0; i < extra; ++i)
      PyTuple_SET_ITEM(bound.rest.get(), static_cast<Py_ssize_t>(i),
                       Ref::borrow(arguments[parameters.positional + i]).release());
    bound.values.push_back(bound.rest.get());
  }
  return true;
}

/// The callee constant, made on first use.
bool ensure_callee(Dispatcher* self) {
  Core& core = *self->core;
  if (core.callee) return true;
  types::ConstantId callee;
  {
    ReleaseGil released;
    auto guard = core.interpreter->session().lock();
    HoldGil gil;
    callee = core.interpreter->callee_of(self->function, core.options);
  }
  core.callee = callee;
  return callee.valid();
}

const Overload* find_or_compile(Dispatcher* self, const ArgumentBuffer& buffer) {
  Core& core = *self->core;
  auto find = [&]() -> const Overload* {
    for (const auto& overload : core.overloads)
      if (overload->matches(buffer)) return overload.get();
    return nullptr;
  };
  if (const Overload* found = find()) return found;
  if (!ensure_callee(self)) return nullptr;
  std::unique_ptr<Overload> made = Overload::make(*core.interpreter, core.callee, buffer, core.nogil);
  if (!made) return nullptr;
  // Another thread may have been faster while this one compiled without the GIL.
  if (const Overload* found = find()) return found;
  core.overloads.push_back(std::move(made));
  return core.overloads.back().get();
}

PyObject* call_bound(Dispatcher* self, std::span<PyObject* const> arguments) {
  ArgumentBuffer buffer;
  for (PyObject* argument : arguments)
    if (!append_argument(argument, buffer)) return nullptr;
  const Overload* overload = find_or_compile(self, buffer);
  return overload ? overload->call(buffer, arguments) : nullptr;
}

PyObject* vectorcall(PyObject* object, PyObject* const* arguments, size_t flags, PyObject* keyword_names) {
  Dispatcher* self = self_of(object);
  auto count = static_cast<size_t>(PyVectorcall_NARGS(flags));
  const Parameters& parameters = self->core->parameters;
  if (!keyword_names && count == parameters.names.size() && count == parameters.positional && !parameters.takes_rest)
    return call_bound(self, {arguments, count});
  BoundArguments bound;
  return bind(self, arguments, count, keyword_names, bound) ? call_bound(self, bound.values) : nullptr;
}

PyObject* make(PyTypeObject* type, PyObject* arguments, PyObject*) {
  PyObject *function, *options;
  int nogil;
  if (!PyArg_ParseTuple(arguments, "O!O!p:Dispatcher", &PyFunction_Type, &function, &PyDict_Type, &options, &nogil))
    return nullptr;
  Interpreter* interpreter = Interpreter::get();
  if (!interpreter) return nullptr;
  auto core = std::make_unique<Core>();
  core->interpreter = interpreter;
  core->nogil = nogil;
  if (!read_options(options, false, core->options) || !read_parameters(function, core->parameters)) return nullptr;
  Ref object = Ref::steal(type->tp_alloc(type, 0));
  if (!object) return nullptr;
  Dispatcher* self = self_of(object.get());
  self->vectorcall = vectorcall;
  self->function = Ref::borrow(function).release();
  self->dict = PyDict_New();
  self->core = core.release();
  return object.release();
}

int traverse(PyObject* object, visitproc visit, void* arg) {
  Dispatcher* self = self_of(object);
  Py_VISIT(self->function);
  Py_VISIT(self->dict);
  Py_VISIT(Py_TYPE(object));
  return 0;
}

int clear(PyObject* object) {
  Py_CLEAR(self_of(object)->function);
  Py_CLEAR(self_of(object)->dict);
  return 0;
}

void dealloc(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  if (self_of(object)->weak_references) PyObject_ClearWeakRefs(object);
  clear(object);
  delete self_of(object)->core;
  type->tp_free(object);
  Py_DECREF(type);
}

PyObject* bind_method(PyObject* object, PyObject* instance, PyObject*) {
  if (!instance || instance == Py_None) return Ref::borrow(object).release();
  return PyMethod_New(object, instance);
}

PyObject* overload_count(PyObject* object, void*) { return PyLong_FromSize_t(self_of(object)->core->overloads.size()); }

/// _inspect(stage, number of the overload) -> text of that stage.
PyObject* inspect(PyObject* object, PyObject* arguments) {
  Core& core = *self_of(object)->core;
  int stage;
  Py_ssize_t index;
  if (!PyArg_ParseTuple(arguments, "in:_inspect", &stage, &index)) return nullptr;
  if (index < 0 || static_cast<size_t>(index) >= core.overloads.size()) {
    PyErr_SetString(PyExc_IndexError, "no such specialisation");
    return nullptr;
  }
  std::span<const types::TypeId> types = core.overloads[static_cast<size_t>(index)]->argument_types();
  base::Result<std::string> text = [&] {
    ReleaseGil released;
    return core.interpreter->session().inspect(core.callee, types, static_cast<driver::Inspect>(stage), 0);
  }();
  if (text) return PyUnicode_FromStringAndSize(text->data(), static_cast<Py_ssize_t>(text->size()));
  set_error(text.error());
  return nullptr;
}

/// _signatures() -> the argument types of each overload, as IR text.
PyObject* signatures(PyObject* object, PyObject*) {
  Core& core = *self_of(object)->core;
  std::vector<std::vector<std::string>> texts;
  {
    ReleaseGil released;
    auto guard = core.interpreter->session().lock();
    for (const auto& overload : core.overloads) {
      texts.emplace_back();
      for (types::TypeId type : overload->argument_types())
        texts.back().push_back(core.interpreter->session().universe().text(type));
    }
  }
  Ref list = Ref::steal(PyList_New(0));
  for (const std::vector<std::string>& types : texts) {
    Ref tuple = Ref::steal(PyTuple_New(static_cast<Py_ssize_t>(types.size())));
    for (size_t i = 0; tuple && i < types.size(); ++i)
      PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(i), PyUnicode_FromString(types[i].c_str()));
    if (!list || !tuple || PyList_Append(list.get(), tuple.get()) < 0) return nullptr;
  }
  return list.release();
}

PyMethodDef kMethods[] = {
    {"_inspect", inspect, METH_VARARGS, nullptr},
    {"_signatures", signatures, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyMemberDef kMembers[] = {
    {"py_func", T_OBJECT, offsetof(Dispatcher, function), READONLY, "the undecorated Python function"},
    {"__wrapped__", T_OBJECT, offsetof(Dispatcher, function), READONLY, nullptr},
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Dispatcher, vectorcall), READONLY, nullptr},
    {"__dictoffset__", T_PYSSIZET, offsetof(Dispatcher, dict), READONLY, nullptr},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Dispatcher, weak_references), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

PyGetSetDef kProperties[] = {
    {"overload_count", overload_count, nullptr, "number of compiled specialisations", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot kSlots[] = {
    {Py_tp_new, reinterpret_cast<void*>(make)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(clear)},
    {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
    {Py_tp_descr_get, reinterpret_cast<void*>(bind_method)},
    {Py_tp_methods, kMethods},
    {Py_tp_members, kMembers},
    {Py_tp_getset, kProperties},
    {0, nullptr},
};

PyType_Spec kSpec = {"metate._metate.Dispatcher", sizeof(Dispatcher), 0,
                     Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
                     kSlots};

}  // namespace

bool add_dispatcher(PyObject* module) {
  dispatcher_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&kSpec));
  return dispatcher_type &&
         PyModule_AddObjectRef(module, "Dispatcher", reinterpret_cast<PyObject*>(dispatcher_type)) == 0;
}

types::ConstantId callee_of_dispatcher(PyObject* object) {
  if (!PyObject_TypeCheck(object, dispatcher_type)) return {};
  Dispatcher* self = self_of(object);
  Core& core = *self->core;
  if (!core.callee) core.callee = core.interpreter->callee_of(self->function, core.options);
  return core.callee;
}

}  // namespace metate::ext
