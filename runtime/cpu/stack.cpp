#include "runtime/cpu/stack.h"

#include <pthread.h>

#include <algorithm>
#include <cstddef>

namespace metate::cpu {
namespace {

// For callees without checks of their own, Python's print among them.
constexpr size_t kReserve = 256 * 1024;

#if defined(__has_feature) && __has_feature(thread_sanitizer)
// ThreadSanitizer keeps a stack of its own, without a check of its end, for 65,536 calls.
constexpr size_t kMost = size_t{1} << 20;
#else
// Where the system sets no bound ("ulimit -s unlimited"), recursion should end before it has taken all memory.
constexpr size_t kMost = size_t{64} << 20;
#endif

const char* find_limit() {
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  pthread_attr_t attributes;
  void* lowest = nullptr;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return here - kReserve;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_destroy(&attributes);
  size_t left = static_cast<size_t>(here - static_cast<const char*>(lowest));
  size_t usable = std::min(left - std::min(left / 2, kReserve), kMost);
  return here - usable;
}

}  // namespace

const char* stack_limit() {
  static thread_local const char* const kLimit = find_limit();
  return kLimit;
}

}  // namespace metate::cpu
