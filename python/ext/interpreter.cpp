#include "python/ext/interpreter.h"

#include <string>

#include "compiler/driver/options.h"
#include "python/ext/code_reader.h"
#include "python/ext/dispatcher.h"
#include "python/ext/environment.h"
#include "python/ext/errors.h"
#include "python/ext/foreign.h"
#include "python/ext/named_tuples.h"
#include "python/ext/numpy.h"
#include "python/ext/text.h"

namespace metate::ext {

using types::Constant;
using types::ConstantId;
using types::ConstantKind;
using types::DType;

static Interpreter* known = nullptr;

Interpreter* Interpreter::if_made() { return known; }

Interpreter* Interpreter::get() {
  if (known) return known;
  const auto making = lock_making();
  return known ? known : known = make();
}

std::unique_lock<std::recursive_mutex> Interpreter::lock_making() {
  static constinit std::recursive_mutex mutex;
  const ReleaseGil without_gil;
  return std::unique_lock(mutex);
}

/// It lives as long as the process: compiled code may run in exit handlers.
Interpreter* Interpreter::make() {
  auto made = std::make_unique<Interpreter>();
  base::Result<std::unique_ptr<driver::Session>> session = driver::Session::create();
  if (!session) {
    set_error(session.error());
    return nullptr;
  }
  made->session_ = std::move(*session);
  return made.release();
}

int64_t Interpreter::handle_of(PyObject* object) {
  auto [entry, is_new] = handles_.emplace(object, static_cast<int64_t>(objects_.size()));
  if (is_new) objects_.push_back(Ref::borrow(object));
  return entry->second;
}

/// What a module or function of device arrays stands for in compiled code: NumPy, or what NumPy calls the function.
static Ref compiled_as(PyObject* object) {
  PyObject* names = nullptr;
  if (PyModule_Check(object)) names = PyModule_GetDict(object);
  if (PyFunction_Check(object)) names = reinterpret_cast<PyFunctionObject*>(object)->func_dict;
  return Ref::borrow(names ? PyDict_GetItemString(names, "__metate_compiled_as__") : nullptr);
}

ConstantId Interpreter::constant_of(PyObject* object) {
  types::ConstantTable& constants = session_->universe().constants;
  support::SymbolTable& symbols = session_->universe().symbols;
  if (object == Py_None) return constants.none();
  if (object == Py_Ellipsis) return constants.intern({.kind = ConstantKind::kEllipsis});
  if (PyBool_Check(object)) return constants.boolean(object == Py_True);
  if (PyArray_CheckScalar(object) && !PyArray_Check(object)) return numpy_scalar(object);
  if (PyLong_Check(object)) {
    int overflow = 0;
    long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (!overflow) return constants.integer(value);
    const unsigned long long large = overflow > 0 ? PyLong_AsUnsignedLongLong(object) : 0;
    if (overflow > 0 && !PyErr_Occurred()) return constants.large_integer(large);
    PyErr_Clear();
    return constants.intern({.kind = ConstantKind::kObject, .symbol = symbols.intern("an int beyond 64 bits")});
  }
  if (PyFloat_Check(object)) return constants.real(PyFloat_AS_DOUBLE(object));
  if (PyComplex_Check(object))
    return constants.complex({PyComplex_RealAsDouble(object), PyComplex_ImagAsDouble(object)});
  if (PyUnicode_Check(object)) {
    std::optional<std::string> text = utf8_of(object);
    return text ? constants.string(symbols.intern(*text)) : ConstantId();
  }
  if (Ref other = compiled_as(object)) return constant_of(other.get());
  if (PyTuple_Check(object)) {
    std::vector<ConstantId> elements;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i) {
      elements.push_back(constant_of(PyTuple_GET_ITEM(object, i)));
      if (!elements.back()) return {};
    }
    types::Constant tuple{.kind = ConstantKind::kTuple, .elements = std::move(elements)};
    if (!PyTuple_CheckExact(object)) {
      ConstantId of_class = named_tuple_class(reinterpret_cast<PyObject*>(Py_TYPE(object)), *this);
      if (of_class) tuple.integer = int64_t{of_class.index()} + 1;
      if (PyErr_Occurred()) return {};
    }
    return constants.intern(std::move(tuple));
  }
  if (PyArray_DescrCheck(object)) {
    std::optional<DType> dtype = dtype_of(reinterpret_cast<PyArray_Descr*>(object)->type_num);
    if (dtype) return constants.dtype(*dtype);
  }
  if (PyArray_CheckExact(object)) {
    std::optional<types::FrozenArray> frozen = freeze(reinterpret_cast<PyArrayObject*>(object));
    if (frozen) return constants.array(std::move(*frozen));
    if (PyErr_Occurred()) return {};
  }
  return named_object(object);
}

