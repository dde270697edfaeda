#include "runtime/level_zero/driver_messages.h"

#include <mutex>
#include <utility>

#include "runtime/abi/software_driver.h"
#include "runtime/level_zero/functions.h"

namespace metate::level_zero {
namespace {

std::mutex the_mutex;
std::string the_message;

void remember(const char* text) {
  std::lock_guard lock(the_mutex);
  the_message = text;
}

}  // namespace

void listen_to(const Functions& functions, _ze_driver_handle_t* driver) {
  void* function = nullptr;
  const ze_result_t found = functions.zeDriverGetExtensionFunctionAddress(driver, abi::kSetMessageHandler, &function);
  if (found == ZE_RESULT_SUCCESS && function) reinterpret_cast<abi::SetMessageHandler>(function)(&remember);
}

std::string take_driver_message() {
  std::lock_guard lock(the_mutex);
  return std::exchange(the_message, {});
}

}  // namespace metate::level_zero
