// iterator_functions – what makes things to run over: range, enumerate, zip, reversed, np.ndindex, np.ndenumerate.
#pragma once

#include "compiler/infer/calls.h"

namespace metate::infer {

std::span<const NamedFunction> iterator_functions();

}  // namespace metate::infer
