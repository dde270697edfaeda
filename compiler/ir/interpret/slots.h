// slots.h – values to and from the buffers that entry points of compiled code take (compiler/types/slots.h), so that
// the interpreter can stand in for one.
#pragma once

#include "compiler/ir/interpret/datum.h"
#include "compiler/ir/interpret/memory.h"
#include "compiler/ir/universe.h"

namespace metate::ir {

/// Reads a value of the type and moves `slots` behind it. Arrays are borrowed from whoever filled the buffer.
Datum read_slots(const types::TypeTable& types, types::TypeId type, const int64_t*& slots);

/// Writes a value of the type and moves `slots` behind it. Storage of arrays is handed over to the reader, who gives
/// the count back that the function returned with it: for functions that place_retains has been through.
void write_slots(const types::TypeTable& types, types::TypeId type, const Datum& value, Memory& memory,
                 int64_t*& slots);

}  // namespace metate::ir
