// same_array – whether what a nest does to an accumulator happens in place.
#pragma once

#include "compiler/ir/function.h"

namespace metate::transform {

/// Every iteration yields for accumulator number `index` the very value that it got.
bool hands_on_same_array(const ir::Function& function, ir::Inst nest, size_t index);

}  // namespace metate::transform
