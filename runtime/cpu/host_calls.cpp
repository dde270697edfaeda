// host_calls – what compiled code asks of its caller goes through the context.
#include "runtime/abi/context.h"
#include "runtime/abi/runtime_calls.h"

using metate::abi::Context;

extern "C" int32_t metate_print(void* context, int32_t site, void* values) {
  auto* caller = static_cast<Context*>(context);
  return caller->host->print(caller, site, static_cast<const int64_t*>(values));
}
