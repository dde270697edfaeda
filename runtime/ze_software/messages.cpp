#include "runtime/ze_software/messages.h"

#include <atomic>
#include <cstdio>

namespace metate::ze_software {
namespace {

std::atomic<abi::MessageHandler> the_handler = nullptr;

}  // namespace

void report(const std::string& text) {
  if (abi::MessageHandler handler = the_handler)
    handler(text.c_str());
  else
    std::fprintf(stderr, "metate driver: %s\n", text.c_str());
}

void set_message_handler(abi::MessageHandler handler) { the_handler = handler; }

}  // namespace metate::ze_software
