// message_text – what raise, print and f-strings say, with the values that stand in it.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// An f-string as a value: its literal parts with the values that they surround. It can be printed and raised.
Value format_text(Writer& writer, const ir::Message& message, std::span<const Value> operands);

/// raise Class(text). Ends the block.
void write_raise(Writer& writer, const ir::Message& message, std::span<const Value> operands);
void write_print(Writer& writer, const ir::Message& message, std::span<const Value> operands);

}  // namespace metate::infer
