#include "runtime/ze_software/shared_signal.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <climits>
#include <utility>

namespace metate::ze_software {
namespace {

using Clock = std::chrono::steady_clock;

static_assert(std::atomic<uint64_t>::is_always_lock_free);

/// Not the standard's wait, which is for threads of one process. The system looks at the lower half of the counter.
void futex(const std::atomic<uint64_t>& counter, int operation, uint32_t value, const timespec* limit) {
  static_assert(std::endian::native == std::endian::little);
  syscall(SYS_futex, &counter, operation, value, limit, nullptr, 0);
}

/// Returns for other reasons too.
void sleep_while(const std::atomic<uint64_t>& counter, uint64_t value, uint64_t nanoseconds) {
  constexpr uint64_t kSecond = 1'000'000'000;
  const timespec limit{static_cast<time_t>(nanoseconds / kSecond), static_cast<long>(nanoseconds % kSecond)};
  futex(counter, FUTEX_WAIT, static_cast<uint32_t>(value), nanoseconds == UINT64_MAX ? nullptr : &limit);
}

uint64_t nanoseconds_since(Clock::time_point start) {
  return static_cast<uint64_t>(std::chrono::nanoseconds(Clock::now() - start).count());
}

constexpr uint64_t kMark = 0x6d65746174657631;  // "metatev1"

}  // namespace

void SharedSignal::signal(uint64_t start, uint64_t end, ze_result_t result) {
  start_.store(start, std::memory_order_relaxed);
  end_.store(end, std::memory_order_relaxed);
  result_.store(result, std::memory_order_relaxed);
  completed_.fetch_add(1);
  // The memory may be gone by now. Then there is nobody to wake at this address, or somebody who looks again.
  futex(completed_, FUTEX_WAKE, INT_MAX, nullptr);
}

ze_result_t SharedSignal::wait_for(uint64_t count, uint64_t timeout) {
  const auto start = Clock::now();
  while (true) {
    const uint64_t completed = completed_.load();
    if (completed >= count) return static_cast<ze_result_t>(result_.load(std::memory_order_relaxed));
    const uint64_t passed = nanoseconds_since(start);
    if (passed >= timeout) return ZE_RESULT_NOT_READY;
    sleep_while(completed_, completed, timeout == UINT64_MAX ? timeout : timeout - passed);
  }
}

ze_kernel_timestamp_result_t SharedSignal::times() const {
  const uint64_t start = start_.load(std::memory_order_relaxed), end = end_.load(std::memory_order_relaxed);
  return {{start, end}, {start, end}};
}

/// What the file begins with; a slot for each event follows.
struct alignas(64) SharedSignals::Pool {
  struct alignas(64) Slot {  // events do not share a cache line
    SharedSignal signal;
  };
  uint64_t mark;
  uint32_t count, flags;

  Slot* slots() { return reinterpret_cast<Slot*>(this + 1); }
};

SharedSignals::SharedSignals(std::shared_ptr<SharedFile> file, std::shared_ptr<Pool> pool)
    : file_(std::move(file)), pool_(std::move(pool)) {}

std::unique_ptr<SharedSignals> SharedSignals::create(uint32_t count, uint32_t flags) {
  std::shared_ptr<SharedFile> file = SharedFile::create(sizeof(Pool) + count * sizeof(Pool::Slot));
  if (!file) return nullptr;
  std::shared_ptr<Pool> pool = std::static_pointer_cast<Pool>(file->map());
  if (!pool) return nullptr;
  pool->mark = kMark;
  pool->count = count;
  pool->flags = flags;
  return std::unique_ptr<SharedSignals>(new SharedSignals(std::move(file), std::move(pool)));
}

std::unique_ptr<SharedSignals> SharedSignals::open(std::shared_ptr<SharedFile> file) {
  if (file->size() < sizeof(Pool)) return nullptr;
  std::shared_ptr<Pool> pool = std::static_pointer_cast<Pool>(file->map());
  if (!pool || pool->mark != kMark) return nullptr;
  std::unique_ptr<SharedSignals> opened(new SharedSignals(std::move(file), std::move(pool)));
  return opened->count() ? std::move(opened) : nullptr;
}

/// The other process can write to it: no more than the file has room for.
uint32_t SharedSignals::count() const {
  const size_t room = (file_->size() - sizeof(Pool)) / sizeof(Pool::Slot);
  return static_cast<uint32_t>(std::min<size_t>(pool_->count, room));
}

uint32_t SharedSignals::flags() const { return pool_->flags; }

std::shared_ptr<SharedSignal> SharedSignals::at(uint32_t index) const { return {pool_, &pool_->slots()[index].signal}; }

}  // namespace metate::ze_software
