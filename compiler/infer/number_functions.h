// number_functions – builtins on numbers: abs, int, float, complex, bool, round, divmod, pow.
#pragma once

#include "compiler/infer/calls.h"

namespace metate::infer {

std::span<const NamedFunction> number_functions();

}  // namespace metate::infer
