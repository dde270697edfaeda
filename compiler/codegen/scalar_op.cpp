// scalar_op – rows of compiler/ops as LLVM IR.
#include "compiler/codegen/function_lowering.h"

namespace metate::codegen {

using ops::ScalarOp;

void FunctionLowering::lower_op(ir::Inst inst) {
  METATE_UNREACHABLE();
}

}  // namespace metate::codegen
