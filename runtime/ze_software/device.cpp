#include "runtime/ze_software/device.h"

#include <chrono>

#include "runtime/cpu/thread_pool.h"
#include "runtime/ze_software/driver.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/stream.h"

namespace metate::ze_software {
Device::Device()
    : processor(read_processor()),
      name("Metate software device: " + processor.name),
      threads(static_cast<uint32_t>(cpu::max_threads())),
      memory_bytes(processor.memory_bytes) {}

uint64_t timestamp_now() {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count());
}

ze_result_t zeDeviceGet(ze_driver_handle_t driver, uint32_t* count, ze_device_handle_t* devices) {
  if (ze_result_t bad = require({driver}, {count})) return bad;
  Device* const all[] = {&static_cast<Driver*>(driver)->device};
  return return_list(std::span<Device* const>(all), count, devices);
}

ze_result_t zeDeviceGetSubDevices(ze_device_handle_t device, uint32_t* count, ze_device_handle_t* devices) {
  if (ze_result_t bad = require({device}, {count})) return bad;
  return return_list(std::span<Device* const>(), count, devices);
}

ze_result_t zeDeviceCanAccessPeer(ze_device_handle_t device, ze_device_handle_t peer, ze_bool_t* answer) {
  if (ze_result_t bad = require({device, peer}, {answer})) return bad;
  *answer = device == peer;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDeviceGetRootDevice(ze_device_handle_t device, ze_device_handle_t* root) {
  if (ze_result_t bad = require({device}, {root})) return bad;
  *root = nullptr;  // it is one itself
  return ZE_RESULT_SUCCESS;
}

/// What commands failed of is left to those who wait for their queue.
ze_result_t zeDeviceSynchronize(ze_device_handle_t device) {
  if (ze_result_t bad = require({device})) return bad;
  for (const std::shared_ptr<Stream>& stream : static_cast<Device*>(device)->streams.all()) stream->finish();
  return ZE_RESULT_SUCCESS;
}

uint32_t zerTranslateDeviceHandleToIdentifier(ze_device_handle_t device) {
  return device == &Driver::get().device ? 0 : UINT32_MAX;
}

ze_device_handle_t zerTranslateIdentifierToDeviceHandle(uint32_t identifier) {
  return identifier == 0 ? &Driver::get().device : nullptr;
}

ze_result_t zeDeviceGetStatus(ze_device_handle_t device) { return require({device}); }

ze_result_t zeDeviceGetGlobalTimestamps(ze_device_handle_t device, uint64_t* host, uint64_t* on_device) {
  if (ze_result_t bad = require({device}, {host, on_device})) return bad;
  *host = *on_device = timestamp_now();
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
