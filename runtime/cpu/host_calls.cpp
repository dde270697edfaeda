// host_calls – what compiled code asks of its caller, or tells it, goes through the context.
#include <algorithm>

#include "runtime/abi/context.h"
#include "runtime/abi/runtime_calls.h"

using metate::abi::Context;

extern "C" void metate_record_error(void* context, int32_t site, int64_t first, int64_t second, int64_t third) {
  metate::abi::ErrorRecord& error = static_cast<Context*>(context)->error;
  error.site = site;
  error.trace_length = 0;
  error.values[0] = first;
  error.values[1] = second;
  error.values[2] = third;
}

extern "C" void metate_record_trace(void* context, int32_t site) {
  // trace[length % kMaxTrace] would overwrite the innermost frames, which say most: later ones are only counted.
  metate::abi::ErrorRecord& error = static_cast<Context*>(context)->error;
  error.trace[std::min(error.trace_length++, metate::abi::kMaxTrace - 1)] = site;
}

extern "C" int32_t metate_print(void* context, int32_t site, void* values) {
  auto* caller = static_cast<Context*>(context);
  return caller->host->print(caller, site, static_cast<const int64_t*>(values));
}

extern "C" int32_t metate_interrupted(void* context) {
  auto* caller = static_cast<Context*>(context);
  if (__atomic_load_n(caller->interrupt, __ATOMIC_RELAXED) == metate::abi::kAsk)
    return caller->host->interrupted(caller);
  caller->error.site = -1;
  caller->error.trace_length = 0;
  return metate::abi::kRaised;
}

extern "C" void* metate_alloc_shared(void* context, int64_t bytes) {
  auto* caller = static_cast<Context*>(context);
  return caller->host->allocate_shared(caller, bytes);
}

extern "C" int32_t metate_offload(void* context, int32_t nest, void* extents, void* env) {
  auto* caller = static_cast<Context*>(context);
  return caller->host->offload(caller, nest, static_cast<const int64_t*>(extents), static_cast<int64_t*>(env));
}
