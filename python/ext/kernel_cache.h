// kernel_cache – the specialisations of one kernel that were used last, each with its modules for the devices it ran
// on.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/driver/session.h"
#include "python/ext/device_modules.h"
#include "python/ext/launch_notes.h"

namespace metate::ext {

/// What a kernel is launched over, and the object for that which it takes as first argument, if it takes one.
struct KernelSpace {
  uint8_t rank;
  std::optional<types::KernelObject> item;

  bool operator==(const KernelSpace&) const = default;
};

/// One specialisation. Launches under way hold it.
struct BuiltKernel {
  BuiltKernel(bool checked, bool cached) : modules(checked, cached) {}
  /// Whether devices with these features run it as well as what would be compiled for them.
  bool serves(abi::DeviceFeatures features) const { return features == compiled_for || !code->use.float_atomics; }

  std::vector<uint64_t> key;  // arguments.h
  KernelSpace space;
  abi::DeviceFeatures compiled_for;
  std::shared_ptr<const driver::CompiledKernel> code;
  LaunchNotes notes;
  DeviceModules modules;
};

/// The GIL is the lock.
class KernelCache {
 public:
  using Entries = std::vector<std::shared_ptr<BuiltKernel>>;

  /// Of more than `limit` specialisations the one whose last use is longest ago leaves.
  explicit KernelCache(size_t limit) : limit_(limit) {}

  /// The specialisation for these types, and a device with these features; where there is none and `is_declared`, one
  /// that takes them as they are. Null if there is neither.
  std::shared_ptr<BuiltKernel> find(std::span<const uint64_t> key, const KernelSpace& space,
                                    abi::DeviceFeatures features, bool is_declared);

  /// Gives what had to leave.
  Entries add(std::shared_ptr<BuiltKernel> built);

  const Entries& entries() const { return entries_; }

 private:
  size_t limit_;
  Entries entries_;  // by their last use, the latest first
};

}  // namespace metate::ext
