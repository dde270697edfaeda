// exceptions – which tests a driver need not pass, and why: exceptions.def is the list, and the only place that skips.
#pragma once

#include <level_zero/ze_api.h>

#include <cstdint>
#include <span>
#include <string>

namespace metate::test {

/// The driver and device that are tested, as the conditions of the list ask for them. What a device has, and what it
/// has not, is what it says of itself.
class Subject {
 public:
  Subject(ze_driver_handle_t driver, ze_device_handle_t device) : driver_(driver), device_(device) {}

  /// The loader finds the driver by the handles (several drivers, or ZE_ENABLE_LOADER_INTERCEPT): it reads a null
  /// handle first and crashes, those from 1.8 to 1.32 at least.
  bool is_found_by_handles() const;
  /// … by handles of the loader's own, which mean nothing to a function of the driver's own.
  bool wraps_handles() const;
  bool loader_is_before(int major, int minor) const;
  static bool is_under_thread_sanitizer();
  bool lacks_extension(const char* name) const;
  /// Whether any of these is no function that the driver gives by its name.
  template <class... Names>
  bool lacks(Names... names) const {
    return (!gives(names) || ...);
  }
  /// The driver's own library, or null where it is none that can be opened by its name.
  void* library() const;

  bool has_sub_groups_of(uint32_t items) const;
  bool has_cooperative_kernels() const;
  bool has_free_policies() const;
  bool has_virtual_memory() const;
  /// All of these ZE_IPC_PROPERTY_FLAG_….
  bool shares_with_processes(ze_ipc_property_flags_t flags) const;
  bool has_images() const;
  bool has_dot_products() const;
  /// All of these ZE_DEVICE_FP_ATOMIC_EXT_FLAG_…, on halves.
  bool has_atomic_halves(uint32_t flags) const;

 private:
  bool gives(const char* name) const;
  ze_driver_handle_t driver_;
  ze_device_handle_t device_;
};

struct Exception {
  const char* tests;  // a pattern of their full names
  bool (*holds)(const Subject& driver);
  const char* reason;
};

std::span<const Exception> exceptions();

/// Why the test that is running is not for this driver; null where it is.
const char* excuse(const Subject& driver);

}  // namespace metate::test
