#include "python/ext/parameters.h"

#include <algorithm>

#include "compiler/bytecode/code_object.h"

namespace metate::ext {

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

bool bind(PyObject* function, const Parameters& parameters, PyObject* const* arguments, size_t count,
          PyObject* keyword_names, BoundArguments& bound) {
  Ref function_name = Ref::steal(PyObject_GetAttrString(function, "__name__"));
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

}  // namespace metate::ext