ConstantId Interpreter::numpy_scalar(PyObject* object) {
  Ref descr = Ref::steal(reinterpret_cast<PyObject*>(PyArray_DescrFromScalar(object)));
  std::optional<DType> dtype = dtype_of(reinterpret_cast<PyArray_Descr*>(descr.get())->type_num);
  types::ConstantTable& constants = session_->universe().constants;
  if (!dtype) {
    std::string what = std::string("a ") + Py_TYPE(object)->tp_name;
    return constants.intern({.kind = ConstantKind::kObject, .symbol = session_->universe().symbols.intern(what)});
  }
  if (is_complex(*dtype)) {
    Py_complex value = PyComplex_AsCComplex(object);
    return constants.scalar(*dtype, std::complex<double>(value.real, value.imag));
  }
  Ref number = Ref::steal(PyObject_CallMethod(object, "item", nullptr));
  if (!number) return {};
  if (is_float(*dtype)) return constants.scalar(*dtype, std::complex<double>(PyFloat_AsDouble(number.get())));
  if (*dtype == DType::kU64)
    return constants.scalar(*dtype, static_cast<int64_t>(PyLong_AsUnsignedLongLong(number.get())));
  return constants.scalar(*dtype, static_cast<int64_t>(PyLong_AsLongLong(number.get())));
}

namespace {

std::string string_attribute(PyObject* object, const char* name) {
  Ref value = Ref::steal(PyObject_GetAttrString(object, name));
  const char* text = value && PyUnicode_Check(value.get()) ? PyUnicode_AsUTF8(value.get()) : nullptr;
  if (!text) drop_error();
  return text ? text : "";
}

/// "numpy.sqrt", "math.pi", "builtins.len": what the compiler's tables call a function or class of these packages.
std::string qualified_name(PyObject* object) {
  if (std::string_view(Py_TYPE(object)->tp_name) == "numpy.ufunc")
    return "numpy." + string_attribute(object, "__name__");
  std::string module = string_attribute(object, "__module__");
  std::string name =
      string_attribute(object, PyObject_HasAttrString(object, "__qualname__") ? "__qualname__" : "__name__");
  if (module == "numba.misc.special" && name == "prange") return "metate.prange";  // of programs for numba-dpex
  return module.empty() || name.empty() ? "" : module + "." + name;
}

/// What messages call an object that compiled code cannot use.
std::string description(PyObject* object) {
  if (PyCFunction_Check(object)) return "the function " + qualified_name(object) + "()";
  if (PyType_Check(object)) return "the class " + qualified_name(object);
  if (PyArray_Check(object)) {
    Ref dtype =
        Ref::steal(PyObject_Str(reinterpret_cast<PyObject*>(PyArray_DESCR(reinterpret_cast<PyArrayObject*>(object)))));
    const char* text = dtype ? PyUnicode_AsUTF8(dtype.get()) : nullptr;
    if (text) return std::string("an array of dtype ") + text;
    drop_error();
  }
  std::string name = Py_TYPE(object)->tp_name;
  if (name == "Kernel" &&
      string_attribute(reinterpret_cast<PyObject*>(Py_TYPE(object)), "__module__") == "metate.kernels")
    return "a kernel, to be launched in a function with @dpjit or in plain Python";
  return (std::string_view("aeiouAEIO").find(name.front()) == std::string_view::npos ? "a " : "an ") + name;
}

/// The dispatcher that an object of ours, a ufunc or a callback, stands for in compiled code; null for other objects.
Ref behind(PyObject* object) {
  if (!string_attribute(reinterpret_cast<PyObject*>(Py_TYPE(object)), "__module__").starts_with("metate.")) return {};
  Ref dispatcher = Ref::steal(PyObject_GetAttrString(object, "__metate_dispatcher__"));
  if (!dispatcher) drop_error();
  return dispatcher;
}

/// Whether it is one of Numba's number types, which programs for numba-dpex give for a dtype.
bool is_number_type_of_numba(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  for (std::string_view name : {"Boolean", "Integer", "Float", "Complex"})
    if (name == type->tp_name)
      return string_attribute(reinterpret_cast<PyObject*>(type), "__module__").starts_with("numba.core.types.");
  return false;
}

/// The dtype of a number type of metate.types or Numba; null, without exception, for other objects.
Ref number_dtype(PyObject* object) {
  if (is_number_type_of_numba(object)) {
    Ref name = Ref::steal(PyObject_GetAttrString(object, "name"));
    PyArray_Descr* descr = nullptr;
    if (!name || !PyArray_DescrConverter(name.get(), &descr)) drop_error();
    return Ref::steal(reinterpret_cast<PyObject*>(descr));
  }
  if (std::string_view(Py_TYPE(object)->tp_name) != "Number") return {};
  if (string_attribute(object, "__module__") != "metate.types") return {};
  Ref dtype = Ref::steal(PyObject_GetAttrString(object, "dtype"));
  if (!dtype) drop_error();
  return dtype && PyArray_DescrCheck(dtype.get()) ? dtype : Ref();
}

bool belongs_to_known_package(const std::string& name) {
  for (std::string_view package : {"builtins.", "math.", "cmath.", "operator.", "_operator.", "numpy.", "metate."})
    if (name.starts_with(package)) return true;
  return false;
}

}  // namespace

