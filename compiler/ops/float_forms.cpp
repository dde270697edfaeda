// float_forms – rows of floating-point numbers that are longer than an expression.
#include <limits>
#include <numbers>

#include "compiler/ops/forms.h"
#include "runtime/base/assert.h"

namespace metate::ops {

using types::DType;

namespace {

/// How a float is laid out, and the integer type of its bits.
struct Format {
  DType bits;
  int mantissa_bits;
  int exponent_bias;

  int64_t exponent_mask() const { return (2 * exponent_bias + 1); }
  int64_t mantissa_mask() const { return (int64_t{1} << mantissa_bits) - 1; }
};

Format format(DType dtype) {
  if (dtype == DType::kF16) return {DType::kI16, 10, 15};
  if (dtype == DType::kF32) return {DType::kI32, 23, 127};
  METATE_ASSERT(dtype == DType::kF64);
  return {DType::kI64, 52, 1023};
}

/// log(base^x + base^y) by the larger of the two: nothing overflows. `one_more` is log(1 + base^-d).
template <class OneMore>
Term log_add(Term x, Term y, double log_of_two, OneMore one_more) {
  Term difference = x - y;
  Term larger = select(difference > 0, x, y);
  Term sum = larger + one_more(absolute(difference));
  // Equal infinities have no difference.
  return select(x == y, x + log_of_two, sum);
}

/// The neighbour of a finite or zero `x` whose bits, seen as sign and magnitude, are `steps` further from zero.
Term magnitude_step(Term x, int64_t steps) {
  Term bits = bit_cast(x, format(x.dtype).bits);
  return bit_cast(bits + integer_literal(bits, steps), x.dtype);
}

/// The bits in the order of the numbers: -0.0 and 0.0 are both 0, the smallest denormals 1 and -1.
Term ordered_bits(Term x) {
  Term bits = bit_cast(x, format(x.dtype).bits);
  Term lowest = integer_literal(bits, std::numeric_limits<int64_t>::min() >> (64 - 8 * size(x.dtype)));
  return select(bits < 0, lowest - bits, bits);
}

/// 10^n as a double, exact for 0 <= n <= 22.
Term power_of_ten(Term n) {
  Term result = constant(n, types::Scalar::f64(1));
  double square = 10;
  for (int bit = 0; bit < 9; ++bit, square *= square) {
    Term set = (n & integer_literal(n, int64_t{1} << bit)) != 0;
    result = result * select(set, literal(result, square), literal(result, 1));
  }
  return result;
}

/// A float with its exponent field taken out: value = mantissa * 2^exponent, 0.5 <= |mantissa| < 1. Denormals are
/// scaled into the normal range first.
struct Frexp {
  Term mantissa;
  Term exponent;  // int32
  Term special;   // zero, infinite or nan: the mantissa is the number itself
};

Frexp frexp(Term x) {
  if (x.dtype == DType::kF16) x = convert(x, DType::kF32);
  Format f = format(x.dtype);
  double scale = static_cast<double>(int64_t{1} << (f.mantissa_bits + 1));
  double smallest_normal = f.bits == DType::kI32 ? 0x1p-126 : 0x1p-1022;
  Term denormal = absolute(x) < smallest_normal;
  Term normal = select(denormal, x * scale, x);
  Term bits = bit_cast(normal, f.bits);
  Term mask = integer_literal(bits, f.exponent_mask());
  Term field = shift_right(bits, integer_literal(bits, f.mantissa_bits)) & mask;
  Term correction = select(denormal, integer_literal(bits, f.exponent_bias + f.mantissa_bits),
                           integer_literal(bits, f.exponent_bias - 1));
  Term exponent_bits = integer_literal(bits, f.exponent_mask() << f.mantissa_bits);
  Term half = integer_literal(bits, int64_t{f.exponent_bias - 1} << f.mantissa_bits);
  Term mantissa = bit_cast((bits & ~exponent_bits) | half, x.dtype);
  Term special = ~is_finite(x) | (x == 0);
  return {mantissa, convert(field - correction, DType::kI32), special};
}

}  // namespace

Term log_add_exp(Term x, Term y) {
  return log_add(x, y, std::numbers::ln2, [](Term d) { return log1p(exp(-d)); });
}

Term log_add_exp2(Term x, Term y) {
  return log_add(x, y, 1, [](Term d) { return log1p(exp2(-d)) * std::numbers::log2e; });
}

Term sinc(Term x) {
  Term y = x * kPi;
  return select(x == 0, literal(x, 1), sin(y) / y);
}

Term modf_fractional(Term x) {
  Term whole = trunc(x);
  Term rest = select(is_infinite(x), literal(x, 0), x - whole);
  return copy_sign(rest, x);
}

Term frexp_mantissa(Term x) {
  Frexp parts = frexp(x);
  return select(parts.special, x, convert(parts.mantissa, x.dtype));
}

Term frexp_exponent(Term x) {
  Frexp parts = frexp(x);
  return select(parts.special, integer_literal(parts.exponent, 0), parts.exponent);
}

Term load_exponent(Term x, Term exponent) {
  // Beyond these every exponent gives zero or infinity.
  constexpr int64_t kFar = 100000;
  if (exponent.dtype == DType::kI64) {
    exponent = select(exponent > kFar, integer_literal(exponent, kFar), exponent);
    exponent = convert(select(exponent < -kFar, integer_literal(exponent, -kFar), exponent), DType::kI32);
  }
  return ldexp(x, exponent);
}

Term next_after(Term x, Term y) {
  Term smallest = bit_cast(integer_literal(bit_cast(x, format(x.dtype).bits), 1), x.dtype);
  Term away = magnitude_step(x, 1), towards = magnitude_step(x, -1);
  Term grows = (x < y) ^ (x < 0);
  Term stepped = select(x == 0, copy_sign(smallest, y), select(grows, away, towards));
  return select(is_nan(x) | is_nan(y), x + y, select(x == y, y, stepped));
}

Term next_after(Term x, Term y, Term steps) {
  // Whole numbers in the order of the floats; more steps than there are stop at y.
  Term from = ordered_bits(x), to = ordered_bits(y);
  Term up = to > from;
  Term distance = as_unsigned(select(up, to - from, from - to));
  Term count = as_unsigned(steps);
  Term enough = count >= distance;
  Term reached = select(up, from + steps, from - steps);
  Term lowest = integer_literal(reached, std::numeric_limits<int64_t>::min());
  // -0.0 comes out where the walk ends on zero from below.
  Term negative = (reached < 0) | ((reached == 0) & (from < 0));
  Term stepped = bit_cast(select(negative, lowest - reached, reached), x.dtype);
  Term walked = select(enough, y, select(steps == 0, x, stepped));
  return select(is_nan(x) | is_nan(y), x + y, walked);
}

Term spacing(Term x) {
  // NumPy looks away from zero, with the sign of x, but upwards for halves and from -0.0.
  Term upwards = next_after(x, literal(x, std::numeric_limits<double>::infinity()));
  Term next = x.dtype == DType::kF16 ? upwards : select(x == 0, upwards, magnitude_step(x, 1));
  Term distance = next - x;
  return select(is_finite(x), distance, literal(x, std::numeric_limits<double>::quiet_NaN()));
}

Term unit_in_last_place(Term x) {
  Term size = absolute(x);
  Term next = magnitude_step(size, 1);
  // Of the largest number the distance is that to the one below.
  Term distance = select(is_infinite(next), size - magnitude_step(size, -1), next - size);
  return select(is_finite(x), distance, size);
}

Term is_close(Term x, Term y, Term relative, Term tolerance) {
  Term difference = absolute(y - x);
  Term near =
      (difference <= absolute(relative * y)) | (difference <= absolute(relative * x)) | (difference <= tolerance);
  Term infinite = is_infinite(x) | is_infinite(y);
  return (x == y) | (near & ~infinite);
}

Term round_decimals(Term x, Term digits) {
  if (is_complex(x.dtype)) return make_complex(round_decimals(real(x), digits), round_decimals(imaginary(x), digits));
  Term down = digits < 0;
  if (is_integer(x.dtype)) {
    Term unit = power_of_ten(select(down, -digits, integer_literal(digits, 0)));
    Term rounded = rint(convert(x, DType::kF64) / unit) * unit;
    return select(down, convert(rounded, x.dtype), x);
  }
  Term unit = convert(power_of_ten(select(down, -digits, digits)), x.dtype);
  return select(down, rint(x / unit) * unit, rint(x * unit) / unit);
}

Term round_digits(Term x, Term digits) {
  // The whole k nearest to x * 10^digits, then k / 10^digits, which division rounds as reading the decimal does.
  // Whether k is nearest is decided by fma, which sees the exact product. Exact for |digits| <= 22.
  constexpr int64_t kMost = 308;
  Term few = select(digits > kMost, integer_literal(digits, kMost), digits);
  Term down = few < 0;
  Term unit = power_of_ten(select(down, select(few < -kMost, integer_literal(few, kMost), -few), few));
  Term scaled = select(down, x / unit, x * unit);
  Term k = rint(scaled);
  // Sign of x * 10^digits - (k + half), times a positive number.
  auto beyond = [&](double half) {
    Term limit = k + half;
    return select(down, fused_multiply_add(-limit, unit, x), fused_multiply_add(x, unit, -limit));
  };
  Term above = beyond(0.5), below = beyond(-0.5);
  Term odd = rint(k * 0.5) != k * 0.5;
  k = select((above > 0) | ((above == 0) & odd), k + 1, k);
  k = select((below < 0) | ((below == 0) & odd), k - 1, k);
  Term result = copy_sign(select(down, k * unit, k / unit), x);
  // Where the whole number has no room for a half, x has no digit that could go.
  Term keeps = ~(absolute(scaled) < 0x1p52);
  return select(keeps | ~is_finite(x), x, select(digits < -kMost, copy_sign(literal(x, 0), x), result));
}

}  // namespace metate::ops
