// parse_immediate.h – what stands between an instruction's name and its operands, out of IR text.
#pragma once

#include "compiler/ir/text/cursor.h"

namespace metate::ir {

/// The immediate of any instruction but nest and py.call, whose immediates are woven into their operands.
uint32_t parse_immediate(Cursor& cursor, Function& function, Opcode opcode);

ops::ScalarOp parse_scalar_op(Cursor& cursor);

}  // namespace metate::ir
