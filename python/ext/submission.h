// submission – a command on its way to a device: what it keeps alive until it is done, and how it failed.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "compiler/driver/session.h"
#include "python/ext/command_pool.h"
#include "python/ext/launch_notes.h"
#include "python/ext/launch_sizes.h"
#include "python/ext/ref.h"
#include "runtime/abi/kernel_error.h"
#include "runtime/base/result.h"
#include "runtime/level_zero/events.h"
#include "runtime/level_zero/memory.h"

namespace metate::ext {

/// What a command uses while it runs.
struct Kept {
  std::array<Ref, 2> objects;
  std::shared_ptr<void> memory;                  // copies of arguments
  level_zero::Allocation errors;                 // of a launch: CommandPool::error_memory …
  bool prints = false;                           // … for a kernel that prints
  std::shared_ptr<const driver::Artifact> code;  // of a launch: what its errors are sites of, kept with its kernel …
  const LaunchNotes* notes = nullptr;            // … and what is known of that
  size_t accessor_bytes = 0;                     // of a launch: of its arguments in local memory
  Extents global_size;                           // of a launch
  Extents global_offset;                         // … and where its ids begin; empty for zeros
  bool to_the_end = false;                       // who waits for it is not to be interrupted
  bool brief = false;                            // … and need not give the GIL away
};

/// Shared by the queue, until the command is done, and by its events. Every member needs the GIL, which is the lock.
class Submission {
 public:
  Submission(std::shared_ptr<CommandPool> pool, Kept&& kept) : pool_(std::move(pool)), kept_(std::move(kept)) {}
  ~Submission();

  const std::shared_ptr<level_zero::Device>& device() const { return pool_->device(); }

  /// What an error of the command means.
  base::Error explained(const base::Error& error) const;
  /// Takes note that the command is done, and lets go what it kept.
  void finish(const base::Status& status);
  bool finished() const { return finished_; }

  /// For Python's cycle collector: what the command keeps may refer to its queue.
  int traverse(visitproc visit, void* arg) const;

  bool failed() const { return failure_ != nullptr; }
  /// Sets the Python exception of the failure.
  void set_error() const;
  /// What a work-item raised; null where it was not that.
  const abi::ErrorRecord* raised() const { return failure_ && failure_->code ? &failure_->raised : nullptr; }

  level_zero::Event event;                         // signalled by the command; none where nobody asks
  std::vector<std::shared_ptr<Submission>> after;  // what it waits for, until it is done
  std::optional<base::Error> wait_error;           // of a wait that failed while the command went on
  double submitted_nanoseconds = 0;                // on the device's clock, where the queue keeps times
  bool reported = false;                           // its failure is known to the program, or nobody need be told

 private:
  struct Failure {
    base::Error error;                             // the driver's, unless a work-item raised
    std::shared_ptr<const driver::Artifact> code;  // in which a work-item raised
    abi::ErrorRecord raised{};
    Extents global_id;  // of that work-item
  };

  std::shared_ptr<CommandPool> pool_;  // of the queue, which may go earlier
  Kept kept_;
  std::unique_ptr<Failure> failure_;
  bool finished_ = false;
};

}  // namespace metate::ext
