// complex_functions – C99's functions by pointers: how complex numbers are passed by value differs between targets.
#include "runtime/abi/complex_functions.h"

#include <cmath>
#include <limits>

// As everywhere (architecture, decision 11).
#pragma STDC FP_CONTRACT OFF

namespace {

template <class T>
struct Complex {
  T real, imaginary;
};

template <class T>
Complex<T> operator*(Complex<T> x, Complex<T> y) {
  return {x.real * y.real - x.imaginary * y.imaginary, x.real * y.imaginary + x.imaginary * y.real};
}

/// 1 / z by Smith's method, so that no intermediate square overflows. Of a positive z it has the imaginary part 0 and
/// not -0, as NumPy's quotient.
template <class T>
Complex<T> inverse(Complex<T> z) {
  if (std::fabs(z.real) >= std::fabs(z.imaginary)) {
    T ratio = z.imaginary / z.real, scale = 1 / (z.real + z.imaginary * ratio);
    return {scale, (0 - ratio) * scale};
  }
  T ratio = z.real / z.imaginary, scale = 1 / (z.imaginary + z.real * ratio);
  return {ratio * scale, -scale};
}

/// NumPy raises to small whole powers by multiplication, and defines powers of zero itself; the rest is C99's cpow.
template <class T, class General>
Complex<T> power(Complex<T> base, Complex<T> exponent, General general) {
  if (exponent.real == 0 && exponent.imaginary == 0) return {1, 0};
  if (base.real == 0 && base.imaginary == 0) {
    if (exponent.real > 0) return {0, 0};
    T nan = std::numeric_limits<T>::quiet_NaN();
    return {nan, nan};
  }
  constexpr T kLargest = 100;
  if (exponent.imaginary == 0 && std::fabs(exponent.real) < kLargest && std::trunc(exponent.real) == exponent.real) {
    Complex<T> result{1, 0};
    bool first = true;
    for (int n = std::abs(static_cast<int>(exponent.real)); n != 0; n >>= 1) {
      if (n & 1) {
        result = first ? base : result * base;
        first = false;
      }
      base = base * base;
    }
    return exponent.real < 0 ? inverse(result) : result;
  }
  return general(base, exponent);
}

}  // namespace

// Clang's _Complex in C++ is what C99's functions take.
#define LOAD(type, operands, i)           \
  [&] {                                   \
    _Complex type z;                      \
    __real__ z = (operands)[2 * (i)];     \
    __imag__ z = (operands)[2 * (i) + 1]; \
    return z;                             \
  }()
#define DEFINE_1(name, builtin, suffix, type)                                            \
  extern "C" void metate_complex_##name##_##suffix(const type* operands, type* result) { \
    _Complex type z = builtin(LOAD(type, operands, 0));                                  \
    result[0] = __real__ z;                                                              \
    result[1] = __imag__ z;                                                              \
  }
#define DEFINE_2(name, builtin, suffix, type)                                                       \
  extern "C" void metate_complex_##name##_##suffix(const type* operands, type* result) {            \
    auto general = [&](Complex<type>, Complex<type>) -> Complex<type> {                             \
      _Complex type z = builtin(LOAD(type, operands, 0), LOAD(type, operands, 1));                  \
      return {__real__ z, __imag__ z};                                                              \
    };                                                                                              \
    Complex<type> z = power<type>({operands[0], operands[1]}, {operands[2], operands[3]}, general); \
    result[0] = z.real;                                                                             \
    result[1] = z.imaginary;                                                                        \
  }
#define COMPLEX_FUNCTION(name, arity) \
  DEFINE_##arity(name, __builtin_c##name, f64, double) DEFINE_##arity(name, __builtin_c##name##f, f32, float)
#include "runtime/abi/complex_functions.def"

namespace metate::abi {

const void* find_complex_symbol(std::string_view symbol) {
  struct Entry {
    std::string_view symbol;
    const void* address;
  };
  static const Entry kEntries[] = {
#define COMPLEX_FUNCTION(name, arity)                                                            \
  {"metate_complex_" #name "_f64", reinterpret_cast<const void*>(&metate_complex_##name##_f64)}, \
      {"metate_complex_" #name "_f32", reinterpret_cast<const void*>(&metate_complex_##name##_f32)},
#include "runtime/abi/complex_functions.def"
  };
  for (const Entry& entry : kEntries)
    if (entry.symbol == symbol) return entry.address;
  return nullptr;
}

}  // namespace metate::abi
