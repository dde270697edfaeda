#include "runtime/standalone/host.h"

#include "runtime/cpu/stack.h"

namespace metate::standalone {

void begin_call(abi::Context& context, const Host& host) {
  static const int32_t kNeverInterrupted = abi::kGoOn;
  context.error.site = -1;
  context.error.trace_length = 0;
  context.stack_limit = cpu::stack_limit();
  context.interrupt = &kNeverInterrupted;
  context.host = &host.calls;
}

}  // namespace metate::standalone
