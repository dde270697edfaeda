#include "runtime/ze_software/checked_launch.h"

#include <cstdlib>
#include <cstring>

#include "runtime/abi/kernel_check.h"
#include "runtime/ze_software/check/checker.h"
#include "runtime/ze_software/memory.h"
#include "runtime/ze_software/messages.h"
#include "runtime/ze_software/program.h"

namespace metate::ze_software {
namespace {

using check::MemoryRange;

std::optional<MemoryRange> range_of(const AllocationMap* allocations, uintptr_t address) {
  const std::optional<Allocation> found =
      allocations ? allocations->find(reinterpret_cast<const void*>(address)) : std::nullopt;
  if (!found) return std::nullopt;
  const auto base = reinterpret_cast<uintptr_t>(found->base);
  return MemoryRange{base, base + found->size};
}

/// What is behind each argument. Nothing is known of memory that the driver has not given out.
std::vector<std::optional<MemoryRange>> argument_ranges(const Launch& launch, uintptr_t local) {
  std::vector<std::optional<MemoryRange>> ranges;
  for (size_t i = 0; i < launch.kernel->arguments.size(); ++i) {
    const KernelArgument& argument = launch.kernel->arguments[i];
    uint64_t word = 0;
    if (argument.kind != ArgumentKind::kValue)
      std::memcpy(&word, launch.arguments.data() + argument.offset, sizeof(word));
    switch (argument.kind) {
      case ArgumentKind::kPointer:
        ranges.push_back(word ? range_of(launch.program->checked_memory(), word) : MemoryRange{});
        break;
      case ArgumentKind::kLocalPointer:
        ranges.push_back(MemoryRange{local + word, local + word + launch.local_argument_bytes[i]});
        break;
      case ArgumentKind::kValue:
        ranges.emplace_back();
        break;
    }
  }
  return ranges;
}

}  // namespace

ze_result_t run_checked(const Launch& launch) {
  const CompiledKernel& kernel = *launch.kernel;
  const LaunchRecord& record = launch.record;
  const uint64_t group_items = record.group_size[0] * record.group_size[1] * record.group_size[2];
  const size_t local_bytes = scratch_bytes(launch.local_bytes);
  const size_t bytes = local_bytes + scratch_bytes(kernel.bytes_per_item * group_items);
  std::unique_ptr<std::byte, decltype(&std::free)> memory(
      static_cast<std::byte*>(std::aligned_alloc(kScratchAlignment, std::max(bytes, kScratchAlignment))), &std::free);
  if (!memory) return ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY;
  const auto local = reinterpret_cast<uintptr_t>(memory.get());
  const check::CheckedLaunch checked{
      .kernel = *kernel.check,
      .record = record,
      .sub_group_size = kernel.sub_group_size,
      .local = {local, local + launch.local_bytes},
      .items = {local + local_bytes, local + bytes},
      .parameters = argument_ranges(launch, local),
      .allocation = [&](uintptr_t address) { return range_of(launch.program->checked_memory(), address); },
  };
  const uint64_t groups = record.group_count[0] * record.group_count[1] * record.group_count[2];
  const uint64_t count = kernel.range_unit == RangeUnit::kItem ? groups * group_items : groups;
  const std::string faults = check::Checker(checked).run([&] {
    return static_cast<RangeStatus>(
        kernel.run(&record, launch.arguments.data(), memory.get(), memory.get() + local_bytes, 0, count));
  });
  if (faults.empty()) return ZE_RESULT_SUCCESS;
  report(std::string(abi::kKernelCheckReport) + faults);
  return ZE_RESULT_ERROR_UNKNOWN;
}

}  // namespace metate::ze_software
