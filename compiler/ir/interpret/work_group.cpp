#include "compiler/ir/interpret/work_group.h"

#include <algorithm>
#include <thread>

namespace metate::ir {

WorkGroup::WorkGroup(std::span<const WorkItem> items) {
  for (const WorkItem& item : items) {
    sub_group_of_.push_back(item[static_cast<size_t>(WorkItemQuery::kSubGroupId)][0]);
    ++sub_groups_[sub_group_of_.back()].running;
  }
  all_.running = items.size();
}

std::byte* WorkGroup::storage(const Function& function, Inst inst, size_t bytes) {
  std::lock_guard lock(mutex_);
  std::vector<std::byte>& storage = storage_[{&function, inst.index()}];
  storage.resize(bytes);
  return storage.data();
}

bool WorkGroup::meet(size_t item, bool sub_group) {
  std::unique_lock lock(mutex_);
  return meet(lock, party(item, sub_group));
}

bool WorkGroup::meet(std::unique_lock<std::mutex>& lock, Party& party) {
  if (party.has_left) return false;
  uint64_t round = party.round;
  if (++party.waiting == party.running) {
    party.waiting = 0;
    ++party.round;
    party.all_came.notify_all();
    return true;
  }
  party.all_came.wait(lock, [&] { return party.round != round || party.has_left; });
  return party.round != round;
}

std::optional<WorkGroup::Values> WorkGroup::exchange(size_t item, bool sub_group, const types::Scalar& value) {
  std::unique_lock lock(mutex_);
  Party& party = this->party(item, sub_group);
  party.values[item] = value;
  if (!meet(lock, party)) return std::nullopt;
  Values result{{}, 0};
  for (const auto& [number, brought] : party.values) {
    if (number == item) result.own = result.values.size();
    result.values.push_back(brought);
  }
  // Nobody brings the next value before all have seen these.
  if (!meet(lock, party)) return std::nullopt;
  return result;
}

void WorkGroup::leave(size_t item) {
  std::lock_guard lock(mutex_);
  for (bool sub_group : {false, true}) {
    Party& party = this->party(item, sub_group);
    --party.running;
    party.has_left = true;
    party.all_came.notify_all();
  }
}

Outcome run_group(const Function& kernel, std::span<const Datum> arguments, std::span<const WorkItem> items,
                  const InterpreterOptions& options) {
  WorkGroup group(items);
  std::vector<Outcome> outcomes(items.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < items.size(); ++i)
    threads.emplace_back([&, i] {
      InterpreterOptions own = options;
      own.work_item = items[i];
      own.work_group = &group;
      own.item_number = i;
      outcomes[i] = Interpreter(std::move(own)).run(kernel, arguments);
      group.leave(i);
    });
  for (std::thread& thread : threads) thread.join();
  // An item that waited in vain says less than the one which never came.
  for (Outcome::Kind kind : {Outcome::Kind::kRaised, Outcome::Kind::kRefused})
    if (auto found = std::ranges::find(outcomes, kind, &Outcome::kind); found != outcomes.end()) return *found;
  return outcomes.front();
}

}  // namespace metate::ir
