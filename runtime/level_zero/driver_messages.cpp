#include "runtime/level_zero/driver_messages.h"

#include <deque>
#include <mutex>
#include <utility>

#include "runtime/abi/kernel_check.h"
#include "runtime/abi/software_driver.h"
#include "runtime/level_zero/functions.h"

namespace metate::level_zero {
namespace {

std::mutex the_mutex;
std::deque<std::string> the_messages;

/// More than this and nobody listens.
constexpr size_t kMaxMessages = 64;

void remember(const char* text) {
  std::lock_guard lock(the_mutex);
  if (the_messages.size() == kMaxMessages) the_messages.pop_front();
  the_messages.emplace_back(text);
}

}  // namespace

void listen_to(const Functions& functions, _ze_driver_handle_t* driver) {
  void* function = nullptr;
  const ze_result_t found = functions.zeDriverGetExtensionFunctionAddress(driver, abi::kSetMessageHandler, &function);
  if (found == ZE_RESULT_SUCCESS && function) reinterpret_cast<abi::SetMessageHandler>(function)(&remember);
}

std::string take_driver_message() {
  std::lock_guard lock(the_mutex);
  if (the_messages.empty()) return {};
  std::string text = std::move(the_messages.front());
  the_messages.pop_front();
  return text;
}

void add_driver_message(base::Error& error) {
  const std::string more = take_driver_message();
  // A checked kernel's faults are the program's, and the call did what it should.
  if (more.starts_with(abi::kKernelCheckReport)) {
    error.message = more;
  } else if (!more.empty()) {
    error.message += ": " + more;
  }
}

}  // namespace metate::level_zero
