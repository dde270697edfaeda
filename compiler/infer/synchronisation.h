// synchronisation – how work-items meet and what they do to elements at once: barriers, fences, atomic operations.
#pragma once

#include "compiler/infer/calls.h"

namespace metate::infer {

std::span<const NamedFunction> synchronisation_functions();

}  // namespace metate::infer
