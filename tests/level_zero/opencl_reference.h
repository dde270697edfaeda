// opencl_reference – OpenCL's functions in more than the precision of any device, and distances from them.
//
// R is long double, which has eleven bits more than double where the tests run. The bounds and special cases are those
// of the "OpenCL SPIR-V Environment Specification", section "OpenCL Numerical Compliance" (the full profile).
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace metate::test {

using R = long double;
inline constexpr R kPi = 3.141592653589793238462643383279502884L;
inline constexpr R kNotANumber = std::numeric_limits<R>::quiet_NaN();

/// What std::numeric_limits has for the floats of C++, and for halves too.
template <class T>
struct FloatLimits {
  static constexpr int kDigits = std::numeric_limits<T>::digits;
  static constexpr R kLargest = std::numeric_limits<T>::max();
  static constexpr R kNormal = std::numeric_limits<T>::min();
  static constexpr R kLeast = std::numeric_limits<T>::denorm_min();
};
template <>
struct FloatLimits<_Float16> {
  static constexpr int kDigits = 11;
  static constexpr R kLargest = 65504;
  static constexpr R kNormal = 0x1p-14L;
  static constexpr R kLeast = 0x1p-24L;
};

template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>;

/// How far off a result is, in units in the last place of T: 0 for the nearest number of T, infinity for what is no
/// rounding of `expected` at all. Beyond the largest number infinity is next.
template <class T>
R ulps(T actual_number, R expected) {
  using Limits = FloatLimits<T>;
  constexpr R kInfinity = std::numeric_limits<R>::infinity();
  const R actual = static_cast<R>(actual_number), nearest = static_cast<R>(static_cast<T>(expected));
  if (std::isnan(expected)) return std::isnan(actual) ? 0 : kInfinity;
  if (actual == nearest) return 0;
  if (std::isnan(actual) || std::isinf(expected)) return kInfinity;
  const R size = std::min(std::fabs(expected), Limits::kLargest);
  const R unit =
      size == 0 ? Limits::kLeast : std::max(std::ldexp(R(1), std::ilogb(size) + 1 - Limits::kDigits), Limits::kLeast);
  if (std::isinf(actual)) {
    if (std::signbit(actual) != std::signbit(expected)) return kInfinity;
    return std::max(R(0), (Limits::kLargest + unit - std::fabs(expected)) / unit);
  }
  return std::fabs(actual - expected) / unit;
}

// ---- What C++ does not have, in the words of OpenCL ----------------------------------------------------------------

inline int to_int(R x) {
  return std::isnan(x) ? 0 : static_cast<int>(std::trunc(std::clamp<R>(x, INT32_MIN, INT32_MAX)));
}

template <class T>
R fused(R x, R y, R z) {
  if constexpr (sizeof(T) == 2) {
    return static_cast<_Float16>(static_cast<__float128>(x) * y + z);  // exact in 113 bits, then rounded once
  } else {
    return std::fma(static_cast<T>(x), static_cast<T>(y), static_cast<T>(z));
  }
}

/// Where one operation is rounded as T rounds it. That of R is not for floats of its own size: a number rounded twice
/// may not be the nearest. It is for halves, of which R has more than double the digits.
template <class T>
using Arithmetic = std::conditional_t<sizeof(T) == 2, R, T>;

template <class T>
R rounded(Arithmetic<T> x) {
  return static_cast<R>(static_cast<T>(x));
}

template <class T>
R square_root(R x) {
  return rounded<T>(std::sqrt(static_cast<Arithmetic<T>>(x)));
}

template <class T>
R difference(R x, R y) {
  return rounded<T>(static_cast<Arithmetic<T>>(x) - static_cast<Arithmetic<T>>(y));
}

template <class T>
R multiply_add(R x, R y, R z) {
  using A = Arithmetic<T>;
  const A product = static_cast<A>(rounded<T>(static_cast<A>(x) * static_cast<A>(y)));
  return rounded<T>(product + static_cast<A>(z));
}

template <class T>
R fraction(R x) {
  if (std::isinf(x)) return std::copysign(R(0), x);
  if (x == 0 || std::isnan(x)) return x;
  return std::fmin(difference<T>(x, std::floor(x)), 1 - std::ldexp(R(1), -FloatLimits<T>::kDigits));
}

inline R mantissa(R x) {
  int exponent = 0;
  return std::isfinite(x) ? std::frexp(x, &exponent) : x;
}

inline R exponent(R x) {
  int exponent = 0;
  if (std::isfinite(x)) std::frexp(x, &exponent);
  return exponent;
}

/// FP_ILOGB0 and FP_ILOGBNAN of OpenCL are INT_MIN and INT_MAX.
inline R ilogb_of(R x) {
  if (x == 0) return INT32_MIN;
  return std::isfinite(x) ? std::ilogb(x) : INT32_MAX;
}

template <class T>
R neighbour(R x, R y) {
  if (std::isnan(x) || std::isnan(y)) return kNotANumber;
  if (x == y) return y;
  if (x == 0) return std::copysign(FloatLimits<T>::kLeast, y);
  using Bits = BitsOf<T>;
  const Bits bits = std::bit_cast<Bits>(static_cast<T>(x));
  return static_cast<R>(std::bit_cast<T>(static_cast<Bits>((x < y) == (x > 0) ? bits + 1 : bits - 1)));
}

/// Seven bits of the quotient, with its sign.
inline R quotient_bits(R x, R y) {
  if (!std::isfinite(x) || std::isnan(y) || y == 0) return 0;
  const R size = std::fabs(y);
  const R part = std::isinf(size) ? std::fabs(x) : std::fmod(std::fabs(x), 128 * size);
  const R bits = std::isinf(size) ? 0 : std::fmod(std::nearbyint((part - std::remainder(part, size)) / size), R(128));
  return std::signbit(x) == std::signbit(y) ? bits : -bits;
}

inline R sine_of_pi(R x) {
  const R rest = std::remainder(x, R(2));
  if (rest == std::trunc(rest)) return std::copysign(R(0), x);
  const R size = std::fabs(rest);
  return std::copysign(std::sin(kPi * (size > R(0.5) ? 1 - size : size)), rest);
}

inline R cosine_of_pi(R x) {
  const R rest = std::fabs(std::remainder(x, R(2)));
  return std::sin(kPi * (R(0.5) - rest));
}

/// powr: exp(y log x), whatever pow makes of special cases.
inline R positive_power(R x, R y) {
  const bool special = (x == 0 || std::isinf(x)) ? y == 0 : x == 1 && std::isinf(y);
  if (std::isnan(x) || std::isnan(y) || x < 0 || special) return kNotANumber;
  return std::pow(std::fabs(x), y);
}

inline R root(R x, int n) {
  if (n == 0 || (x < 0 && n % 2 == 0)) return kNotANumber;
  const R size = std::pow(std::fabs(x), 1 / R(n));
  return n % 2 ? std::copysign(size, x) : size;
}

/// The sign of the gamma function; 0 at its poles.
inline R gamma_sign(R x) {
  if (std::isnan(x) || x > 0) return 1;
  if (x == 0 || x == std::floor(x)) return 0;
  return std::fmod(std::floor(x), R(2)) == 0 ? 1 : -1;
}

inline R sign_of(R x) {
  if (std::isnan(x)) return 0;
  return x == 0 ? x : std::copysign(R(1), x);
}

inline R smooth(R low, R high, R x) {
  const R t = std::clamp<R>((x - low) / (high - low), 0, 1);
  return t * t * (3 - 2 * t);
}

template <class T>
R chosen_bits(R x, R y, R z) {
  auto bits = [](R value) { return std::bit_cast<BitsOf<T>>(static_cast<T>(value)); };
  const auto chosen = static_cast<BitsOf<T>>((bits(x) & ~bits(z)) | (bits(y) & bits(z)));
  return static_cast<R>(std::bit_cast<T>(chosen));
}

}  // namespace metate::test
