// list_display – [a, b, c]: something to make an array of or to run over, not a list that lives.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

Value make_list(Writer& writer, std::span<const Value> elements);
bool is_list(Writer& writer, Value value);

}  // namespace metate::infer
