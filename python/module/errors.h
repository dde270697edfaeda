// errors – what compiled code has raised becomes a Python exception.
#pragma once

#include <Python.h>

#include "runtime/abi/standalone.h"

namespace metate::module {

/// Sets the exception of a call's record. The place in the source is a note of it (CPython 3.11 on).
void raise_recorded(const abi::StandaloneFunction& function, const abi::ErrorRecord& record);

/// HostCalls::print: to sys.stdout. Takes the GIL.
int32_t print(abi::Context* context, int32_t site, const int64_t* values);

}  // namespace metate::module
