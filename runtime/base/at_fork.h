// at_fork.h – what is done around fork. Declared beside what it guards, at namespace scope: registered when the library
// is loaded, it is there before any thread can be in the middle of making that.
#pragma once

#include <pthread.h>

namespace metate::base {

struct AtFork {
  /// Each may be null. `before` runs in the thread that forks, `in_child` in its copy, which has no other threads.
  AtFork(void (*before)(), void (*in_parent)(), void (*in_child)()) { pthread_atfork(before, in_parent, in_child); }
};

}  // namespace metate::base
