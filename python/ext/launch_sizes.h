// launch_sizes – Python's extents of a launch as the device takes them.
#pragma once

#include <nanobind/nanobind.h>

#include <array>
#include <cstdint>
#include <span>

#include "python/ext/device_modules.h"
#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/module.h"

namespace metate::ext {

/// What Python says of the size of a launch or of its groups, the slowest dimension first. Without dimensions nothing
/// is said.
class Extents {
 public:
  uint8_t rank() const { return rank_; }
  bool empty() const { return rank_ == 0; }
  std::span<const int64_t> values() const { return {values_.data(), rank_}; }
  std::span<int64_t> values() { return {values_.data(), rank_}; }
  void push_back(int64_t extent) { values_[rank_++] = extent; }
  bool is_full() const { return rank_ == values_.size(); }

 private:
  uint8_t rank_ = 0;
  std::array<int64_t, 3> values_{};
};

// All throw Python exceptions for sizes that make no sense.

/// An int, a sequence of up to three, or None.
Extents read_extents(nanobind::handle sizes);

/// Python's extents, slowest first, as the device counts them: fastest first, missing ones 1.
level_zero::Extent3 device_extents(const Extents& extents, const char* what);

/// The first global id in each dimension, as the device counts dimensions; zeros where `offset` is empty.
level_zero::Extent3 device_offset(const Extents& offset);

/// What a launch is over, as the user says it.
struct LaunchExtents {
  Extents global, local, offset;

  LaunchExtents(int64_t items, bool in_groups_of_one);
  /// Throws a Python exception where the sizes do not fit each other.
  LaunchExtents(nanobind::handle global_size, nanobind::handle local_size, nanobind::handle first = nanobind::none());
};

/// The size of the groups: `local`, or what the driver suggests where that is empty.
level_zero::Extent3 group_extents(const level_zero::Device& device, DeviceKernel& kernel,
                                  const level_zero::Extent3& items, const Extents& local);

/// How many of them there are. Throws a Python exception where the device takes no such launch.
level_zero::Extent3 group_counts(const level_zero::Device& device, const level_zero::Extent3& items,
                                 const level_zero::Extent3& group);

/// Throws a Python exception where the device has no sub-groups of the `size` that a kernel asks for.
void require_sub_group_size(const level_zero::Device& device, const std::string& kernel, uint32_t size);

}  // namespace metate::ext
