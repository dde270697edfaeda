// math_full_range – SLEEF routines made right over the whole range: what all their forms share.
//
// SLEEF (3.5.1, 3.6) says of these functions: "infinity or a correct value" for large finite arguments. NumPy and
// libm give the finite value, so here the rare lanes are computed in another way.
//
// The forms of each ISA are a unit of their own, compiled for it as a whole: for vectors that are wider than what the
// unit is compiled for, the compiler has another calling convention, whatever a function's own target says.
#pragma once

// A fused multiply-add here would give the forms different bits.
#pragma STDC FP_CONTRACT OFF

namespace metate::abi {
namespace {  // each form's unit has its own

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

}  // namespace
}  // namespace metate::abi
