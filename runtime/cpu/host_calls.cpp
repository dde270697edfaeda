// host_calls – what compiled code asks of its caller goes through the context.
#include "runtime/abi/context.h"
#include "runtime/abi/runtime_calls.h"

using metate::abi::Context;

extern "C" int32_t metate_print(void* context, int32_t site, void* values) {
  auto* caller = static_cast<Context*>(context);
  return caller->host->print(caller, site, static_cast<const int64_t*>(values));
}

extern "C" int32_t metate_interrupted(void* context) {
  auto* caller = static_cast<Context*>(context);
  if (*static_cast<const volatile int32_t*>(caller->interrupt) == metate::abi::kAsk)
    return caller->host->interrupted(caller);
  caller->error.site = -1;
  caller->error.trace_length = 0;
  return metate::abi::kRaised;
}
