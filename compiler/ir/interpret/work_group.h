// work_group.h – the work-items of one group under interpretation: the memory they share, and where they meet.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <vector>

#include "compiler/ir/interpret/interpret.h"

namespace metate::ir {

/// What the interpreters of a group's items share; each runs on a thread of its own.
class WorkGroup {
 public:
  explicit WorkGroup(size_t items) : running_(items) {}

  /// The storage of a group's array: of zeros at first, the same for all items.
  std::byte* storage(const Function& function, Inst inst, size_t bytes);
  /// Waits until all items have come. False when some never will.
  bool meet();
  /// An item has come to its end.
  void leave();
  /// Held for each atomic access.
  std::mutex& atomics() { return atomics_; }

 private:
  std::mutex mutex_, atomics_;
  std::condition_variable all_came_;
  size_t running_;
  size_t waiting_ = 0;
  uint64_t round_ = 0;
  bool has_left_ = false;
  std::map<std::pair<const Function*, uint32_t>, std::vector<std::byte>> storage_;
};

/// Runs a kernel once for each item. The outcome is that of the first item which failed, in the order given, or else of
/// the first one.
Outcome run_group(const Function& kernel, std::span<const Datum> arguments, std::span<const WorkItem> items,
                  const InterpreterOptions& options);

}  // namespace metate::ir
