// launch – one launch of a kernel, and running it on the threads of the machine.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "runtime/ze_software/argument_block.h"
#include "runtime/ze_software/compiled_kernel.h"
#include "runtime/ze_software/handles.h"

namespace metate::ze_software {

class Program;

/// A launch owns all that it needs: the kernel's arguments may change and its handle go before the launch runs.
struct Launch {
  std::shared_ptr<const Program> program;  // keeps the machine code
  const CompiledKernel* kernel = nullptr;
  LaunchRecord record{};
  ArgumentBlock arguments;
  size_t local_bytes = 0;                    // of one group: what the kernel declares and what its arguments ask for
  std::vector<size_t> local_argument_bytes;  // of each argument; only for a kernel that is checked
};

/// Memory for local variables and for items' values across barriers comes in multiples of this, aligned to it.
constexpr size_t kScratchAlignment = 128;  // of the largest OpenCL vector

constexpr size_t scratch_bytes(size_t bytes) {
  return (bytes + kScratchAlignment - 1) / kScratchAlignment * kScratchAlignment;
}

/// Sets how many groups of the launch's group size there are.
ze_result_t set_group_count(Launch& launch, const ze_group_count_t& groups);

/// Launches whose group counts lie in memory until they run.
struct IndirectLaunch {
  std::vector<Launch> launches;
  const uint32_t* count;           // how many of them run; null: all
  const ze_group_count_t* groups;  // one for each
};

/// Groups that can run at the same time.
uint32_t max_cooperative_groups();

/// A launch whose groups may wait for one another by way of memory.
struct CooperativeLaunch {
  Launch launch;
};

/// Spreads the work-groups over threads and returns when all are done.
ze_result_t run(const Launch& launch);
ze_result_t run(const IndirectLaunch& indirect);
ze_result_t run(const CooperativeLaunch& cooperative);

/// Whether it surely ends within a few microseconds: few items, and no loop in them.
bool is_brief(const Launch& launch);

/// Runs [begin, end) of the launch, in the kernel's unit, on this thread.
ze_result_t run_range(const Launch& launch, uint64_t begin, uint64_t end);

/// Says which kernel's items did not come to the same barrier.
void report_divergence(const CompiledKernel& kernel);

}  // namespace metate::ze_software
