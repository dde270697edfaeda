// work_group.h – the work-items of one group under interpretation: the memory they share, and where they meet.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "compiler/ir/interpret/interpret.h"

namespace metate::ir {

/// What the interpreters of a group's items share; each runs on a thread of its own.
class WorkGroup {
 public:
  /// The items in the order of their numbers.
  explicit WorkGroup(std::span<const WorkItem> items);

  /// The storage of a group's array: of zeros at first, the same for all items.
  std::byte* storage(const Function& function, Inst inst, size_t bytes);
  /// Waits until all items of the group or sub-group have come. False when some never will.
  bool meet(size_t item, bool sub_group);
  /// The values that all of them bring, in the order of their numbers, and which of them is the item's own.
  struct Values {
    std::vector<types::Scalar> values;
    size_t own;
  };
  std::optional<Values> exchange(size_t item, bool sub_group, const types::Scalar& value);
  /// An item has come to its end.
  void leave(size_t item);
  /// Held for each atomic access.
  std::mutex& atomics() { return atomics_; }

 private:
  /// Items that wait for each other.
  struct Party {
    std::condition_variable all_came;
    size_t running = 0;
    size_t waiting = 0;
    uint64_t round = 0;
    bool has_left = false;
    std::map<size_t, types::Scalar> values;  // by item
  };
  Party& party(size_t item, bool sub_group) { return sub_group ? sub_groups_[sub_group_of_[item]] : all_; }
  bool meet(std::unique_lock<std::mutex>& lock, Party& party);

  std::mutex mutex_, atomics_;
  Party all_;
  std::map<int64_t, Party> sub_groups_;
  std::vector<int64_t> sub_group_of_;
  std::map<std::pair<const Function*, uint32_t>, std::vector<std::byte>> storage_;
};

/// Runs a kernel once for each item. The outcome is that of the first item which failed, in the order given, or else of
/// the first one.
Outcome run_group(const Function& kernel, std::span<const Datum> arguments, std::span<const WorkItem> items,
                  const InterpreterOptions& options);

}  // namespace metate::ir
