#include "python/ext/code_reader.h"

#include <string>
#include <vector>

#include "python/ext/text.h"

namespace metate::ext {
namespace {

using bytecode::CodeObject;
using bytecode::Const;

/// Reads attributes of one code object; after the first failure everything is empty and a Python exception is set.
class Reader {
 public:
  explicit Reader(PyObject* code) : code_(code) {}

  bool failed() const { return failed_; }

  Ref attribute(const char* name) {
    Ref value = failed_ ? Ref() : Ref::steal(PyObject_GetAttrString(code_, name));
    if (!value) failed_ = true;
    return value;
  }

  long number(const char* name) {
    Ref value = attribute(name);
    return value ? PyLong_AsLong(value.get()) : 0;
  }

  std::string text(const char* name) {
    Ref value = attribute(name);
    return value ? utf8(value.get()) : std::string();
  }

  std::vector<uint8_t> bytes(const char* name) {
    Ref value = attribute(name);
    if (!value || !PyBytes_Check(value.get())) return {};
    const char* data = PyBytes_AS_STRING(value.get());
    return {data, data + PyBytes_GET_SIZE(value.get())};
  }

  std::vector<std::string> names(const char* name) {
    std::vector<std::string> list;
    Ref tuple = attribute(name);
    if (!tuple) return list;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple.get()); ++i)
      list.push_back(utf8(PyTuple_GET_ITEM(tuple.get(), i)));
    return list;
  }

  std::vector<Const> constants(PyObject* tuple) {
    std::vector<Const> list;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple) && !failed_; ++i)
      list.push_back(constant(PyTuple_GET_ITEM(tuple, i)));
    return list;
  }

 private:
  std::string utf8(PyObject* string) {
    std::optional<std::string> text = utf8_of(string);
    failed_ |= !text;
    return text.value_or(std::string());
  }

  Const constant(PyObject* object) {
    if (object == Py_None) return {Const::None{}};
    if (object == Py_Ellipsis) return {Const::Ellipsis{}};
    if (PyBool_Check(object)) return {object == Py_True};
    if (PyLong_CheckExact(object)) return integer(object);
    if (PyFloat_CheckExact(object)) return {PyFloat_AS_DOUBLE(object)};
    if (PyComplex_CheckExact(object))
      return {std::complex<double>(PyComplex_RealAsDouble(object), PyComplex_ImagAsDouble(object))};
    if (PyUnicode_CheckExact(object)) return {utf8(object)};
    if (PyBytes_CheckExact(object))
      return {Const::Bytes{{PyBytes_AS_STRING(object), static_cast<size_t>(PyBytes_GET_SIZE(object))}}};
    if (PyTuple_CheckExact(object)) return {Const::Tuple{constants(object)}};
    if (PyFrozenSet_CheckExact(object)) {
      Ref items = Ref::steal(PySequence_Tuple(object));
      if (items) return {Const::FrozenSet{constants(items.get())}};
      failed_ = true;
      return {Const::None{}};
    }
    if (PyCode_Check(object)) {
      std::shared_ptr<const CodeObject> inner = read_code(object);
      failed_ |= !inner;
      return {Const::Code(inner)};
    }
    Ref repr = Ref::steal(PyObject_Repr(object));
    if (!repr) failed_ = true;
    return {Const::Other{repr ? utf8(repr.get()) : std::string()}};
  }

  Const integer(PyObject* object) {
    int overflow = 0;
    long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (!overflow) return {static_cast<int64_t>(value)};
    Ref digits = Ref::steal(PyObject_Str(object));
    if (!digits) failed_ = true;
    return {Const::BigInt{digits ? utf8(digits.get()) : std::string()}};
  }

  PyObject* code_;
  bool failed_ = false;
};

int32_t position_part(PyObject* tuple, Py_ssize_t index) {
  PyObject* part = PyTuple_GET_ITEM(tuple, index);
  return part == Py_None ? -1 : static_cast<int32_t>(PyLong_AsLong(part));
}

/// One source range a code unit: from co_positions(), or in 3.10 from co_lines(), which knows lines alone.
std::vector<support::SourceRange> read_positions(PyObject* code, size_t units, bool& failed) {
  std::vector<support::SourceRange> positions;
  bool has_columns = PyObject_HasAttrString(code, "co_positions");
  Ref iterator = Ref::steal(PyObject_CallMethod(code, has_columns ? "co_positions" : "co_lines", nullptr));
  if (!iterator) {
    failed = true;
    return positions;
  }
  if (!has_columns) positions.resize(units);
  while (Ref item = Ref::steal(PyIter_Next(iterator.get()))) {
    if (has_columns) {
      positions.push_back({position_part(item.get(), 0), position_part(item.get(), 1), position_part(item.get(), 2),
                           position_part(item.get(), 3)});
      continue;
    }
    int32_t begin = position_part(item.get(), 0), end = position_part(item.get(), 1),
            line = position_part(item.get(), 2);
    for (int32_t unit = begin / 2; unit < end / 2 && static_cast<size_t>(unit) < units; ++unit)
      positions[static_cast<size_t>(unit)] = {line, line, -1, -1};
  }
  failed |= PyErr_Occurred() != nullptr;
  return positions;
}

}  // namespace

std::shared_ptr<const CodeObject> read_code(PyObject* object) {
  auto code = std::make_shared<CodeObject>();
  Reader read(object);
  code->version_major = PY_MAJOR_VERSION;
  code->version_minor = PY_MINOR_VERSION;
  code->name = read.text("co_name");
#if PY_VERSION_HEX >= 0x030B0000
  code->qualname = read.text("co_qualname");
  code->exception_table = read.bytes("co_exceptiontable");
#else
  code->qualname = code->name;
#endif
  code->filename = read.text("co_filename");
  code->first_line = static_cast<int32_t>(read.number("co_firstlineno"));
  code->argument_count = static_cast<uint32_t>(read.number("co_argcount"));
  code->positional_only_count = static_cast<uint32_t>(read.number("co_posonlyargcount"));
  code->keyword_only_count = static_cast<uint32_t>(read.number("co_kwonlyargcount"));
  code->flags = static_cast<uint32_t>(read.number("co_flags"));
  code->stack_size = static_cast<uint32_t>(read.number("co_stacksize"));
  code->names = read.names("co_names");
  code->varnames = read.names("co_varnames");
  code->cellvars = read.names("co_cellvars");
  code->freevars = read.names("co_freevars");
  code->bytecode = read.bytes("co_code");
  Ref constants = read.attribute("co_consts");
  if (constants) code->consts = read.constants(constants.get());
  bool failed = read.failed();
  if (!failed) code->positions = read_positions(object, code->bytecode.size() / 2, failed);
  return failed ? nullptr : code;
}

}  // namespace metate::ext
