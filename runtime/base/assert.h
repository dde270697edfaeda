// assert.h – METATE_ASSERT for what must hold, METATE_UNREACHABLE for what cannot be reached.
#pragma once

#include "runtime/base/api.h"

namespace metate::base {
/// Reports a bug of ours (file, line, what was expected) on stderr and aborts. Only reached in checked builds or
/// where going on would corrupt memory.
[[noreturn]] METATE_API void assertion_failed(const char* condition, const char* file, int line);
}  // namespace metate::base

#ifdef METATE_ASSERTIONS
#define METATE_ASSERT(condition) \
  ((condition) ? (void)0 : ::metate::base::assertion_failed(#condition, __FILE__, __LINE__))
#else
#define METATE_ASSERT(condition) ((void)sizeof(!(condition)))
#endif
#define METATE_UNREACHABLE() ::metate::base::assertion_failed("unreachable", __FILE__, __LINE__)
