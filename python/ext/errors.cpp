#include "python/ext/errors.h"

#include <frameobject.h>

#include <bit>
#include <string>

#include "python/ext/interpreter.h"
#include "python/ext/text.h"
#include "runtime/abi/kernel_check.h"
#include "runtime/base/assert.h"

namespace metate::ext {
namespace {

using codegen::ErrorSite;

PyObject* exception_class(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::kUnsupported:
      return PyExc_NotImplementedError;
    case base::ErrorCode::kInvalidArgument:
      return PyExc_ValueError;
    case base::ErrorCode::kNotFound:
    case base::ErrorCode::kDevice:
    case base::ErrorCode::kInternal:
      return PyExc_RuntimeError;
    case base::ErrorCode::kOutOfMemory:
      return PyExc_MemoryError;
    case base::ErrorCode::kIo:
      return PyExc_OSError;
  }
  return PyExc_RuntimeError;
}

Ref error_class(const char* name) {
  Ref module = Ref::steal(PyImport_ImportModule("metate.errors"));
  return module ? Ref::steal(PyObject_GetAttrString(module.get(), name)) : Ref();
}

std::optional<std::string> source_line(std::string_view filename, int32_t line) {
  Ref linecache = Ref::steal(PyImport_ImportModule("linecache"));
  Ref file = linecache ? as_text(filename) : Ref();
  Ref got = file ? Ref::steal(PyObject_CallMethod(linecache.get(), "getline", "Oi", file.get(), line)) : Ref();
  std::optional<std::string> text = got ? utf8_of(got.get()) : std::nullopt;
  if (!text) drop_error();
  return text && !text->empty() ? text : std::nullopt;
}

/// One part of a message while no lock is held: text, or a value of this dtype from a number in the record on.
struct Part {
  std::string text;
  std::optional<types::DType> dtype;
  size_t first = 0;
};

/// What is needed of a site, copied out under the session's lock.
struct Site {
  types::ConstantId exception;
  std::vector<Part> parts;
  std::string file, function;
  int line;
};

Site copy_site(const ErrorSite& site, const ir::Universe& universe) {
  auto name = [&](support::Symbol symbol) {
    return symbol ? std::string(universe.symbols.name(symbol)) : std::string();
  };
  Site copy{site.message.exception, {}, name(site.place.file), name(site.place.function), site.place.range.line};
  std::vector<Part> values;
  size_t next = 0;
  for (types::TypeId id : site.value_types) {
    const types::DType dtype = universe.types[id].dtype;
    values.push_back({"", dtype, next});
    next += is_complex(dtype) ? 2 : 1;
  }
  ir::read(
      site.message, universe, [&](std::string_view text) { copy.parts.push_back({std::string(text), {}, 0}); },
      [&](size_t number) { copy.parts.push_back(values[number]); });
  return copy;
}

Site copy_site(int32_t index, const driver::Artifact& artifact, Interpreter& interpreter) {
  ReleaseGil released;
  auto guard = interpreter.session().lock();
  return copy_site(artifact.sites[static_cast<size_t>(index)], interpreter.session().universe());
}

/// The value as Python would have it, so that str() of it is what an uncompiled function would say.
Ref value_object(const Part& part, const int64_t* values) {
  const int64_t bits = values[part.first];
  switch (types::kind(*part.dtype)) {
    case types::Kind::kBool:
      return Ref::steal(PyBool_FromLong(bits & 1));
    case types::Kind::kUnsigned:
      return Ref::steal(PyLong_FromUnsignedLongLong(static_cast<uint64_t>(bits)));
    case types::Kind::kSigned:
      return Ref::steal(PyLong_FromLongLong(bits));
    case types::Kind::kFloat: {
      double value = std::bit_cast<double>(bits);
      if (part.dtype == types::DType::kF64) return Ref::steal(PyFloat_FromDouble(value));
      // Shorter floats print the digits that they need: 0.1, not 0.10000000149011612.
      Ref numpy = Ref::steal(PyImport_ImportModule("numpy"));
      std::string name(numpy_name(*part.dtype));
      return numpy ? Ref::steal(PyObject_CallMethod(numpy.get(), name.c_str(), "d", value)) : Ref();
    }
    case types::Kind::kComplex:
      return Ref::steal(
          PyComplex_FromDoubles(std::bit_cast<double>(bits), std::bit_cast<double>(values[part.first + 1])));
  }
  return {};
}

Ref text_of(const Site& site, const int64_t* values) {
  Ref text = Ref::steal(PyUnicode_FromString(""));
  for (const Part& part : site.parts) {
    Ref piece = part.dtype ? value_object(part, values) : as_text(part.text);
    if (piece && part.dtype) piece = Ref::steal(PyObject_Str(piece.get()));
    if (!text || !piece) return {};
    text = Ref::steal(PyUnicode_Concat(text.get(), piece.get()));
  }
  return text;
}

void set_site_error(const Site& site, const int64_t* values, Interpreter& interpreter) {
  METATE_ASSERT(site.exception);
  Ref type;
  {
    ReleaseGil released;
    auto guard = interpreter.session().lock();
    HoldGil gil;
    type = interpreter.object_of(site.exception);
  }
  if (!type) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, "compiled code raised an exception whose class is gone");
    return;
  }
  // raise ValueError(x): a lone value is the exception's argument as it is.
  bool lone_value = site.parts.size() == 1 && site.parts[0].dtype;
  Ref argument = lone_value ? value_object(site.parts[0], values) : text_of(site, values);
  if (!argument) return;
  if (site.parts.empty()) {
    PyErr_SetNone(type.get());
  } else {
    PyErr_SetObject(type.get(), argument.get());
  }
}

