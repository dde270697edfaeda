#include "python/ext/dispatcher.h"

#include <structmember.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

#include "python/ext/callback.h"
#include "python/ext/errors.h"
#include "python/ext/imported.h"
#include "python/ext/interpreter.h"
#include "python/ext/nest_reports.h"
#include "python/ext/offload.h"
#include "python/ext/options_reader.h"
#include "python/ext/overload.h"
#include "python/ext/parameters.h"
#include "python/ext/study.h"
#include "python/ext/text.h"
#include "python/ext/type_reader.h"

namespace metate::ext {
namespace {

/// The C++ part of a dispatcher object.
struct Core {
  Interpreter* interpreter;
  ir::FunctionOptions options;
  Ref locals;  // a dict, or null: see Interpreter::callee_of
  bool nogil = false;
  bool cached = true;        // its code is kept on disk
  bool compiles = true;      // for types that it was not compiled for yet
  bool is_declared = false;  // for the types of signatures; others are converted to them
  types::ConstantId callee;  // none before the first use
  Parameters parameters;
  std::vector<std::unique_ptr<Overload>> overloads;
  OffloadedFunctions offloaded;                    // code for calls that belong to a device
  std::vector<std::unique_ptr<Overload>> retired;  // by recompile(), while other threads may still run them
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

/// The callee constant, made on first use.
bool ensure_callee(Dispatcher* self) {
  Core& core = *self->core;
  if (core.callee) return true;
  types::ConstantId callee;
  {
    ReleaseGil released;
    auto guard = core.interpreter->session().lock();
    HoldGil gil;
    callee = core.interpreter->callee_of(self->function, core.options, core.locals.get());
  }
  core.callee = callee;
  return callee.valid();
}

/// The code that was compiled for exactly these types, if there is any.
const Overload* find_exact(const Core& core, std::span<const uint64_t> key) {
  for (const auto& overload : core.overloads)
    if (overload->matches(key)) return overload.get();
  return nullptr;
}

/// The code for arguments of these types, if there is any. Declared ones take what needs no conversion.
const Overload* find(const Core& core, std::span<const uint64_t> key) {
  if (const Overload* exact = find_exact(core, key)) return exact;
  if (core.is_declared)
    for (const auto& overload : core.overloads)
      if (overload->accepts(key)) return overload.get();
  return nullptr;
}

const Overload* compile(Dispatcher* self, std::span<const uint64_t> key) {
  Core& core = *self->core;
  if (!core.compiles) {
    PyErr_Format(PyExc_TypeError, "%R was not compiled for these argument types, and disable_compile() was called",
                 self->function);
    return nullptr;
  }
  if (!ensure_callee(self)) return nullptr;
  std::unique_ptr<Overload> made = Overload::make(*core.interpreter, core.callee, key, core.nogil, core.cached);
  if (!made) return nullptr;
  // Another thread may have been faster while this one compiled without the GIL.
  if (const Overload* found = find(core, key)) return found;
  core.overloads.push_back(std::move(made));
  return core.overloads.back().get();
}

/// Not inlined: the registers that it needs would have to be saved in every call.
[[gnu::noinline]] const Overload* find_or_compile(Dispatcher* self, std::span<const uint64_t> key) {
  const Overload* found = find(*self->core, key);
  return found ? found : compile(self, key);
}

PyObject* offload(Dispatcher* self, std::span<PyObject* const> arguments, PyObject* context) {
  Core& core = *self->core;
  if (!ensure_callee(self)) return nullptr;
  return call_on_device(*core.interpreter, core.callee, self->function, core.offloaded, arguments, context,
                        core.compiles, core.cached);
}

/// Of arguments that code of the CPU cannot take, which an exception says.
[[gnu::noinline]] PyObject* call_otherwise(Dispatcher* self, std::span<PyObject* const> arguments) {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  if (!any_on_device(arguments)) {
    PyErr_Restore(type, value, traceback);
    return nullptr;
  }
  for (PyObject* part : {type, value, traceback}) Py_XDECREF(part);
  return offload(self, arguments, Py_None);
}

PyObject* call_bound(Dispatcher* self, std::span<PyObject* const> arguments) {
  ArgumentBuffer buffer;
  for (PyObject* argument : arguments)
    if (!append_argument(argument, buffer)) [[unlikely]]
      return call_otherwise(self, arguments);
  const Overload* overload = find_exact(*self->core, buffer.words());
  if (!overload) [[unlikely]]
    overload = find_or_compile(self, buffer.words());
  return overload ? overload->call(buffer, arguments) : nullptr;
}

PyObject* vectorcall(PyObject* object, PyObject* const* arguments, size_t flags, PyObject* keyword_names) {
  Dispatcher* self = self_of(object);
  auto count = static_cast<size_t>(PyVectorcall_NARGS(flags));
  const Parameters& parameters = self->core->parameters;
  if (!keyword_names && count == parameters.names.size() && count == parameters.positional && !parameters.takes_rest)
    return call_bound(self, {arguments, count});
  BoundArguments bound;
  return bind(self->function, parameters, arguments, count, keyword_names, bound) ? call_bound(self, bound.values)
                                                                                  : nullptr;
}

/// How many `device_context` blocks the process is in: other calls need not look for the queue of theirs.
int device_contexts = 0;

PyObject* parallel_vectorcall(PyObject* object, PyObject* const* arguments, size_t flags, PyObject* keyword_names) {
  if (device_contexts > 0) [[unlikely]] {
    static constinit Imported find("metate.queues", "context_queue");
    Ref queue = Ref::steal(find.get() ? PyObject_CallNoArgs(find.get()) : nullptr);
    if (!queue) return nullptr;
    Dispatcher* self = self_of(object);
    BoundArguments bound;
    if (queue.get() != Py_None)
      return bind(self->function, self->core->parameters, arguments, static_cast<size_t>(PyVectorcall_NARGS(flags)),
                  keyword_names, bound)
                 ? offload(self, bound.values, queue.get())
                 : nullptr;
  }
  return vectorcall(object, arguments, flags, keyword_names);
}

/// _count_device_contexts(n): n blocks are entered, or left if it is negative.
PyObject* count_device_contexts(PyObject*, PyObject* arguments) {
  int more;
  if (!PyArg_ParseTuple(arguments, "i:_count_device_contexts", &more)) return nullptr;
  device_contexts += more;
  Py_RETURN_NONE;
}

PyObject* make(PyTypeObject* type, PyObject* arguments, PyObject*) {
  PyObject *function, *options;
  int nogil, cached;
  if (!PyArg_ParseTuple(arguments, "O!O!pp:Dispatcher", &PyFunction_Type, &function, &PyDict_Type, &options, &nogil,
                        &cached))
    return nullptr;
  Interpreter* interpreter = Interpreter::get();
  if (!interpreter) return nullptr;
  auto core = std::make_unique<Core>();
  core->interpreter = interpreter;
  core->nogil = nogil;
  core->cached = cached;
  core->locals = Ref::borrow(PyDict_GetItemString(options, "locals"));
  if (!read_options(options, false, core->options) || !read_parameters(function, core->parameters)) return nullptr;
  Ref object = Ref::steal(type->tp_alloc(type, 0));
  if (!object) return nullptr;
  Dispatcher* self = self_of(object.get());
  self->vectorcall = core->options.parallel ? parallel_vectorcall : vectorcall;
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
  if (text) return as_text(*text).release();
  set_error(text.error());
  return nullptr;
}

/// _study(number of the overload) -> how it was compiled; see study.h.
PyObject* study(PyObject* object, PyObject* number) {
  Core& core = *self_of(object)->core;
  const size_t index = PyLong_AsSize_t(number);
  if (PyErr_Occurred()) return nullptr;
  if (index < core.overloads.size()) return make_study(*core.interpreter, core.callee, *core.overloads[index]);
  PyErr_SetString(PyExc_IndexError, "no such specialisation");
  return nullptr;
}

/// _adapt(kind, [(argument types, result type or None), …], core axes of each parameter, number of results): from now
/// on calls go the way of infer::Adaptation.
PyObject* adapt(PyObject* object, PyObject* arguments) {
  Dispatcher* self = self_of(object);
  Core& core = *self->core;
  infer::Adaptation adaptation;
  int kind;
  PyObject *declarations, *core_axes;
  if (!PyArg_ParseTuple(arguments, "iOOI:_adapt", &kind, &declarations, &core_axes, &adaptation.result_count) ||
      !read_declarations(declarations, *core.interpreter, adaptation.declarations) ||
      !read_axes(core_axes, adaptation.core_axes) || !ensure_callee(self))
    return nullptr;
  adaptation.target = core.callee;
  adaptation.kind = static_cast<infer::Adaptation::Kind>(kind);
  base::Result<types::ConstantId> callee = [&] {
    ReleaseGil released;
    return core.interpreter->session().adapt(std::move(adaptation));
  }();
  if (!callee) {
    set_error(callee.error());
    return nullptr;
  }
  core.callee = *callee;
  core.is_declared = kind == static_cast<int>(infer::Adaptation::Kind::kConverted);
  if (kind == static_cast<int>(infer::Adaptation::Kind::kElementwise)) {
    core.parameters.names.push_back(Ref::steal(PyUnicode_InternFromString("out")));
    core.parameters.defaults.push_back(Ref::borrow(Py_None));
    ++core.parameters.positional;
  }
  ReleaseGil released;
  auto guard = core.interpreter->session().lock();
  HoldGil gil;
  core.interpreter->set_self(self->function, core.callee);
  Py_RETURN_NONE;
}

/// _callback(argument types) -> (address, name) of a C function.
PyObject* callback(PyObject* object, PyObject* list) {
  Core& core = *self_of(object)->core;
  std::optional<std::vector<uint64_t>> key = read_key(list, *core.interpreter);
  return key && ensure_callee(self_of(object)) ? make_callback(*core.interpreter, core.callee, *key, core.cached)
                                               : nullptr;
}

/// _compile(argument types): makes sure that there is code for them.
PyObject* compile_for(PyObject* object, PyObject* list) {
  Core& core = *self_of(object)->core;
  if (static_cast<size_t>(PySequence_Size(list)) != core.parameters.names.size() + core.parameters.takes_rest) {
    PyErr_SetString(PyExc_TypeError, "a type is needed for each parameter");
    return nullptr;
  }
  std::optional<std::vector<uint64_t>> key = read_key(list, *core.interpreter);
  if (!key || (!find(core, *key) && !compile(self_of(object), *key))) return nullptr;
  Py_RETURN_NONE;
}

/// _recompile(): forgets all code, and what globals it has frozen.
PyObject* forget(PyObject* object, PyObject*) {
  Core& core = *self_of(object)->core;
  {
    ReleaseGil released;
    auto guard = core.interpreter->session().lock();
    HoldGil gil;
    core.interpreter->forget(self_of(object)->function, core.options, core.locals.get());
  }
  core.callee = {};
  std::ranges::move(core.overloads, std::back_inserter(core.retired));
  core.overloads.clear();
  core.offloaded.clear();
  Py_RETURN_NONE;
}

PyObject* disable_compile(PyObject* object, PyObject* arguments) {
  int disable = 1;
  if (!PyArg_ParseTuple(arguments, "|p:disable_compile", &disable)) return nullptr;
  self_of(object)->core->compiles = !disable;
  Py_RETURN_NONE;
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
      PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(i), as_text(types[i]).release());
    if (!list || !tuple || PyList_Append(list.get(), tuple.get()) < 0) return nullptr;
  }
  return list.release();
}

/// _from_disk() -> for each overload whether an earlier process compiled it.
PyObject* from_disk(PyObject* object, PyObject*) {
  Ref list = Ref::steal(PyList_New(0));
  for (const auto& overload : self_of(object)->core->overloads)
    if (!list || PyList_Append(list.get(), overload->is_from_disk() ? Py_True : Py_False) < 0) return nullptr;
  return list.release();
}

/// _nests() -> for each compiled version its argument types as IR text, and where its parallel nests run.
PyObject* nests(PyObject* object, PyObject*) {
  Core& core = *self_of(object)->core;
  std::vector<NestsOfVersion> versions;
  for (const auto& overload : core.overloads) versions.push_back({&overload->artifact(), nullptr});
  for (const auto& function : core.offloaded) versions.push_back({&function->artifact(), &function->launches()});
  return describe_nests(versions, *core.interpreter);
}

PyMethodDef kMethods[] = {
    {"_inspect", inspect, METH_VARARGS, nullptr},
    {"_study", study, METH_O, nullptr},
    {"_signatures", signatures, METH_NOARGS, nullptr},
    {"_from_disk", from_disk, METH_NOARGS, nullptr},
    {"_nests", nests, METH_NOARGS, nullptr},
    {"_adapt", adapt, METH_VARARGS, nullptr},
    {"_callback", callback, METH_O, nullptr},
    {"_compile", compile_for, METH_O, nullptr},
    {"_forget", forget, METH_NOARGS, nullptr},
    {"disable_compile", disable_compile, METH_VARARGS,
     "disable_compile(val=True)\n--\n\nRefuse calls with argument types that nothing was compiled for."},
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
  static PyMethodDef functions[] = {{"_count_device_contexts", count_device_contexts, METH_VARARGS, nullptr},
                                    {nullptr, nullptr, 0, nullptr}};
  if (PyModule_AddFunctions(module, functions) < 0) return false;
  dispatcher_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&kSpec));
  return dispatcher_type &&
         PyModule_AddObjectRef(module, "Dispatcher", reinterpret_cast<PyObject*>(dispatcher_type)) == 0;
}

types::ConstantId callee_of_dispatcher(PyObject* object) {
  if (!PyObject_TypeCheck(object, dispatcher_type)) return {};
  Dispatcher* self = self_of(object);
  Core& core = *self->core;
  if (!core.callee) core.callee = core.interpreter->callee_of(self->function, core.options, core.locals.get());
  return core.callee;
}

}  // namespace metate::ext
