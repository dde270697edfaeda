// messages – what the driver has to say beside result codes.
#pragma once

#include <string>

#include "runtime/abi/software_driver.h"

namespace metate::ze_software {

/// To the program's handler, else to stderr.
void report(const std::string& text);
/// The extension function kSetMessageHandler.
void set_message_handler(abi::MessageHandler handler);

}  // namespace metate::ze_software
