// arithmetic_forms – division, power, sign and their kind, for all kinds of numbers.
#include <limits>

#include "compiler/ops/forms.h"

namespace metate::ops {

using types::DType;

namespace {

/// What integer division may divide by: 1 in place of 0, and of -1, which overflows for the least value.
Term safe_divisor(Term y) {
  Term unsafe = y == 0;
  if (is_signed(y.dtype)) unsafe = unsafe | (y == -1);
  return select(unsafe, integer_literal(y, 1), y);
}

bool same_sign_needed(Term x) { return is_signed(x.dtype) || is_float(x.dtype); }

/// The rest of a truncating division moved to the sign of the divisor.
Term to_sign_of(Term rest, Term y) {
  if (!same_sign_needed(y)) return rest;
  return select((rest != 0) & ((rest < 0) ^ (y < 0)), rest + y, rest);
}

Term integer_floor_divide(Term x, Term y) {
  Term divisor = safe_divisor(y);
  Term q = quotient(x, divisor);
  if (is_signed(x.dtype)) {
    Term rest = remaining(x, divisor);
    q = select((rest != 0) & ((rest < 0) ^ (y < 0)), q - integer_literal(q, 1), q);
    q = select(y == -1, -x, q);
  }
  return select(y == 0, integer_literal(x, 0), q);
}

/// The rest by a divisor of 0 or -1 is 0: that of the 1 in their place.
Term integer_floor_remainder(Term x, Term y) { return to_sign_of(remaining(x, safe_divisor(y)), y); }

Term float_floor_remainder(Term x, Term y) {
  Term rest = fmod(x, y);
  Term moved = select(rest != 0, to_sign_of(rest, y), copy_sign(literal(rest, 0), y));
  return select(y == 0, rest, moved);  // nan
}

Term float_floor_divide(Term x, Term y) {
  // As CPython's float_divmod: (x - rest) / y is nearly whole; floor it, and mend where it had been rounded down.
  Term rest = fmod(x, y);
  Term nearly = (x - rest) / y;
  nearly = select((rest != 0) & ((rest < 0) ^ (y < 0)), nearly - 1, nearly);
  Term whole = floor(nearly);
  whole = select(nearly - whole > 0.5, whole + 1, whole);
  Term plain = x / y;
  return select(y == 0, plain, select(nearly != 0, whole, copy_sign(literal(x, 0), plain)));
}

Term integer_power(Term x, Term y) {
  Term exponent = is_signed(y.dtype) ? select(y < 0, integer_literal(y, 0), y) : y;
  Term state[] = {integer_literal(x, 1), x, as_unsigned(exponent)};  // result, x^(2^i), bits that are left
  loop(
      state, [](std::span<const Term> s) { return s[2] != 0; },
      [](std::span<Term> s) {
        Term one = integer_literal(s[2], 1);
        s[0] = select((s[2] & one) != 0, s[0] * s[1], s[0]);
        s[1] = s[1] * s[1];
        s[2] = shift_right(s[2], one);
      });
  if (!is_signed(x.dtype)) return state[0];
  // 1 / x^n towards zero is 0 but for 1 and -1.
  Term one = integer_literal(x, 1);
  Term unit = select((y & one) != 0, x, one);
  Term inverse = select((x == 1) | (x == -1), unit, integer_literal(x, 0));
  return select(y < 0, inverse, state[0]);
}

/// x < y as NumPy's clip sees complex numbers: unlike `less` without regard to nan.
Term before(Term x, Term y) {
  if (!is_complex(x.dtype)) return x < y;
  return select(real(x) == real(y), imaginary(x) < imaginary(y), real(x) < real(y));
}

}  // namespace

Term floor_divide(Term x, Term y) {
  if (is_float(x.dtype)) return float_floor_divide(x, y);
  return integer_floor_divide(x, y);
}

Term floor_remainder(Term x, Term y) {
  if (is_float(x.dtype)) return float_floor_remainder(x, y);
  return integer_floor_remainder(x, y);
}

Term truncated_remainder(Term x, Term y) {
  if (is_float(x.dtype)) return fmod(x, y);
  return remaining(x, safe_divisor(y));
}

Term power(Term x, Term y) {
  if (is_complex(x.dtype)) {
    Term operands[] = {x, y};
    return complex_call(ComplexMath::pow, operands);
  }
  if (!is_float(x.dtype)) return integer_power(x, y);
  return select(y == 1, x, pow(x, y));  // exact up to the largest number
}

Term sign(Term x) {
  if (is_complex(x.dtype)) return complex_sign(x);
  Term zero = literal(x, 0), one = literal(x, 1);
  if (!same_sign_needed(x)) return select(x == 0, zero, one);
  Term result = select(x > 0, one, select(x < 0, -one, zero));
  return is_float(x.dtype) ? select(is_nan(x), x, result) : result;
}

Term conjugate(Term x) { return is_complex(x.dtype) ? make_complex(real(x), -imaginary(x)) : x; }

Term reciprocal(Term x) {
  if (is_complex(x.dtype)) return complex_reciprocal(x);
  if (is_float(x.dtype)) return 1 / x;
  return convert(1 / convert(x, DType::kF64), x.dtype);
}

Term integer_true_divide(Term x, Term y) {
  // Beyond 2^53 an int is the sum of two doubles, head and tail. The quotient of the heads is mended by what is left of
  // x, which fma sees exactly; where both tails are 0 that changes nothing.
  auto head = [](Term i) { return convert(i, DType::kF64); };
  auto tail = [](Term i, Term head) { return convert(i - convert(head, DType::kI64), DType::kF64); };
  Term a = head(x), b = head(y);
  Term a_tail = tail(x, a), b_tail = tail(y, b);
  Term q = a / b;
  Term rest = fused_multiply_add(-q, b, a) + (a_tail - q * b_tail);
  Term mended = q + rest / b;
  return select(y == 0, q, select(q == 0, q, mended));
}

Term clip(Term x, Term low, Term high) {
  Term raised = select(is_nan(x) | before(low, x), x, low);
  return select(is_nan(raised) | before(raised, high), raised, high);
}

Term clip_between(Term x, Term low, Term high) {
  if (is_complex(x.dtype)) return clip(x, low, high);
  Term raised = select(is_nan(low) | before(x, low), low, x);
  return select(is_nan(high) | before(high, raised), high, raised);
}

}  // namespace metate::ops
