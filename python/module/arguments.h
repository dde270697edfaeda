// arguments – Python objects become slots of compiled code, or the reason why they cannot.
#pragma once

#include <Python.h>

#include "runtime/abi/standalone.h"

namespace metate::module {

/// How far an argument may be from its parameter's type.
enum class Match { kExact, kConverted };

/// The arguments of one call; holds on to the memory of arrays.
class Arguments {
 public:
  Arguments() = default;
  Arguments(const Arguments&) = delete;
  ~Arguments() { release(); }

  /// Reads `count` arguments for `function`. False where one does not match, with a Python exception set that says why.
  bool read(const abi::StandaloneFunction& function, PyObject* const* arguments, Match match);
  void release();

  int64_t slots[abi::kMostModuleSlots];

 private:
  bool read_array(const abi::StandaloneFunction& function, const abi::StandaloneParameter& parameter, PyObject* object,
                  int64_t* record);

  Py_buffer views_[abi::kMostModuleParameters];
  int view_count_ = 0;
};

/// "float64", of NumPy's type character.
const char* number_name(char code);

/// Writes "a contiguous 2-d float64 array" or "float64".
void describe(const abi::StandaloneType& type, char* out, size_t size);

}  // namespace metate::module