/// A code object that says only where a frame is.
Ref code_at(const Site& site) {
  // PyCode_NewEmpty takes the name of the file as the system has it.
  Ref file = as_text(site.file);
  Ref path = file ? Ref::steal(PyUnicode_EncodeFSDefault(file.get())) : Ref();
  if (!path) drop_error();
  return Ref::steal(reinterpret_cast<PyObject*>(
      PyCode_NewEmpty(path ? PyBytes_AS_STRING(path.get()) : site.file.c_str(), site.function.c_str(), site.line)));
}

/// Adds "File …, line …, in …" to the exception that is set, as if a Python frame had been left.
void add_traceback(const Site& site) {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  Ref code = code_at(site);
  Ref globals = Ref::steal(PyDict_New());
  Ref frame = code && globals
                  ? Ref::steal(reinterpret_cast<PyObject*>(PyFrame_New(
                        PyThreadState_Get(), reinterpret_cast<PyCodeObject*>(code.get()), globals.get(), nullptr)))
                  : Ref();
  drop_error();
  PyErr_Restore(type, value, traceback);
  if (frame) PyTraceBack_Here(reinterpret_cast<PyFrameObject*>(frame.get()));
}

}  // namespace

void set_error(const base::Error& error) {
  if (error.message.starts_with(abi::kKernelCheckReport))
    return set_error_of_class("KernelCheckError", error.message.substr(abi::kKernelCheckReport.size()));
  set_error(exception_class(error.code), error.message);
}

void drop_error() {
  const bool interrupted = PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_KeyboardInterrupt);
  PyErr_Clear();
  if (interrupted) PyErr_SetInterrupt();
}

void set_error_of_class(const char* name, std::string_view message) {
  if (Ref type = error_class(name)) set_error(type.get(), message);
}

bool warn(std::string_view message) {
  Ref category = error_class("MetateWarning");
  return category && warn(category.get(), message);
}

bool report(std::span<const support::Diagnostic> diagnostics) {
  std::string errors;
  const char* name = "TypingError";
  for (const support::Diagnostic& diagnostic : diagnostics) {
    std::string text = render(diagnostic, source_line);
    if (diagnostic.severity == support::Severity::kError) {
      errors += (errors.empty() ? "" : "\n") + text;
      if (diagnostic.id == support::MessageId::kKernelReturnsValue) name = "KernelHasReturnValueError";
      continue;
    }
    if (!warn(text)) return false;
  }
  if (errors.empty()) return true;
  set_error_of_class(name, errors);
  return false;
}

void raise_recorded(const abi::ErrorRecord& record, const driver::Artifact& artifact, Interpreter& interpreter) {
  if (PyErr_Occurred()) return;  // a callback into Python raised, and that is what goes on
  if (record.site < 0) {
    PyErr_SetString(PyExc_RuntimeError, "compiled code reported an error without recording it");
    return;
  }
  Site site = copy_site(record.site, artifact, interpreter);
  set_site_error(site, record.values, interpreter);
  add_traceback(site);
  for (int i = 0; i < record.trace_length && i < abi::kMaxTrace; ++i)
    add_traceback(copy_site(record.trace[i], artifact, interpreter));
}

void name_work_item(std::span<const int64_t> global_id) {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  Ref id = Ref::steal(PyTuple_New(static_cast<Py_ssize_t>(global_id.size())));
  for (size_t axis = 0; id && axis < global_id.size(); ++axis)
    PyTuple_SET_ITEM(id.get(), static_cast<Py_ssize_t>(axis), PyLong_FromLongLong(global_id[axis]));
  if (value && id && PyObject_SetAttrString(value, "global_id", id.get()) == 0 &&
      PyObject_HasAttrString(value, "add_note")) {
    Ref shown = global_id.size() == 1 ? Ref::borrow(PyTuple_GET_ITEM(id.get(), 0)) : id;
    Ref note = Ref::steal(PyUnicode_FromFormat("raised by the work-item with global id %R", shown.get()));
    if (note) Ref::steal(PyObject_CallMethod(value, "add_note", "O", note.get()));
  }
  drop_error();  // the exception itself is what counts
  PyErr_Restore(type, value, traceback);
}

Ref message_text(int32_t site, const int64_t* values, const driver::Artifact& artifact, Interpreter& interpreter) {
  return text_of(copy_site(site, artifact, interpreter), values);
}

}  // namespace metate::ext
