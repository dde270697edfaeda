// checker – watches one launch: every access, every barrier, item after item on one thread.
#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/ze_software/check/fault.h"
#include "runtime/ze_software/check/kernel_check.h"
#include "runtime/ze_software/check/shadow.h"
#include "runtime/ze_software/launch_record.h"
#include "runtime/ze_software/spirv/items.h"

namespace metate::ze_software::check {

struct MemoryRange {
  uintptr_t begin = 0;
  uintptr_t end = 0;

  bool holds(uintptr_t address, size_t bytes) const {
    return address >= begin && address <= end && bytes <= end - address;
  }
};

struct CheckedLaunch {
  const KernelCheck& kernel;
  const LaunchRecord& record;
  uint32_t sub_group_size;
  MemoryRange local;                                                // of one group
  MemoryRange items;                                                // where its items keep private variables
  std::vector<std::optional<MemoryRange>> parameters;               // what is behind each, where that is known
  std::function<std::optional<MemoryRange>(uintptr_t)> allocation;  // that an address lies in
};

class Checker {
 public:
  explicit Checker(const CheckedLaunch& launch);

  /// Runs the whole launch on this thread, which calls this checker meanwhile. Empty when all is well.
  std::string run(const std::function<RangeStatus()>& launch);

  // Calls of the kernel.
  void begin_item(const uint64_t (&group)[3], const uint64_t (&local)[3]);
  /// The barrier puts memory in order by these bits of spirv::BarrierMemory.
  void wait(spirv::ItemSet set, uint32_t memory, uint32_t number, uint32_t line);
  void span_array(uint32_t object, MemoryRange range);
  bool access(uintptr_t address, size_t bytes, uintptr_t base, uint32_t object, uint32_t line, uint32_t kind);
  void fence(uint32_t kind);

 private:
  /// Of an item of the group that runs.
  struct Item {
    Passed passed;
    Passed ordered_local, ordered_global;  // of these, up to the last that put such memory in order
    bool acquires = false;                 // when it goes on
    uint32_t narrow = 0;    // the last barrier of the group that was for the memory of each sub-group only
    uint32_t waits_at = 0;  // number of a barrier; 0: it runs or has ended
    uint32_t waiting_line = 0;
    bool fenced = false;                // its atomic operations publish what it did before
    bool fenced_since_barrier = false;  // so does the next barrier
    bool was_atomic = false;            // it has done one
  };
  /// When items of a group, or one item, published and looked for what others published by atomic operations.
  struct Sync {
    std::vector<uint32_t> releases;
    uint32_t last_acquire = 0;
  };

  std::optional<MemoryRange> range_of(uint32_t object, uintptr_t base) const;
  bool is_anywhere(uintptr_t address, size_t bytes) const;
  void synchronise(uint32_t kind);
  bool is_barrier_between(const Step& before, const Passed& now) const;
  bool are_ordered(const Step& before, const Step& now, bool local_memory) const;
  void watch(Place& place, const Step& now, bool writes, const Fault& access);
  void race(const Step& before, bool wrote, Fault fault);
  void look_for_uninitialised(uintptr_t address, size_t bytes, bool reads, bool writes, const Fault& access);
  void report_divergence();
  void add(Fault fault);

  const CheckedLaunch& launch_;
  uint32_t group_items_;
  Faults faults_;
  std::vector<std::optional<MemoryRange>> spans_;  // of parameters: the launch's, or what the kernel says

  uint32_t group_ = UINT32_MAX;
  uint32_t local_ = 0;
  std::vector<Item> items_;
  std::vector<bool> initialised_;  // bytes of local memory
  Shadow global_, local_memory_;

  uint32_t clock_ = 0;
  std::unordered_map<uint32_t, Sync> group_syncs_;
  std::unordered_map<uint32_t, Sync> item_syncs_;  // of the group that runs

  uint64_t occurrences_ = 0;
  std::jmp_buf escape_;
};

/// That of this thread's launch.
Checker& current_checker();

}  // namespace metate::ze_software::check
