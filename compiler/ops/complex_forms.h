// complex_forms.h – arithmetic and functions of complex numbers, by the formulas that NumPy uses.
#pragma once

#include "compiler/ops/term.h"

namespace metate::ops {

Term complex_multiply(Term x, Term y);
/// Smith's method (Algorithm 116, 1962): no overflow in between. NumPy multiplies by the reciprocal of the denominator,
/// CPython divides by it.
Term complex_divide(Term x, Term y);
Term python_complex_divide(Term x, Term y);
Term python_complex_power(Term x, Term y);
Term polar_to_complex(Term modulus, Term angle);
Term complex_reciprocal(Term x);
Term complex_whole_power(Term x, Term n);  // of an integer n >= 0, by squaring
Term complex_sign(Term x);
/// Not a call, since programs that iterate until |z| > 2 do little else.
Term complex_absolute(Term x);

/// A row of complex_functions.def; operands are complex.
Term complex_call(ComplexMath function, std::span<const Term> operands);
/// The complex function that belongs to a real one.
Term complex_call(Math function, std::span<const Term> operands);

}  // namespace metate::ops
