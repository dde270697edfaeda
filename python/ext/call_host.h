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

/// What calls need to know of their thread. It never changes, so it is found out once: one look-up of thread-local
/// storage a call.
struct ThreadFacts {
  const char* stack_limit;  // null: not found out yet
  const int32_t* interrupt;
};
inline constinit thread_local ThreadFacts thread_facts = {};

/// Fills what a call by this thread needs; the values of an error stay as they are.
inline void begin_call(abi::Context& context, const CallHost& host) {
  ThreadFacts& facts = thread_facts;
  if (!facts.stack_limit) [[unlikely]]
    facts = {cpu::stack_limit(), interrupt_flag()};
  context.error.site = -1;
  context.error.trace_length = 0;
  context.stack_limit = facts.stack_limit;
  context.interrupt = facts.interrupt;
  context.host = &host.calls;
}

}  // namespace metate::ext
