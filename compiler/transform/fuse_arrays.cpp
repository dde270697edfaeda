#include "compiler/transform/fuse_arrays.h"

#include "compiler/transform/arrays/array_lowering.h"

namespace metate::transform {

void fuse_arrays(ir::Function& function, PassContext&) { ArrayLowering(function).run(); }

}  // namespace metate::transform
