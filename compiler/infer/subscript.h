// subscript – x[key], x[key] = value.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

Value get_item(Writer& writer, Value container, Value key);
void set_item(Writer& writer, Value container, Value key, Value value);

}  // namespace metate::infer
