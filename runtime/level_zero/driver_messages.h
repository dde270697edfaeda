// driver_messages – what the software driver says about a failure beside its result code.
#pragma once

#include <string>

#include "runtime/base/api.h"
#include "runtime/base/result.h"

struct _ze_driver_handle_t;

namespace metate::level_zero {

struct Functions;

/// Keeps what a driver says from stderr, if it is ours.
void listen_to(const Functions& functions, _ze_driver_handle_t* driver);

/// The oldest of what was said and not taken yet; empty if there is nothing.
std::string take_driver_message();

/// Adds to the error of a command, once for each that failed, what the driver has said of it.
METATE_API void add_driver_message(base::Error& error);

}  // namespace metate::level_zero
