// stack – how deep the calls of a thread may go.
#pragma once

#include "runtime/base/api.h"

namespace metate::cpu {

/// Frames of compiled code may not begin below this address of the calling thread's stack: what is left belongs to
/// functions that they call last. Constant for a thread.
METATE_API const char* stack_limit();

}  // namespace metate::cpu
