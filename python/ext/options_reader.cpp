#include "python/ext/options_reader.h"

#include "compiler/driver/options.h"
#include "python/ext/errors.h"

namespace metate::ext {
namespace {

bool read_value(PyObject* name, PyObject* value, driver::OptionValue& option) {
  const char* text = PyUnicode_AsUTF8(name);
  if (!text) return false;
  option.name = text;
  if (PyBool_Check(value)) {
    option.value = value == Py_True;
  } else if (PyLong_Check(value)) {
    option.value = static_cast<int64_t>(PyLong_AsLongLong(value));
  } else if (PyUnicode_Check(value)) {
    const char* characters = PyUnicode_AsUTF8(value);
    option.value = std::string(characters ? characters : "");
  } else if (PyAnySet_Check(value) || PyList_Check(value) || PyTuple_Check(value)) {
    std::vector<std::string> names;
    Ref items = Ref::steal(PySequence_List(value));
    for (Py_ssize_t i = 0; items && i < PyList_GET_SIZE(items.get()); ++i) {
      const char* item = PyUnicode_AsUTF8(PyList_GET_ITEM(items.get(), i));
      if (!item) return false;
      names.emplace_back(item);
    }
    option.value = std::move(names);
  } else {
    PyErr_Format(PyExc_TypeError, "option '%U' cannot be a %s", name, Py_TYPE(value)->tp_name);
    return false;
  }
  return !PyErr_Occurred();
}

}  // namespace

bool read_options(PyObject* dict, bool kernel, ir::FunctionOptions& options) {
  std::vector<driver::OptionValue> values;
  PyObject *name, *value;
  for (Py_ssize_t position = 0; PyDict_Next(dict, &position, &name, &value);) {
    if (PyDict_Check(value)) continue;  // `locals`, which belongs to one function
    values.emplace_back();
    if (!read_value(name, value, values.back())) return false;
  }
  base::Result<ir::FunctionOptions> read = driver::parse_options(values, kernel);
  if (!read) {
    set_error(read.error());
    return false;
  }
  options = *read;
  return true;
}

}  // namespace metate::ext
