#include "python/ext/type_reader.h"

#include <string>

#include "compiler/ir/text/parse.h"
#include "python/ext/arguments.h"
#include "python/ext/interpreter.h"
#include "python/ext/text.h"

namespace metate::ext {
namespace {

bool read_texts(PyObject* sequence, std::vector<std::string>& texts) {
  Ref items = Ref::steal(PySequence_Tuple(sequence));
  if (!items) return false;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items.get()); ++i) {
    std::optional<std::string> text = utf8_of(PyTuple_GET_ITEM(items.get(), i));
    if (!text) return false;
    texts.push_back(std::move(*text));
  }
  return true;
}

/// The session's lock is held.
bool parse_all(std::span<const std::string> texts, ir::Universe& universe, std::vector<types::TypeId>& parsed,
               std::string& wrong) {
  for (const std::string& text : texts) {
    std::optional<types::TypeId> type = ir::parse_type(text, universe);
    if (!type) {
      wrong = text;
      return false;
    }
    parsed.push_back(*type);
  }
  return true;
}

bool fail(const std::string& text) {
  set_error(PyExc_TypeError, "compiled code has no type " + text);
  return false;
}

PyObject* type_text(PyObject*, PyObject* object) {
  Interpreter* interpreter = Interpreter::get();
  ArgumentBuffer buffer;
  if (!interpreter || !append_argument(object, buffer)) return nullptr;
  ReleaseGil released;
  auto guard = interpreter->session().lock();
  HoldGil gil;
  const uint64_t* word = buffer.key;
  types::TypeId type = type_of_key(word, *interpreter);
  return type ? as_text(interpreter->session().universe().text(type)).release() : nullptr;
}

PyMethodDef kFunctions[] = {{"type_text", type_text, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};

}  // namespace

bool read_declarations(PyObject* list, Interpreter& interpreter, std::vector<infer::Declaration>& declarations) {
  std::vector<std::vector<std::string>> texts;  // the arguments' types, then the result's if there is one
  std::vector<bool> has_result;
  Ref items = Ref::steal(PySequence_Tuple(list));
  if (!items) return false;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items.get()); ++i) {
    PyObject *arguments, *result;
    if (!PyArg_ParseTuple(PyTuple_GET_ITEM(items.get(), i), "OO", &arguments, &result)) return false;
    texts.emplace_back();
    if (!read_texts(arguments, texts.back())) return false;
    has_result.push_back(result != Py_None);
    if (result == Py_None) continue;
    std::optional<std::string> text = utf8_of(result);
    if (!text) return false;
    texts.back().push_back(std::move(*text));
  }
  std::string wrong;
  {
    ReleaseGil released;
    auto guard = interpreter.session().lock();
    for (size_t i = 0; i < texts.size() && wrong.empty(); ++i) {
      infer::Declaration declaration;
      if (!parse_all(texts[i], interpreter.session().universe(), declaration.arguments, wrong)) break;
      if (has_result[i]) {
        declaration.result = declaration.arguments.back();
        declaration.arguments.pop_back();
      }
      declarations.push_back(std::move(declaration));
    }
  }
  return wrong.empty() || fail(wrong);
}

bool read_axes(PyObject* list, std::vector<std::vector<uint8_t>>& axes) {
  Ref items = Ref::steal(PySequence_Tuple(list));
  for (Py_ssize_t i = 0; items && i < PyTuple_GET_SIZE(items.get()); ++i) {
    Ref numbers = Ref::steal(PySequence_Tuple(PyTuple_GET_ITEM(items.get(), i)));
    if (!numbers) return false;
    axes.emplace_back();
    for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(numbers.get()); ++k)
      axes.back().push_back(static_cast<uint8_t>(PyLong_AsLong(PyTuple_GET_ITEM(numbers.get(), k))));
  }
  return items && !PyErr_Occurred();
}

std::optional<std::vector<uint64_t>> read_key(PyObject* list, Interpreter& interpreter) {
  std::vector<std::string> texts;
  if (!read_texts(list, texts)) return std::nullopt;
  std::vector<types::TypeId> parsed;
  std::vector<uint64_t> key;
  std::string wrong;
  {
    ReleaseGil released;
    auto guard = interpreter.session().lock();
    if (parse_all(texts, interpreter.session().universe(), parsed, wrong)) {
      HoldGil gil;
      for (size_t i = 0; i < parsed.size() && wrong.empty(); ++i)
        if (!append_key(parsed[i], interpreter, key)) wrong = texts[i];
    }
  }
  if (wrong.empty()) return key;
  fail(wrong);
  return std::nullopt;
}

bool add_type_reader(PyObject* module) { return PyModule_AddFunctions(module, kFunctions) == 0; }

}  // namespace metate::ext
