// imported.h – an attribute of a Python module, found on first use.
//
// Not the initial value of a local static: an import gives the GIL away, and a second thread would wait for the
// static's guard with the GIL in its hands.
#pragma once

#include "python/ext/ref.h"

namespace metate::ext {

class Imported {
 public:
  constexpr Imported(const char* module, const char* name) : module_(module), name_(name) {}

  /// Borrowed; null with a Python exception set where there is none. The GIL is held.
  PyObject* get() {
    if (object_) return object_;
    const Ref module = Ref::steal(PyImport_ImportModule(module_));
    Ref object = Ref::steal(module ? PyObject_GetAttrString(module.get(), name_) : nullptr);
    if (object && !object_) object_ = object.release();  // for the rest of the process
    return object_;
  }

 private:
  const char* module_;
  const char* name_;
  PyObject* object_ = nullptr;
};

}  // namespace metate::ext
