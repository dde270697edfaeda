// broadcast – the shape that operands have together, and what NumPy raises where they have none.
#pragma once

#include "compiler/transform/arrays/extents.h"

namespace metate::transform {

using Shape = std::vector<ir::Value>;

/// The extents that shapes broadcast to. `fits` becomes the condition (whole_numbers.h) that they do.
Shape broadcast(ir::Builder& builder, std::span<const Shape> shapes, ir::Value& fits);

/// The same for the operands of a ufunc, with NumPy's ValueError.
Shape broadcast_operands(ir::Builder& builder, std::span<const Shape> shapes);

/// np.add(…, out=out): the operands have to broadcast to exactly the shape of `out`, the last of `shapes`.
void check_operands_fit_out(ir::Builder& builder, std::span<const Shape> shapes);

/// out[...] = source: the source has to broadcast to `target`; axes in front of it have extent 1.
void check_assignable(ir::Builder& builder, const Shape& source, const Shape& target);

}  // namespace metate::transform