ConstantId Interpreter::named_object(PyObject* object) {
  types::ConstantTable& constants = session_->universe().constants;
  support::SymbolTable& symbols = session_->universe().symbols;
  if (PyModule_Check(object)) {
    const char* name = PyModule_GetName(object);
    return constants.intern(
        {.kind = ConstantKind::kModule, .symbol = symbols.intern(name ? name : "?"), .integer = handle_of(object)});
  }
  if (ConstantId callee = callee_of_dispatcher(object)) return callee;
  if (Ref dispatcher = behind(object)) return constant_of(dispatcher.get());
  if (is_foreign(object)) return foreign_constant(object, *this);
  if (Ref dtype = number_dtype(object)) return constant_of(dtype.get());
  std::string name = qualified_name(object);
  if (PyExceptionClass_Check(object)) {
    // Built-in ones have no handle, so that the compiler can name them by itself.
    bool builtin = name.starts_with("builtins.");
    return constants.intern(
        {.kind = ConstantKind::kException, .symbol = symbols.intern(name), .integer = builtin ? 0 : handle_of(object)});
  }
  if (PyType_Check(object) && PyType_IsSubtype(reinterpret_cast<PyTypeObject*>(object), &PyGenericArrType_Type)) {
    Ref descr = Ref::steal(reinterpret_cast<PyObject*>(PyArray_DescrFromTypeObject(object)));
    std::optional<DType> dtype =
        descr ? dtype_of(reinterpret_cast<PyArray_Descr*>(descr.get())->type_num) : std::nullopt;
    if (dtype) return constants.dtype(*dtype);
    drop_error();
  }
  if (belongs_to_known_package(name)) return constants.entity(symbols.intern(name));
  if (PyFunction_Check(object)) return callee_of(object, {});
  types::Constant constant{
      .kind = ConstantKind::kObject, .symbol = symbols.intern(description(object)), .integer = handle_of(object)};
  if (is_named_tuple_class(object)) {
    for (const Ref& part : {named_tuple_fields(object), named_tuple_defaults(object)}) {
      constant.elements.push_back(part ? constant_of(part.get()) : ConstantId());
      if (!constant.elements.back()) return {};
    }
  }
  return constants.intern(std::move(constant));
}

