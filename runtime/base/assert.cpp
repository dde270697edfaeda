#include "runtime/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace metate::base {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "metate: internal error: %s does not hold at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace metate::base
