// forms.h – scalar code of rows that is longer than an expression; the tables call these.
#pragma once

#include <numbers>

#include "compiler/ops/complex_forms.h"
#include "compiler/ops/term.h"

namespace metate::ops {

inline constexpr double kPi = std::numbers::pi;

// Arithmetic of NumPy's loops: integers wrap, x / 0 and x % 0 are 0. Floats: Python's // and %, C's fmod.
Term floor_divide(Term x, Term y);
Term floor_remainder(Term x, Term y);
Term truncated_remainder(Term x, Term y);
Term power(Term x, Term y);  // integers: a negative power is what rounding towards zero makes of it
Term sign(Term x);
Term conjugate(Term x);
Term reciprocal(Term x);
Term clip(Term x, Term low, Term high);
Term clip_between(Term x, Term low, Term high);
Term integer_true_divide(Term x, Term y);  // int64s -> float64, rounded once; y != 0

// Integers.
Term left_shift(Term x, Term count);
Term right_shift(Term x, Term count);
Term gcd(Term x, Term y);
Term lcm(Term x, Term y);
Term integer_square_root(Term x);   // x >= 0
Term factorial(Term x);             // 0 <= x <= 20
Term combinations(Term n, Term k);  // both >= 0
Term permutations(Term n, Term k);
Term round_integer_digits(Term x, Term digits);

// Floats.
Term log_add_exp(Term x, Term y);
Term log_add_exp2(Term x, Term y);
Term sinc(Term x);
Term modf_fractional(Term x);
Term frexp_mantissa(Term x);
Term frexp_exponent(Term x);  // int32
Term load_exponent(Term x, Term exponent);
Term next_after(Term x, Term y);
Term next_after(Term x, Term y, Term steps);
Term spacing(Term x);
Term unit_in_last_place(Term x);
Term is_close(Term x, Term y, Term relative, Term absolute);
Term round_digits(Term x, Term digits);    // as Python: to the nearest decimal number
Term round_decimals(Term x, Term digits);  // as NumPy: scaled, rounded, scaled back; integers by way of float64

}  // namespace metate::ops
