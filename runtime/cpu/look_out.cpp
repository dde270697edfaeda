#include "runtime/cpu/look_out.h"

#include <bit>
#include <chrono>
#include <thread>

namespace metate::cpu {
namespace {

/// Longer than Python takes from one small call to the next.
constexpr std::chrono::microseconds kPatience(50);
constexpr int kPlaces = 64;  // bits of HandedWork::places_

/// Where one helper looks out. It goes from kNobody to kWaiting and back by the helper, to some work by who hands that
/// out, from there back to kWaiting by the same or to kWorking by the helper, and then to kWaiting again.
struct alignas(64) Place {
  std::atomic<HandedWork*> work = nullptr;
};

HandedWork* const kNobody = nullptr;
HandedWork* const kWaiting = reinterpret_cast<HandedWork*>(1);
HandedWork* const kWorking = reinterpret_cast<HandedWork*>(2);

Place places[kPlaces];
std::atomic<uint64_t> taken = 0;  // a bit for each place that is not kNobody's
std::atomic<int> invited = 0;     // helpers that look out on invitation, or will

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// Null where all are taken.
Place* take_place() {
  uint64_t known = taken.load(std::memory_order_relaxed);
  while (~known) {
    const int free = std::countr_one(known);
    if (!taken.compare_exchange_weak(known, known | uint64_t{1} << free)) continue;
    places[free].work.store(kWaiting);
    return &places[free];
  }
  return nullptr;
}

/// What was handed out there, or kWaiting after a while.
HandedWork* wait_for_work(const Place& place) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (true) {
    for (int i = 0; i < 16; ++i) {
      if (HandedWork* const work = place.work.load(std::memory_order_acquire); work != kWaiting) return work;
      pause();
    }
    // Without giving way to others: on a busy machine the work would be done before this thread had its turn again.
    if (std::chrono::steady_clock::now() > end) return kWaiting;
  }
}

}  // namespace

HandedWork::HandedWork(void (*work)(void*), void* argument, int most) : work_(work), argument_(argument) {
  uint64_t candidates = taken.load(std::memory_order_acquire);
  while (candidates && count_ < most) {
    const int place = std::countr_zero(candidates);
    candidates &= candidates - 1;
    HandedWork* expected = kWaiting;
    if (places[place].work.load(std::memory_order_relaxed) != kWaiting) continue;
    unfinished_.fetch_add(1, std::memory_order_relaxed);
    if (places[place].work.compare_exchange_strong(expected, this, std::memory_order_acq_rel)) {
      places_ |= uint64_t{1} << place;
      ++count_;
    } else {
      unfinished_.fetch_sub(1, std::memory_order_relaxed);
    }
  }
}

HandedWork::~HandedWork() {
  for (uint64_t rest = places_; rest; rest &= rest - 1) {
    HandedWork* expected = this;
    if (places[std::countr_zero(rest)].work.compare_exchange_strong(expected, kWaiting, std::memory_order_acq_rel))
      unfinished_.fetch_sub(1, std::memory_order_relaxed);
  }
  for (int i = 0; unfinished_.load(std::memory_order_acquire) != 0; ++i) {
    if (i % 64 == 63) std::this_thread::yield();
    pause();
  }
}

void look_out() {
  Place* const place = take_place();
  while (place) {
    HandedWork* work = wait_for_work(*place);
    if (work == kWaiting) {
      if (!place->work.compare_exchange_strong(work, kNobody)) continue;
      break;
    }
    if (!place->work.compare_exchange_strong(work, kWorking, std::memory_order_acq_rel)) continue;  // taken back
    work->work_(work->argument_);
    work->unfinished_.fetch_sub(1, std::memory_order_release);  // it may be gone from here on
    place->work.store(kWaiting, std::memory_order_release);
  }
  if (place) taken.fetch_and(~(uint64_t{1} << (place - places)));
}

void accept_invitation() {
  look_out();
  invited.fetch_sub(1, std::memory_order_relaxed);
}

int invite_to_look_out(int wanted) {
  int known = invited.load(std::memory_order_relaxed);
  while (known < wanted && !invited.compare_exchange_weak(known, wanted)) {
  }
  return wanted > known ? wanted - known : 0;
}

}  // namespace metate::cpu
