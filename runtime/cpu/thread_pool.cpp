#include "runtime/cpu/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>

#include "runtime/base/at_fork.h"
#include "runtime/cpu/environment.h"
#include "runtime/cpu/look_out.h"

#if METATE_WITH_TBB
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>
#endif

namespace metate::cpu {
namespace {

int count_threads() {
  // More threads than this are a mistake in the variable, not a machine.
  constexpr int64_t kMost = 1024;
  const int64_t available = std::max(1u, std::thread::hardware_concurrency());
  return static_cast<int>(std::min(kMost, read_number("METATE_NUM_THREADS", 1).value_or(available)));
}

#if METATE_WITH_TBB

std::atomic<bool> has_begun = false;        // to use oneTBB; a thread may be in the middle of its start
std::atomic<bool> is_forked_child = false;  // of a process that had
const base::AtFork kKnowsChildren(nullptr, nullptr, [] { is_forked_child = has_begun.load(); });

// An arena for each calling thread: a second Python thread then finds no slot taken by the first, and both share the
// workers. It has as many slots as there are threads even where oneTBB would give fewer.
class Arena {
 public:
  ~Arena() {
    if (!is_forked_child) delete arena_;
  }
  oneapi::tbb::task_arena& get() {
    if (!arena_) arena_ = new oneapi::tbb::task_arena(max_threads());
    return *arena_;
  }

 private:
  oneapi::tbb::task_arena* arena_ = nullptr;
};

void prepare_process() {
  static const bool kPrepared = [] {
    // Only to have more threads than oneTBB would give: a lower number would bind everybody's use of oneTBB. Never
    // destroyed, because calling threads may outlive the static objects of the process.
    const auto wanted = static_cast<size_t>(max_threads());
    using Control = oneapi::tbb::global_control;
    if (wanted > Control::active_value(Control::max_allowed_parallelism)) {
      static const auto* const kControl = new Control(Control::max_allowed_parallelism, wanted);
      (void)kControl;
    }
    return true;
  }();
  (void)kPrepared;
}

void run_isolated(int helpers, void (*work)(void*), void* argument) {
  // Isolated: while it waits, the calling thread must not begin tasks of an outer region, which might take long or
  // hold what this one needs.
  oneapi::tbb::this_task_arena::isolate([=] {
    oneapi::tbb::task_group group;
    for (int i = 0; i < helpers; ++i) group.run([=] { work(argument); });
    work(argument);
    group.wait();
  });
}

#endif

}  // namespace

int max_threads() {
  // Two threads may count at first: if one waited for the other, it would do so for ever in a forked child.
  static constinit std::atomic<int> known = 0;
  int count = known.load(std::memory_order_relaxed);
  if (count == 0) known.store(count = count_threads(), std::memory_order_relaxed);
  return count;
}

#if METATE_WITH_TBB

std::string_view threading_layer() { return is_forked_child ? "std" : "tbb"; }

void run_on_threads(int helpers, void (*work)(void*), void* argument) {
  helpers = std::min(helpers, max_threads() - 1);
  if (helpers <= 0) return work(argument);
  if (is_forked_child) return std_pool::run_on_threads(helpers, work, argument);
  if (!has_begun.load(std::memory_order_relaxed)) has_begun = true;
  const HandedWork handed(work, argument, helpers);
  helpers -= handed.count();
  if (helpers == 0) return work(argument);
  prepare_process();
  static thread_local Arena arena;
  static thread_local bool is_inside = false;
  // Work that runs on this thread already is in an arena; entering another would hide the workers of the first.
  if (is_inside || oneapi::tbb::this_task_arena::current_thread_index() > 0) {
    return run_isolated(helpers, work, argument);
  }
  is_inside = true;
  arena.get().execute([=] { run_isolated(helpers, work, argument); });
  is_inside = false;
  // Those that came look for tasks for a moment still, and find this one; those that are late find it when they come.
  for (int invitations = invite_to_look_out(helpers + handed.count()); invitations > 0; --invitations)
    arena.get().enqueue(accept_invitation);
}

#else

std::string_view threading_layer() { return "std"; }

void run_on_threads(int helpers, void (*work)(void*), void* argument) {
  helpers = std::min(helpers, max_threads() - 1);
  if (helpers <= 0) return work(argument);
  std_pool::run_on_threads(helpers, work, argument);
}

#endif

}  // namespace metate::cpu
