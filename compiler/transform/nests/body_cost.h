// body_cost – roughly how long one run of a nest's body takes.
#pragma once

#include <optional>

#include "compiler/ir/function.h"

namespace metate::transform {

/// In quarters of a nanosecond on a CPU of today, vectorised where it can be; none where loops or calls make it any
/// time.
std::optional<uint32_t> body_cost(const ir::Function& function, ir::Inst nest);

/// How many units of work of this cost (by `body_cost`) are worth a piece of their own: a region costs a microsecond
/// or two, which the thread that comes to help has to save first.
uint32_t worth_a_piece(uint64_t cost);

}  // namespace metate::transform
