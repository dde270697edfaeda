// interrupts – Ctrl-C while compiled code runs without the GIL: of modules, and of what python/ext compiles.
#pragma once

#include <cstdint>

namespace metate::abi {
struct Context;
}

namespace metate::module {

/// The flag of calls that no signal can end.
inline constexpr int32_t kNeverInterrupted = 0;

/// Finds out which thread handles signals. It runs Python code, in which a handler may raise: to be called where a
/// module is imported. False where a Python exception is set.
bool prepare_interrupts();

/// Sees to it that SIGINT also sets the flag below, before Python's own handler runs. To be called now and then, since
/// setting a handler in Python replaces ours. With the GIL.
void watch_interrupts();

/// The flag for calls of this thread: abi::kAsk after a SIGINT in Python's main thread, which alone runs handlers.
const int32_t* interrupt_flag();

/// HostCalls::interrupted: lets Python run its handlers, and leaves if they raise. Takes the GIL.
int32_t on_interrupt(abi::Context* context);

}  // namespace metate::module
