// complex_functions.h – C functions of complex numbers for compiled code, folding and the interpreter.
#pragma once

#include <string_view>

// `operands` are the real and imaginary part of each number in turn, `result` gets two parts.
#define COMPLEX_FUNCTION(name, arity)                                                  \
  extern "C" void metate_complex_##name##_f64(const double* operands, double* result); \
  extern "C" void metate_complex_##name##_f32(const float* operands, float* result);
#include "runtime/abi/complex_functions.def"

namespace metate::abi {

/// Address of "metate_complex_<name>_f64" or "…_f32"; null if there is none.
const void* find_complex_symbol(std::string_view symbol);

}  // namespace metate::abi
