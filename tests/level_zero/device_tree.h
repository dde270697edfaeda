// device_tree – the drivers, devices and parts of devices that the test loader presents in place of the real ones.
#pragma once

#include <level_zero/ze_api.h>

#include <memory>
#include <string>
#include <vector>

namespace metate::test {

/// A device, or a part of one. All of them are one real device, under handles of their own.
struct PresentedDevice {
  ze_device_type_t type;
  bool is_part = false;
  long launches = 0;
  std::vector<std::unique_ptr<PresentedDevice>> parts;

  ze_device_handle_t handle() { return reinterpret_cast<ze_device_handle_t>(this); }
};

/// A driver, whose contexts are its own.
struct PresentedDriver {
  std::vector<std::unique_ptr<PresentedDevice>> devices;

  ze_driver_handle_t handle() { return reinterpret_cast<ze_driver_handle_t>(this); }
};

/// What METATE_TEST_DEVICES in the environment says: types of devices ("gpu", "cpu"), each with a number of parts
/// behind a dot, joined by commas within a driver and by semicolons between drivers. "gpu.2,gpu;gpu" is two drivers,
/// the first with two GPUs, the first of these with two parts. Empty where it says nothing: then nothing but the real
/// ones is presented.
class DeviceTree {
 public:
  static DeviceTree& get();

  bool is_empty() const { return drivers_.empty(); }
  const std::vector<std::unique_ptr<PresentedDriver>>& drivers() const { return drivers_; }

  /// What a handle stands for; null for handles of nobody here.
  PresentedDriver* find(ze_driver_handle_t handle) const;
  PresentedDevice* find(ze_device_handle_t handle) const;

  /// All devices and parts: each device is followed by its parts.
  std::vector<PresentedDevice*> all() const;

 private:
  explicit DeviceTree(const std::string& description);

  std::vector<std::unique_ptr<PresentedDriver>> drivers_;
};

}  // namespace metate::test
