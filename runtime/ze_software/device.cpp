#include "runtime/ze_software/device.h"

#include <unistd.h>

#include <chrono>
#include <fstream>

#include "runtime/cpu/thread_pool.h"
#include "runtime/ze_software/driver.h"
#include "runtime/ze_software/entry_points.h"

namespace metate::ze_software {
namespace {

/// Linux tells the processor's name in /proc/cpuinfo; elsewhere the device has a plain name.
std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    size_t colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "CPU";
}

uint64_t physical_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_size = sysconf(_SC_PAGESIZE);
  return pages > 0 && page_size > 0 ? static_cast<uint64_t>(pages) * static_cast<uint64_t>(page_size) : 0;
}

uint64_t last_level_cache() {
#ifdef _SC_LEVEL3_CACHE_SIZE
  const long bytes = sysconf(_SC_LEVEL3_CACHE_SIZE);
  return bytes > 0 ? static_cast<uint64_t>(bytes) : 0;
#else
  return 0;
#endif
}

}  // namespace

Device::Device()
    : name("Metate software device: " + processor_name()),
      threads(static_cast<uint32_t>(cpu::max_threads())),
      memory_bytes(physical_memory()),
      cache_bytes(last_level_cache()) {}

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

ze_result_t zeDeviceGetStatus(ze_device_handle_t device) { return require({device}); }

ze_result_t zeDeviceGetGlobalTimestamps(ze_device_handle_t device, uint64_t* host, uint64_t* on_device) {
  if (ze_result_t bad = require({device}, {host, on_device})) return bad;
  *host = *on_device = timestamp_now();
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
