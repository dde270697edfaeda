// driver_messages – what the software driver says about a failure beside its result code.
#pragma once

#include <level_zero/ze_api.h>

#include <string>

namespace metate::level_zero {

struct Functions;

/// Keeps what a driver says from stderr, if it is ours.
void listen_to(const Functions& functions, _ze_driver_handle_t* driver);

/// What was said since the last time, at most the last of it; empty if nothing was.
std::string take_driver_message();

}  // namespace metate::level_zero
