// fault – what a checked kernel did wrong, and the report of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/ze_software/check/kernel_check.h"
#include "runtime/ze_software/launch_record.h"

namespace metate::ze_software::check {

struct Fault {
  enum class Kind : uint8_t { kOutOfBounds, kUninitialised, kRace, kDivergence };

  Kind kind = Kind::kOutOfBounds;
  uint32_t item = 0;  // who did it, as in Step
  uint32_t line = 0;
  bool writes = false;
  bool atomic = false;
  uint32_t object = 0;  // where to, as in KernelCheck
  int64_t offset = 0;   // of the first byte from the object's begin
  bool has_extent = false;
  uint64_t extent = 0;  // of the object
  uint64_t bytes = 0;   // of the access

  // The other item of a race or divergence.
  uint32_t other_item = 0;
  uint32_t other_line = 0;
  bool other_writes = false;
  bool other_atomic = false;
  bool local_memory = false;     // of a race
  bool barrier_between = false;  // of a race: one that does not put this memory in order
  bool narrow_barrier = false;   // of a race: it does, but for each sub-group alone
  bool waits = true;             // of a divergence: else it has ended
  bool other_waits = true;       // the same of the other
};

/// Those of one launch: each place in the source once.
class Faults {
 public:
  void add(const Fault& fault);
  bool empty() const { return kept_.empty(); }

  /// For people: what is wrong, where, and what helps.
  std::string report(const KernelCheck& kernel, const LaunchRecord& launch) const;

 private:
  std::vector<Fault> kept_;
  size_t left_out_ = 0;
};

}  // namespace metate::ze_software::check
