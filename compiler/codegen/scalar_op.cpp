// scalar_op – rows of compiler/ops, and conversions, as LLVM IR.
#include "compiler/codegen/function_lowering.h"
#include "compiler/codegen/llvm_emitter.h"
#include "compiler/ops/expand.h"

namespace metate::codegen {
namespace {

ops::Term term(LlvmEmitter& emitter, types::DType dtype, llvm::ArrayRef<llvm::Value*> leaves) {
  return {&emitter, dtype, leaves[0], leaves.size() > 1 ? leaves[1] : nullptr};
}

Leaves leaves_of(const ops::Term& term) {
  Leaves leaves{static_cast<llvm::Value*>(term.handle)};
  if (is_complex(term.dtype)) leaves.push_back(static_cast<llvm::Value*>(term.imaginary_handle));
  return leaves;
}

}  // namespace

void FunctionLowering::lower_op(ir::Inst inst) {
  LlvmEmitter emitter(*this);
  llvm::SmallVector<ops::Term, 3> operands;
  for (ir::Value operand : ir_.operands(inst))
    operands.push_back(term(emitter, ir_.type_data(operand).dtype, leaves(operand)));
  auto op = static_cast<ops::ScalarOp>(ir_.inst(inst).imm);
  set_leaves(ir_.result(inst), leaves_of(ops::expand(op, std::span(operands.data(), operands.size()))));
}

void FunctionLowering::lower_cast(ir::Inst inst) {
  LlvmEmitter emitter(*this);
  ir::Value operand = ir_.operands(inst)[0];
  ops::Term converted =
      ops::convert(term(emitter, ir_.type_data(operand).dtype, leaves(operand)), ir_.type_data(ir_.result(inst)).dtype);
  set_leaves(ir_.result(inst), leaves_of(converted));
}

}  // namespace metate::codegen
