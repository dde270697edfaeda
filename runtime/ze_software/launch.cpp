#include "runtime/ze_software/launch.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include "runtime/abi/context.h"
#include "runtime/abi/kernel_conventions.h"
#include "runtime/cpu/parallel.h"
#include "runtime/ze_software/checked_launch.h"
#include "runtime/ze_software/memory_kind.h"
#include "runtime/ze_software/messages.h"
#include "runtime/ze_software/program.h"

namespace metate::ze_software {
namespace {

/// A thread's memory for local variables and for items' values across barriers: grown as needed, kept for the next.
class Scratch {
 public:
  ~Scratch() { std::free(memory_); }

  std::byte* reserve(size_t bytes) {
    if (bytes > size_) {
      std::free(memory_);
      size_ = scratch_bytes(bytes);
      memory_ = std::aligned_alloc(kScratchAlignment, size_);
      if (!memory_) size_ = 0;
    }
    return static_cast<std::byte*>(memory_);
  }

 private:
  void* memory_ = nullptr;
  size_t size_ = 0;
};

uint64_t product(const uint64_t (&values)[3]) { return values[0] * values[1] * values[2]; }

/// One launch on its way: what the threads share.
struct Run {
  const Launch& launch;
  std::atomic<ze_result_t> result = ZE_RESULT_SUCCESS;
};

/// Calls run_range for pieces of at least `grain` of the launch's `count` units.
ze_result_t run_on_threads(const Launch& launch, uint64_t count, uint64_t grain) {
  Run state{launch};
  abi::Context context{};
  cpu::parallel_region(
      &context, static_cast<int64_t>(count), static_cast<int64_t>(grain),
      [](abi::Context*, void* env, int64_t begin, int64_t end) -> int32_t {
        auto& state = *static_cast<Run*>(env);
        const ze_result_t result = run_range(state.launch, static_cast<uint64_t>(begin), static_cast<uint64_t>(end));
        if (result == ZE_RESULT_SUCCESS) return abi::kOk;
        state.result = result;
        return abi::kRaised;
      },
      &state);
  return state.result;
}

}  // namespace

void report_divergence(const CompiledKernel& kernel) {
  report("kernel '" + kernel.name + "': " + abi::kDivergentBarrier);
}

ze_result_t run_range(const Launch& launch, uint64_t begin, uint64_t end) {
  static thread_local Scratch scratch;
  // One group's local memory, and the memory of its items behind.
  const size_t local_bytes = scratch_bytes(launch.local_bytes);
  const size_t bytes = local_bytes + launch.kernel->bytes_per_item * product(launch.record.group_size);
  std::byte* const local = scratch.reserve(bytes);
  if (bytes && !local) return ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY;
  std::byte* const items = local ? local + local_bytes : nullptr;
  const ThreadMemoryScope scope({local, items, local ? local + bytes : nullptr, __builtin_frame_address(0)});
  const int32_t status = launch.kernel->run(&launch.record, launch.arguments.data(), local, items, begin, end);
  switch (static_cast<RangeStatus>(status)) {
    case RangeStatus::kDone:
      return ZE_RESULT_SUCCESS;
    case RangeStatus::kBarrierDivergence:
      break;
  }
  return ZE_RESULT_ERROR_UNKNOWN;
}

ze_result_t run(const Launch& launch) {
  const CompiledKernel& kernel = *launch.kernel;
  const uint64_t group_items = product(launch.record.group_size);
  const bool by_item = kernel.range_unit == RangeUnit::kItem;
  const uint64_t count = by_item ? product(launch.record.global_size) : product(launch.record.group_count);
  if (count == 0) return ZE_RESULT_SUCCESS;
  if (kernel.check) return run_checked(launch);
  const uint64_t grain = by_item ? kernel.grain : std::max<uint64_t>(kernel.grain / group_items, 1);
  const ze_result_t result = count <= grain ? run_range(launch, 0, count) : run_on_threads(launch, count, grain);
  if (result == ZE_RESULT_ERROR_UNKNOWN) report_divergence(kernel);
  return result;
}

bool is_brief(const Launch& launch) {
  constexpr uint64_t kFewItems = 64;
  return launch.kernel->grain > 1 && !launch.kernel->check && product(launch.record.global_size) <= kFewItems;
}

ze_result_t set_group_count(Launch& launch, const ze_group_count_t& groups) {
  const uint32_t counts[3] = {groups.groupCountX, groups.groupCountY, groups.groupCountZ};
  LaunchRecord& record = launch.record;
  record.work_dimensions = 1;
  uint64_t items = 1;
  for (int d = 0; d < 3; ++d) {
    record.group_count[d] = counts[d];
    record.global_size[d] = counts[d] * record.group_size[d];
    if (record.global_size[d] > 1) record.work_dimensions = static_cast<uint64_t>(d) + 1;
    if (__builtin_mul_overflow(items, record.global_size[d], &items)) return ZE_RESULT_ERROR_UNSUPPORTED_SIZE;
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t run(const IndirectLaunch& indirect) {
  const size_t count = indirect.count ? std::min<size_t>(*indirect.count, indirect.launches.size())  //
                                      : indirect.launches.size();
  for (size_t i = 0; i < count; ++i) {
    Launch launch = indirect.launches[i];
    if (ze_result_t bad = set_group_count(launch, indirect.groups[i])) return bad;
    if (ze_result_t bad = run(launch)) return bad;
  }
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
