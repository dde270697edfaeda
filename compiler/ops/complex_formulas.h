// complex_formulas – functions of complex numbers made of real ones, for targets that have no others.
#pragma once

#include "compiler/ops/term.h"

namespace metate::ops {

/// A row of complex_functions.def; operands are complex, of float32 or float64 parts, and so is all that is computed.
///
/// Each part of the result is within 12 units in its last place of the exact one, as far as the real functions are
/// within 1 and a fused multiply-add is one; zeros, infinities, nan and the sides of branch cuts are those of C's Annex
/// G. A power is exp(y log x) where the exponent is no whole number below 100, and as much less exact as y log x is
/// large.
Term complex_formula(ComplexMath function, std::span<const Term> operands);

}  // namespace metate::ops
