// thread_pool_std – the pool of plain std::threads: a job list, workers that take tickets, a caller that waits.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>
#include <thread>

#include "runtime/base/at_fork.h"
#include "runtime/cpu/thread_pool.h"

namespace metate::cpu::std_pool {
namespace {

// Lives on the stack of the calling thread. Nobody touches it after the last decrement of `running`.
struct Job {
  void (*work)(void*);
  void* argument;
  int tickets;  // guarded by the pool's mutex
  std::atomic<int> running = 0;
};

void pause_briefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Some ten microseconds: regions often follow each other at once, and waking a thread costs about as much.
constexpr int kSpins = 400;

template <class Condition>
bool spin_until(Condition&& condition) {
  for (int i = 0; i < kSpins; ++i) {
    if (condition()) return true;
    pause_briefly();
  }
  return condition();
}

class Pool {
 public:
  void run(int helpers, void (*work)(void*), void* argument) {
    Job job{work, argument, helpers};
    int wake = 0;
    {
      std::lock_guard lock(mutex_);
      start_workers(helpers);
      jobs_.push_back(&job);
      pending_.fetch_add(1, std::memory_order_release);
      wake = std::min(helpers, sleeping_);
    }
    for (int i = 0; i < wake; ++i) work_there_.notify_one();
    work(argument);
    {
      // Tickets that nobody took are withdrawn: what there was to do is done.
      std::lock_guard lock(mutex_);
      if (job.tickets > 0) remove(&job);
    }
    auto is_done = [&] { return job.running.load(std::memory_order_acquire) == 0; };
    if (spin_until(is_done)) return;
    std::unique_lock lock(mutex_);
    job_done_.wait(lock, is_done);
  }

 private:
  void start_workers(int wanted) {
    for (; workers_ < wanted; ++workers_) std::thread([this] { serve(); }).detach();
  }

  void remove(Job* job) {
    jobs_.erase(std::find(jobs_.begin(), jobs_.end(), job));
    pending_.fetch_sub(1, std::memory_order_relaxed);
  }

  Job* take_ticket() {
    if (jobs_.empty()) return nullptr;
    // The newest first: inner regions stand in the way of outer ones.
    Job* job = jobs_.back();
    job->running.fetch_add(1, std::memory_order_relaxed);
    if (--job->tickets == 0) remove(job);
    return job;
  }

  Job* wait_for_ticket() {
    spin_until([&] { return pending_.load(std::memory_order_acquire) > 0; });
    std::unique_lock lock(mutex_);
    for (;;) {
      if (Job* job = take_ticket()) return job;
      ++sleeping_;
      work_there_.wait(lock);
      --sleeping_;
    }
  }

  [[noreturn]] void serve() {
    for (;;) {
      Job* job = wait_for_ticket();
      job->work(job->argument);
      if (job->running.fetch_sub(1, std::memory_order_release) == 1) {
        // The caller looks at `running` under the mutex before it sleeps, so it cannot miss this.
        std::lock_guard lock(mutex_);
        job_done_.notify_all();
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable work_there_, job_done_;
  std::deque<Job*> jobs_;
  std::atomic<int> pending_ = 0;  // jobs_.size(), to look at without the mutex
  int sleeping_ = 0;
  int workers_ = 0;
};

// Never destroyed: its detached workers run until the process ends. A forked child has no workers and begins anew in
// the same storage.
alignas(Pool) char storage[sizeof(Pool)];

Pool& pool() {
  static Pool* const kPool = new (storage) Pool;
  return *kPool;
}

const base::AtFork kBeginsAnew([] { pool(); }, nullptr, [] { new (storage) Pool; });

}  // namespace

void run_on_threads(int helpers, void (*work)(void*), void* argument) { pool().run(helpers, work, argument); }

}  // namespace metate::cpu::std_pool
