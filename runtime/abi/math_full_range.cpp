// math_full_range – SLEEF routines made right over the whole range, one source for every width.
//
// SLEEF (3.5.1, 3.6) says of these functions: "infinity or a correct value" for large finite arguments. NumPy and
// libm give the finite value, so here the rare lanes are computed in another way.
#include <cstdint>

// A fused multiply-add here would give the forms different bits.
#pragma STDC FP_CONTRACT OFF

namespace metate::abi {
namespace {

template <class T, int lanes>
struct Lanes {
  typedef T Type __attribute__((ext_vector_type(lanes)));
};
template <class T>
struct Lanes<T, 1> {
  using Type = T;
};

template <class V>
struct ElementOf {
  using Type = __typeof__(V{}[0] + V{}[0]);
};
template <>
struct ElementOf<double> {
  using Type = double;
};
template <>
struct ElementOf<float> {
  using Type = float;
};
template <class V>
using Element = typename ElementOf<V>::Type;

template <class T>
struct Constants;

template <>
struct Constants<double> {
  static constexpr double kLargeForExp = 709.0;
  static constexpr double kMaxExponentLn2High = 0x1.62e42fefa39efp+9;  // 1024 log 2 in two parts
  static constexpr double kMaxExponentLn2Low = 0x1.abc9e3b39803fp-46;
  static constexpr double kHalfOfMaxScale = 0x1p1023;
  static constexpr double kLargeForSquare = 0x1p500;
  static constexpr double kLargeForOnePlus = 0x1p100;
  static constexpr double kTiny = 0x1p-60;
  static constexpr double kLn2 = 0x1.62e42fefa39efp-1;
};

template <>
struct Constants<float> {
  static constexpr float kLargeForExp = 88.0f;
  static constexpr float kMaxExponentLn2High = 0x1.62e43p+6f;  // 128 log 2 in two parts
  static constexpr float kMaxExponentLn2Low = -0x1.05c61p-22f;
  static constexpr float kHalfOfMaxScale = 0x1p127f;
  static constexpr float kLargeForSquare = 0x1p50f;
  static constexpr float kLargeForOnePlus = 0x1p60f;
  static constexpr float kTiny = 0x1p-30f;
  static constexpr float kLn2 = 0x1.62e43p-1f;
};

#if defined(__x86_64__)
#define FORM_PREFIX finz
#define FORM_SUFFIX purecfma
#define FORM_F64 1
#define FORM_F32 1
#include "runtime/abi/math_full_range.inc"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define FORM_PREFIX finz
#define FORM_SUFFIX avx2128
#define FORM_F64 2
#define FORM_F32 4
#include "runtime/abi/math_full_range.inc"

#define FORM_PREFIX finz
#define FORM_SUFFIX avx2
#define FORM_F64 4
#define FORM_F32 8
#include "runtime/abi/math_full_range.inc"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx2,fma"))), apply_to = function)
#define FORM_PREFIX finz
#define FORM_SUFFIX avx512f
#define FORM_F64 8
#define FORM_F32 16
#include "runtime/abi/math_full_range.inc"
#pragma clang attribute pop

#define FORM_PREFIX cinz
#define FORM_SUFFIX sse2
#define FORM_F64 2
#define FORM_F32 4
#include "runtime/abi/math_full_range.inc"

#pragma clang attribute push(__attribute__((target("avx"))), apply_to = function)
#define FORM_PREFIX cinz
#define FORM_SUFFIX avx
#define FORM_F64 4
#define FORM_F32 8
#include "runtime/abi/math_full_range.inc"
#pragma clang attribute pop

#elif defined(__aarch64__)
#define FORM_PREFIX finz
#define FORM_SUFFIX purecfma
#define FORM_F64 1
#define FORM_F32 1
#include "runtime/abi/math_full_range.inc"

#define FORM_PREFIX finz
#define FORM_SUFFIX advsimd
#define FORM_F64 2
#define FORM_F32 4
#include "runtime/abi/math_full_range.inc"
#endif

#if !defined(__aarch64__)
#define FORM_PREFIX cinz
#define FORM_SUFFIX purec
#define FORM_F64 1
#define FORM_F32 1
#include "runtime/abi/math_full_range.inc"
#endif

}  // namespace
}  // namespace metate::abi
