// host – what a library that runs without Metate gives its code: a context, and answers to its calls.
#pragma once

#include "runtime/abi/context.h"
#include "runtime/abi/standalone.h"

namespace metate::standalone {

/// HostCalls with the sites of the library behind them.
struct Host {
  abi::HostCalls calls;
  const abi::StandaloneSite* sites;
};

/// Makes the context of a call; `host` has to live as long as it.
void begin_call(abi::Context& context, const Host& host);

}  // namespace metate::standalone
