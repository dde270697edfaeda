// module – a library that was compiled ahead of time, as a module of Python: needs CPython, and neither Metate nor a
// compiler.
#include <Python.h>
#include <string.h>

#include "python/module/arguments.h"
#include "python/module/errors.h"
#include "python/module/interrupts.h"
#include "python/module/results.h"
#include "runtime/standalone/host.h"
#include "runtime/standalone/text.h"

namespace metate::module {
namespace {

using abi::StandaloneFunction;
using abi::StandaloneLibrary;

/// All versions of one name, which stand one behind the other; the method's definition lives as long as its function.
struct Group {
  const StandaloneFunction* first;
  int64_t count;
  PyMethodDef method;
};

constexpr char kCapsule[] = "metate.functions";

/// Not for calls that are over before anybody could want it: looking after the handler takes the time of one.
const int32_t* watched_flag() {
  const int32_t* flag = interrupt_flag();
  if (flag != &kNeverInterrupted) watch_interrupts();
  return flag;
}

PyObject* run(const StandaloneFunction& function, const Arguments& given) {
  const standalone::Host host{
      {.print = print, .report = nullptr, .interrupted = on_interrupt, .offload = nullptr, .allocate_shared = nullptr},
      function.sites};
  abi::Context context;
  standalone::begin_call(context, host);
  if (function.may_take_long) context.interrupt = watched_flag();
  int64_t results[abi::kMostResultSlots];
  PyThreadState* state = function.may_take_long ? PyEval_SaveThread() : nullptr;
  const int32_t status = function.entry(&context, results, given.slots);
  if (state) PyEval_RestoreThread(state);
  if (status == abi::kOk) return make_result(function, results, given);
  raise_recorded(function, context.error);
  return nullptr;
}

/// Puts arguments given by name in their places. False with a Python exception set.
bool bind(const StandaloneFunction& function, PyObject* const* given, Py_ssize_t positional, PyObject* names,
          PyObject** bound) {
  const Py_ssize_t named = names ? PyTuple_Size(names) : 0;
  if (positional + named != function.parameter_count) {
    PyErr_Format(PyExc_TypeError, "%s() takes %lld argument%s, not %zd", function.name,
                 static_cast<long long>(function.parameter_count), function.parameter_count == 1 ? "" : "s",
                 positional + named);
    return false;
  }
  for (Py_ssize_t i = 0; i < function.parameter_count; ++i) bound[i] = i < positional ? given[i] : nullptr;
  for (Py_ssize_t k = 0; k < named; ++k) {
    Py_ssize_t place = 0;
    PyObject* name = PyTuple_GetItem(names, k);
    while (place < function.parameter_count &&
           PyUnicode_CompareWithASCIIString(name, function.parameters[place].name) != 0)
      ++place;
    if (place < function.parameter_count && !bound[place]) {
      bound[place] = given[positional + k];
      continue;
    }
    PyErr_Format(PyExc_TypeError,
                 place < function.parameter_count ? "%s() got argument '%U' twice" : "%s() has no parameter '%U'",
                 function.name, name);
    return false;
  }
  return true;
}

void write_signature(const StandaloneFunction& function, standalone::Text& text) {
  text.add(function.name);
  text.add('(');
  for (int64_t i = 0; i < function.parameter_count; ++i) {
    if (i) text.add(", ");
    text.add(function.parameters[i].name);
    text.add(": ");
    describe(function.parameters[i].type, text);
  }
  text.add(") -> ");
  describe(function.result, text);
}

/// A line for each version.
void write_signatures(const Group& group, standalone::Text& text) {
  for (int64_t i = 0; i < group.count; ++i) {
    if (i) text.add('\n');
    write_signature(group.first[i], text);
  }
}

/// What the function says of itself, and what it takes.
char* make_documentation(const Group& group) {
  standalone::Text counted(nullptr, 0);
  write_signatures(group, counted);
  const size_t size = counted.length() + 1;
  auto* text = static_cast<char*>(PyMem_Malloc(size));
  if (!text) return nullptr;
  standalone::Text written(text, size);
  write_signatures(group, written);
  return text;
}

PyObject* refuse_all(const Group& group, PyObject* exception) {
  // The reason of the last version says most of what is wrong with a lone one.
  if (group.count == 1) return nullptr;
  PyErr_Clear();
  PyErr_Format(exception, "no version of %s() takes these arguments; there are\n%s", group.first->name,
               group.method.ml_doc);
  return nullptr;
}

PyObject* call(PyObject* self, PyObject* const* given, Py_ssize_t positional, PyObject* names) {
  const auto* group = static_cast<const Group*>(PyCapsule_GetPointer(self, kCapsule));
  if (!group) return nullptr;
  Arguments arguments;
  PyObject* bound[abi::kMostModuleParameters];
  bool overflow = false;
  const Match stages[] = {Match::kExact, Match::kConverted};
  for (const Match match : stages) {
    for (int64_t i = 0; i < group->count; ++i) {
      const StandaloneFunction& function = group->first[i];
      PyErr_Clear();
      if (bind(function, given, positional, names, bound) && arguments.read(function, bound, match))
        return run(function, arguments);
      overflow |= PyErr_ExceptionMatches(PyExc_OverflowError);
      if (overflow && group->count == 1) return nullptr;
    }
    // A large int may fit another version for ints, but does not become a float.
    if (overflow) return refuse_all(*group, PyExc_OverflowError);
  }
  return refuse_all(*group, PyExc_TypeError);
}

bool add_group(PyObject* module, const StandaloneFunction* first, int64_t count) {
  auto* group = static_cast<Group*>(PyMem_Malloc(sizeof(Group)));  // for as long as the process: code is not unloaded
  if (!group) return PyErr_NoMemory(), false;
  group->first = first;
  group->count = count;
  group->method = {first->name, reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(call)),
                   METH_FASTCALL | METH_KEYWORDS, nullptr};
  group->method.ml_doc = make_documentation(*group);
  PyObject* capsule = PyCapsule_New(group, kCapsule, nullptr);
  PyObject* name = PyModule_GetNameObject(module);
  PyObject* function = capsule && name ? PyCFunction_NewEx(&group->method, capsule, name) : nullptr;
  Py_XDECREF(capsule);
  Py_XDECREF(name);
  if (!function) return false;
  const bool added = PyModule_AddObjectRef(module, first->name, function) == 0;
  Py_DECREF(function);
  return added;
}

}  // namespace
}  // namespace metate::module

extern "C" PyObject* metate_make_module(const metate::abi::StandaloneLibrary* library) {
  static PyModuleDef definition = {
      PyModuleDef_HEAD_INIT, nullptr, nullptr, -1, nullptr, nullptr, nullptr, nullptr, nullptr};
  if (!metate::module::prepare_interrupts()) return nullptr;
  metate::module::watch_interrupts();
  definition.m_name = library->name;
  definition.m_doc = "Compiled by Metate ahead of time.";
  PyObject* module = PyModule_Create(&definition);
  for (int64_t i = 0, next; module && i < library->function_count; i = next) {
    // Exports of one name stand together.
    for (next = i + 1; next < library->function_count; ++next)
      if (strcmp(library->functions[i].name, library->functions[next].name) != 0) break;
    if (!metate::module::add_group(module, library->functions + i, next - i)) {
      Py_DECREF(module);
      module = nullptr;
    }
  }
  return module;
}
