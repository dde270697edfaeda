// parameters – a Python function's parameters, and how a call's arguments are bound to them.
#pragma once

#include <vector>

#include "python/ext/ref.h"

namespace metate::ext {

struct Parameters {
  std::vector<Ref> names;     // positional, then keyword-only
  std::vector<Ref> defaults;  // null where a parameter has none
  size_t positional = 0;
  bool takes_rest = false;
};

/// False with a Python exception set.
bool read_parameters(PyObject* function, Parameters& parameters);

/// The call's arguments in the order of the parameters; the rest, if the function takes it, as one tuple at the end.
struct BoundArguments {
  std::vector<PyObject*> values;
  Ref rest;
};

/// Binds as Python does; false with Python's TypeError set, which names `function`.
bool bind(PyObject* function, const Parameters& parameters, PyObject* const* arguments, size_t count,
          PyObject* keyword_names, BoundArguments& bound);

}  // namespace metate::ext
