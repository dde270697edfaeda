// builtin_functions – Python's builtins.
#pragma once

#include "compiler/infer/calls.h"

namespace metate::infer {

std::span<const NamedFunction> builtin_functions();

}  // namespace metate::infer