ConstantId Interpreter::callee_of(PyObject* function, const ir::FunctionOptions& options, PyObject* locals) {
  std::tuple key(function, driver::options_key(options), locals);
  if (auto known = functions_.find(key); known != functions_.end()) return known->second;
  driver::FunctionSource source;
  source.code = read_code(PyFunction_GET_CODE(function));
  if (!source.code) return {};
  source.environment = make_environment(*this, function, locals);
  source.options = options;

  const bytecode::CodeObject& code = *source.code;
  support::SymbolTable& symbols = session_->universe().symbols;
  PyObject* defaults = PyFunction_GET_DEFAULTS(function);
  PyObject* keyword_defaults = PyFunction_GET_KW_DEFAULTS(function);
  auto default_count = static_cast<uint32_t>(defaults ? PyTuple_GET_SIZE(defaults) : 0);
  for (uint32_t i = 0; i < code.argument_count + code.keyword_only_count; ++i) {
    infer::CalleeSignature::Parameter parameter{
        .name = symbols.intern(code.varnames[i]), .default_value = {}, .keyword_only = i >= code.argument_count};
    PyObject* value = nullptr;
    if (parameter.keyword_only) {
      value = keyword_defaults ? PyDict_GetItemString(keyword_defaults, code.varnames[i].c_str()) : nullptr;
    } else if (i + default_count >= code.argument_count) {
      value = PyTuple_GET_ITEM(defaults, static_cast<Py_ssize_t>(i + default_count - code.argument_count));
    }
    if (value) parameter.default_value = constant_of(value);
    if (value && !parameter.default_value) return {};
    source.signature.parameters.push_back(parameter);
  }
  if (code.flags & bytecode::kVarArgs) {
    source.signature.takes_rest = true;
    source.signature.parameters.push_back(
        {.name = symbols.intern(code.varnames[code.argument_count + code.keyword_only_count]), .default_value = {}});
  }
  ConstantId callee = session_->add_function(std::move(source));
  functions_.emplace(key, callee);
  set_self(function, callee);
  handle_of(function);  // keeps it alive: its address is the key, as that of `locals`, which the environment keeps
  return callee;
}

ConstantId Interpreter::self_of(PyObject* function) const {
  auto found = selves_.find(function);
  return found == selves_.end() ? ConstantId() : found->second;
}

void Interpreter::forget(PyObject* function, const ir::FunctionOptions& options, PyObject* locals) {
  functions_.erase({function, driver::options_key(options), locals});
}

/// A class of this package by its name, "metate.kernel_api.MemoryOrder"; null, without exception, for anything else.
static Ref own_class(const std::string& name) {
  size_t dot = name.rfind('.');
  if (!name.starts_with("metate.") || dot == std::string::npos) return {};
  Ref module = Ref::steal(PyImport_ImportModule(name.substr(0, dot).c_str()));
  Ref found = module ? Ref::steal(PyObject_GetAttrString(module.get(), name.substr(dot + 1).c_str())) : Ref();
  drop_error();
  return found && PyType_Check(found.get()) ? std::move(found) : Ref();
}

Ref Interpreter::object_of(ConstantId id) {
  const Constant constant = session_->universe().constants[id];
  std::string name(constant.symbol ? session_->universe().symbols.name(constant.symbol) : "");
  switch (constant.kind) {
    case ConstantKind::kNone:
      return Ref::borrow(Py_None);
    case ConstantKind::kBool:
      return Ref::borrow(constant.integer ? Py_True : Py_False);
    case ConstantKind::kInt:
      return Ref::steal(PyLong_FromLongLong(constant.integer));
    case ConstantKind::kLargeInt:
      return Ref::steal(PyLong_FromUnsignedLongLong(static_cast<uint64_t>(constant.integer)));
    case ConstantKind::kFloat:
      return Ref::steal(PyFloat_FromDouble(constant.number.real()));
    case ConstantKind::kComplex:
      return Ref::steal(PyComplex_FromDoubles(constant.number.real(), constant.number.imag()));
    case ConstantKind::kString:
      return as_text(name);
    case ConstantKind::kEllipsis:
      return Ref::borrow(Py_Ellipsis);
    case ConstantKind::kDType:
      return Ref::steal(reinterpret_cast<PyObject*>(PyArray_DescrFromType(type_number_of(constant.dtype))));
    case ConstantKind::kTuple: {
      Ref tuple = Ref::steal(PyTuple_New(static_cast<Py_ssize_t>(constant.elements.size())));
      for (size_t i = 0; tuple && i < constant.elements.size(); ++i)
        PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(i), object_of(constant.elements[i]).release());
      return tuple;
    }
    case ConstantKind::kException:
      if (constant.integer == 0) {
        Ref builtins = Ref::steal(PyImport_ImportModule("builtins"));
        return Ref::steal(PyObject_GetAttrString(builtins.get(), name.substr(name.rfind('.') + 1).c_str()));
      }
      return Ref::borrow(object(constant.integer));
    case ConstantKind::kArray:
      return frozen_view(session_->universe().constants.frozen(constant));
    case ConstantKind::kModule:
    case ConstantKind::kObject:
      return constant.integer > 0 ? Ref::borrow(object(constant.integer)) : Ref();
    case ConstantKind::kEntity:
      return own_class(name);
    case ConstantKind::kScalar:
    case ConstantKind::kCallee:
    case ConstantKind::kForeign:
      return {};
  }
  return {};
}

}  // namespace metate::ext
