// thread_pool – some threads do the same work at once: oneTBB, or threads of our own.
#pragma once

#include <string_view>

#include "runtime/base/api.h"

namespace metate::cpu {

/// Calls work(argument) on the calling thread and on up to `helpers` others at the same time; returns when every call
/// that has begun has returned. Fewer helpers, or none, may come, so the calls must share out what there is to do
/// among themselves. May be called from any thread, also from inside `work`, and in a forked child.
void run_on_threads(int helpers, void (*work)(void* argument), void* argument);

/// Most threads that one such call can use: METATE_NUM_THREADS, or the CPUs that the process may run on.
METATE_API int max_threads();

/// "tbb" or "std": what the threads of this process come from.
std::string_view threading_layer();

/// The pool of plain std::threads. Thread sanitizer understands it (it does not see into oneTBB), and a forked child
/// needs it: oneTBB's workers are gone there, and its locks may be held by threads that do not exist any more.
namespace std_pool {
void run_on_threads(int helpers, void (*work)(void* argument), void* argument);
}

}  // namespace metate::cpu
