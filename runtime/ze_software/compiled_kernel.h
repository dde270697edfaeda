// compiled_kernel – a kernel as machine code, with all that a launch must know of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/ze_software/launch_record.h"
#include "runtime/ze_software/sub_group_sizes.h"

namespace metate::ze_software {

namespace check {
struct KernelCheck;
}

enum class ArgumentKind : uint8_t {
  kPointer,       // the address of global or constant memory
  kLocalPointer,  // the launch gives a size; the kernel gets that much of the group's local memory
  kValue,         // scalar, vector or structure, copied into the argument block
};

struct KernelArgument {
  ArgumentKind kind = ArgumentKind::kValue;
  uint32_t offset = 0;  // in the argument block
  uint32_t size = 0;    // in the argument block; that of the offset into local memory for kLocalPointer
};

/// What the range that the machine code is given counts: the items of the whole launch, or its work-groups.
enum class RangeUnit : uint8_t { kItem, kGroup };

struct CompiledKernel {
  std::string name;
  std::string refusal;     // why the device cannot run it; then nothing below is known of it
  std::string attributes;  // as written in the source: "reqd_work_group_size(8,1,1)"
  std::vector<KernelArgument> arguments;
  uint32_t argument_bytes = 0;
  uint32_t local_bytes = 0;     // of local memory that the kernel itself declares
  uint32_t bytes_per_item = 0;  // of memory that keeps an item's values from barrier to barrier
  uint32_t required_group_size[3] = {0, 0, 0};
  uint32_t required_sub_group_size = 0;  // 0: the kernel does not mind
  uint32_t sub_group_size = kDefaultSubGroupSize;
  uint32_t grain = 1;  // items that are worth a thread of their own; 1 where one has a loop, and may take long
  RangeUnit range_unit = RangeUnit::kGroup;
  RunRange run = nullptr;
  std::shared_ptr<const check::KernelCheck> check;  // null unless it tells the checker of what it does
};

}  // namespace metate::ze_software
