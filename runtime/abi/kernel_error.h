// kernel_error.h – how a kernel tells its launcher that a work-item raised (architecture, decision 18).
//
// The lowest global id wins. A failing item lowers `first` to its own linear global id (32-bit atomic minimum, which
// every device has) and, if it did lower it, writes its record into the entry that the id hashes to. The winner is the
// last to lower `first`, so a record whose `global_id` is `first` is whole unless another failing item hashed to it
// later, which can only be an item with a higher id that did not lower `first` and so wrote nothing.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/abi/context.h"

namespace metate::abi {

inline constexpr int kKernelErrorEntries = 64;
inline constexpr int kMaxKernelErrorValues = 6;
inline constexpr uint32_t kNoKernelError = 0xffffffffu;

struct KernelErrorEntry {
  int64_t global_id;
  int32_t site;
  int32_t reserved;
  int64_t values[kMaxKernelErrorValues];
};

/// In memory that host and device share; the last argument of every kernel.
struct KernelErrors {
  uint32_t first;  // kNoKernelError before the launch
  uint32_t reserved[15];
  KernelErrorEntry entries[kKernelErrorEntries];
};

static_assert(sizeof(KernelErrorEntry) == 64 && offsetof(KernelErrors, entries) == 64);

}  // namespace metate::abi
