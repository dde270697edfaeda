#include "compiler/ir/interpret/work_group.h"

#include <algorithm>
#include <thread>

namespace metate::ir {

std::byte* WorkGroup::storage(const Function& function, Inst inst, size_t bytes) {
  std::lock_guard lock(mutex_);
  std::vector<std::byte>& storage = storage_[{&function, inst.index()}];
  storage.resize(bytes);
  return storage.data();
}

bool WorkGroup::meet() {
  std::unique_lock lock(mutex_);
  if (has_left_) return false;
  uint64_t round = round_;
  if (++waiting_ == running_) {
    waiting_ = 0;
    ++round_;
    all_came_.notify_all();
    return true;
  }
  all_came_.wait(lock, [&] { return round_ != round || has_left_; });
  return round_ != round;
}

void WorkGroup::leave() {
  std::lock_guard lock(mutex_);
  --running_;
  has_left_ = true;
  all_came_.notify_all();
}

Outcome run_group(const Function& kernel, std::span<const Datum> arguments, std::span<const WorkItem> items,
                  const InterpreterOptions& options) {
  WorkGroup group(items.size());
  std::vector<Outcome> outcomes(items.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < items.size(); ++i)
    threads.emplace_back([&, i] {
      InterpreterOptions own = options;
      own.work_item = items[i];
      own.work_group = &group;
      outcomes[i] = Interpreter(std::move(own)).run(kernel, arguments);
      group.leave();
    });
  for (std::thread& thread : threads) thread.join();
  // An item that waited in vain says less than the one which never came.
  for (Outcome::Kind kind : {Outcome::Kind::kRaised, Outcome::Kind::kRefused})
    if (auto found = std::ranges::find(outcomes, kind, &Outcome::kind); found != outcomes.end()) return *found;
  return outcomes.front();
}

}  // namespace metate::ir
