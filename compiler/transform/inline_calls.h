// inline_calls – calls of small functions become their code.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// A call stands in the way of all that is done to loops: checks behind it cannot be made before the loop, and nobody
/// knows how long it takes. Functions of numbers and elements, without loops and calls of their own, are inlined where
/// the meaning of their code does not depend on options that differ. Their instructions keep their places, with the one
/// of the call (SourcePlace::inlined_at), so tracebacks stay what they are.
void inline_calls(ir::Function& function, PassContext& context);

}  // namespace metate::transform
