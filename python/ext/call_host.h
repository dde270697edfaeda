// call_host – what compiled code may ask of the extension while it runs: printing, and reporting what no caller takes.
#pragma once

#include "compiler/driver/artifact.h"
#include "python/ext/interrupts.h"
#include "runtime/abi/context.h"
#include "runtime/cpu/stack.h"

namespace metate::ext {

class Interpreter;

/// The context of a call points at `calls`, its first member. One for each compiled function, for as long as that.
struct CallHost {
  abi::HostCalls calls;
  const driver::Artifact* artifact = nullptr;
  Interpreter* interpreter = nullptr;

  static CallHost of(const driver::Artifact& artifact, Interpreter& interpreter);
};

/// Fills what a call by this thread needs; the values of an error stay as they are.
inline void begin_call(abi::Context& context, const CallHost& host) {
  context.error.site = -1;
  context.error.trace_length = 0;
  context.stack_limit = cpu::stack_limit();
  context.interrupt = interrupt_flag();
  context.host = &host.calls;
}

}  // namespace metate::ext
