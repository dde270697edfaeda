// parse_types.h – types and constants out of IR text.
#pragma once

#include "compiler/ir/text/cursor.h"

namespace metate::ir {

/// After an error they return some type or constant; `cursor` knows the error.
TypeId parse_type(Cursor& cursor, Universe& universe);
ConstantId parse_constant(Cursor& cursor, Universe& universe);

}  // namespace metate::ir
