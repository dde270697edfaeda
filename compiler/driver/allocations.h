// allocations – what the finished code of a function says of the arrays that it allocates.
#pragma once

#include <set>
#include <string>

#include "compiler/ir/function.h"

namespace metate::driver {

/// The bytes of an `alloc` in terms of the function's parameters, as Python writes it: "8 * x.shape[0]". Empty where
/// they depend on more than the code says in a few words.
std::string bytes_of_alloc(const ir::Function& function, ir::Inst alloc);

/// The values whose memory may leave the function: what is returned, and what stands behind its views and tuples.
std::set<ir::Value> returned_values(const ir::Function& function);

/// The blocks that run once an iteration of a nest or loop.
std::set<ir::Block> repeated_blocks(const ir::Function& function);

}  // namespace metate::driver
