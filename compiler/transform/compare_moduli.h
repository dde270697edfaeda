// compare_moduli – |z| < 2 is decided by the squares of its parts, where these leave no doubt.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// The modulus of a complex number that is only compared with a constant need not be computed unless it is so close to
/// the constant that rounding decides. Iterations until |z| > 2 take a third of the time.
///
/// Requires: no handlers yet (before place_retains).
void compare_moduli(ir::Function& function, PassContext& context);

}  // namespace metate::transform
