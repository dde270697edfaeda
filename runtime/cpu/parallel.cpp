#include "runtime/cpu/parallel.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "runtime/abi/context.h"
#include "runtime/abi/runtime_calls.h"
#include "runtime/base/trace.h"
#include "runtime/cpu/stack.h"
#include "runtime/cpu/thread_pool.h"

namespace metate::cpu {
namespace {

constexpr size_t kCacheLine = 64;

// Pieces a thread: enough that threads which finish early find something to take over.
constexpr int64_t kPiecesPerThread = 8;

struct ThreadState {
  int mask = 0;  // 0: all threads
  int index = 0;
};
thread_local ThreadState thread_state;

// The iterations that one thread does first. A thread without work of its own takes over from the others.
struct alignas(kCacheLine) Share {
  std::atomic<int64_t> next;
  int64_t end;
};

class Region {
 public:
  Region(abi::Context* context, int64_t extent, int64_t grain, int threads, RegionBody body, void* env, Share* shares)
      : context_(context), body_(body), env_(env), mask_(get_num_threads()), threads_(threads), shares_(shares) {
    piece_ = std::max(grain, extent / (threads * kPiecesPerThread));
    // Shares are whole pieces, so that only the last piece of all is shorter than `grain`.
    const int64_t pieces = (extent + piece_ - 1) / piece_;
    for (int t = 0; t < threads; ++t) {
      shares_[t].next.store(pieces * t / threads * piece_, std::memory_order_relaxed);
      shares_[t].end = std::min(extent, pieces * (t + 1) / threads * piece_);
    }
  }

  // What each thread does.
  void work() {
    const int index = arrived_.fetch_add(1, std::memory_order_relaxed);
    const ThreadState outer = thread_state;
    thread_state = {mask_, index};
    abi::Context context{};
    context.error.site = -1;
    // The thread that entered the region goes on with what it had; its helpers leave when that says so.
    const bool helps = std::this_thread::get_id() != caller_;
    context.stack_limit = helps ? stack_limit() : context_->stack_limit;
    context.interrupt = helps ? &leave_ : context_->interrupt;
    context.host = context_->host;
    for (int i = 0; i < threads_; ++i) finish_share(shares_[(index + i) % threads_], context);
    thread_state = outer;
  }

  int32_t result() const {
    if (lowest_failed_.load(std::memory_order_relaxed) == kNone) return abi::kOk;
    context_->error = error_;
    return abi::kRaised;
  }

 private:
  static constexpr int64_t kNone = std::numeric_limits<int64_t>::max();
  // What the host raised itself is not the iteration's fault, and nothing waits for others.
  static constexpr int64_t kBeforeAll = -1;

  static bool is_interrupted(abi::Context& context) {
    const bool asked = context.interrupt && __atomic_load_n(context.interrupt, __ATOMIC_RELAXED) != abi::kGoOn;
    return asked && metate_interrupted(&context) != abi::kOk;
  }

  void finish_share(Share& share, abi::Context& context) {
    while (share.next.load(std::memory_order_relaxed) < share.end) {
      const int64_t begin = share.next.fetch_add(piece_, std::memory_order_relaxed);
      if (is_interrupted(context)) return fail(kBeforeAll, context);
      // Above an iteration that failed nothing needs to run; below it all must, one of them may fail too.
      if (begin >= share.end || begin > lowest_failed_.load(std::memory_order_relaxed)) return;
      const int64_t end = std::min(begin + piece_, share.end);
      base::TimedSpan span(base::SpanKind::kRegion, "piece", {}, end - begin);
      if (body_(&context, env_, begin, end) != abi::kOk) fail(context.error.site < 0 ? kBeforeAll : begin, context);
    }
  }

  void fail(int64_t begin, abi::Context& context) {
    std::lock_guard lock(mutex_);
    if (begin < lowest_failed_.load(std::memory_order_relaxed)) {
      lowest_failed_.store(begin, std::memory_order_relaxed);
      error_ = context.error;
    }
    if (begin == kBeforeAll) __atomic_store_n(&leave_, abi::kLeave, __ATOMIC_RELAXED);
    context.error.site = -1;
    context.error.trace_length = 0;
  }

  abi::Context* const context_;
  const RegionBody body_;
  void* const env_;
  const std::thread::id caller_ = std::this_thread::get_id();
  const int mask_;
  const int threads_;
  Share* const shares_;
  int64_t piece_;
  alignas(kCacheLine) std::atomic<int> arrived_ = 0;
  alignas(kCacheLine) std::atomic<int64_t> lowest_failed_ = kNone;
  alignas(kCacheLine) int32_t leave_ = abi::kGoOn;
  std::mutex mutex_;
  abi::ErrorRecord error_;
};

}  // namespace

int32_t parallel_region(abi::Context* context, int64_t extent, int64_t grain, RegionBody body, void* env) {
  if (extent <= 0) return abi::kOk;
  grain = std::max<int64_t>(grain, 1);
  const int64_t pieces = (extent + grain - 1) / grain;
  const int threads = static_cast<int>(std::min<int64_t>(get_num_threads(), pieces));
  base::TimedSpan span(base::SpanKind::kRegion, "parallel region", {}, extent);
  if (threads == 1) return body(context, env, 0, extent);

  // The common case must not allocate: a region costs less than a microsecond.
  constexpr int kOnStack = 32;
  Share on_stack[kOnStack];
  const std::unique_ptr<Share[]> on_heap(threads > kOnStack ? new Share[static_cast<size_t>(threads)] : nullptr);
  Region region(context, extent, grain, threads, body, env, on_heap ? on_heap.get() : on_stack);
  run_on_threads(threads - 1, [](void* argument) { static_cast<Region*>(argument)->work(); }, &region);
  return region.result();
}

base::Status set_num_threads(int count) {
  if (count < 1 || count > max_threads()) {
    return base::Error{
        base::ErrorCode::kInvalidArgument,
        "number of threads must be between 1 and " + std::to_string(max_threads()) + ", not " + std::to_string(count)};
  }
  thread_state.mask = count;
  return base::Success{};
}

int get_num_threads() { return thread_state.mask ? thread_state.mask : max_threads(); }

int thread_index() { return thread_state.index; }

}  // namespace metate::cpu

extern "C" int32_t metate_parallel(void* context, int64_t extent, int64_t grain, void* body, void* env) {
  return metate::cpu::parallel_region(static_cast<metate::abi::Context*>(context), extent, grain,
                                      reinterpret_cast<metate::cpu::RegionBody>(body), env);
}
