#include "compiler/transform/fuse_arrays.h"

#include "compiler/transform/arrays/array_lowering.h"
#include "compiler/transform/arrays/loop_neighbours.h"

namespace metate::transform {

void fuse_arrays(ir::Function& function, PassContext&) {
  explain_neighbours(function);
  ArrayLowering(function).run();
}

}  // namespace metate::transform
