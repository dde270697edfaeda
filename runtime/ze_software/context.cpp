#include "runtime/ze_software/context.h"

#include <atomic>

#include "runtime/ze_software/entry_points.h"

namespace metate::ze_software {
namespace {

/// Made on first use and never destroyed, as the driver.
Context& default_context() {
  static Context* const context = new Context(Driver::get());
  return *context;
}

}  // namespace

std::optional<Allocation> Context::find_memory(const void* address) const {
  if (std::optional<Allocation> found = allocations.find(address)) return found;
  const std::optional<Reservation> mapped = virtual_memory.find(address);
  if (!mapped) return std::nullopt;
  return Allocation{mapped->base, mapped->size, ZE_MEMORY_TYPE_DEVICE, mapped->id, &driver.device};
}

ze_result_t zeContextCreateEx(ze_driver_handle_t driver, const ze_context_desc_t* desc, uint32_t device_count,
                              ze_device_handle_t* devices, ze_context_handle_t* context) {
  if (ze_result_t bad = require({driver}, {desc, context})) return bad;
  if (device_count && !devices) return ZE_RESULT_ERROR_INVALID_SIZE;
  if (desc->flags & ~ZE_CONTEXT_FLAG_TBD) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  *context = new Context(*static_cast<Driver*>(driver));
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeContextCreate(ze_driver_handle_t driver, const ze_context_desc_t* desc, ze_context_handle_t* context) {
  return ze_software::zeContextCreateEx(driver, desc, 0, nullptr, context);
}

ze_result_t zeContextDestroy(ze_context_handle_t context) {
  if (ze_result_t bad = require({context})) return bad;
  if (context == &default_context()) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  delete static_cast<Context*>(context);
  return ZE_RESULT_SUCCESS;
}

ze_context_handle_t zeDriverGetDefaultContext(ze_driver_handle_t driver) {
  return driver ? &default_context() : nullptr;
}

ze_context_handle_t zerGetDefaultContext() { return &default_context(); }

ze_result_t zeContextGetStatus(ze_context_handle_t context) { return require({context}); }

ze_result_t zeContextSystemBarrier(ze_context_handle_t context, ze_device_handle_t device) {
  if (ze_result_t bad = require({context, device})) return bad;
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return ZE_RESULT_SUCCESS;
}

// Memory of this device is host memory, which the operating system keeps resident as it sees fit.
ze_result_t zeContextMakeMemoryResident(ze_context_handle_t context, ze_device_handle_t device, void* pointer,
                                        size_t size) {
  if (ze_result_t bad = require({context, device}, {pointer})) return bad;
  return size ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_INVALID_SIZE;
}

ze_result_t zeContextEvictMemory(ze_context_handle_t context, ze_device_handle_t device, void* pointer, size_t size) {
  return ze_software::zeContextMakeMemoryResident(context, device, pointer, size);
}

}  // namespace metate::ze_software
