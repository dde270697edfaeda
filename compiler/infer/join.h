// join – the one type that holds the values of two paths.
#pragma once

#include <optional>

#include "compiler/ir/universe.h"

namespace metate::infer {

/// Numbers: of two Python numbers the higher kind; Python with NumPy the NumPy dtype if its kind is not lower, else its
/// promotion with the Python number's own dtype (architecture, decision 7); two NumPy dtypes their promotion.
/// Arrays: same dtype and dimensions; any layout and read-only where they differ in that. Tuples and other structures:
/// element by element. Constants: only with themselves. Nothing where no type holds both.
std::optional<types::TypeId> join(types::TypeId a, types::TypeId b, ir::Universe& universe);

}  // namespace metate::infer
