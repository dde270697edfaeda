// llvm_emitter – the primitives of compiler/ops as LLVM instructions.
#pragma once

#include "compiler/codegen/function_lowering.h"
#include "compiler/ops/emitter.h"

namespace metate::codegen {

/// Emits at the builder of `lowering`. Handles are llvm::Value*.
class LlvmEmitter final : public ops::Emitter {
 public:
  explicit LlvmEmitter(FunctionLowering& lowering) : lowering_(lowering), builder_(lowering.builder()) {}

  ops::Handle constant(const types::Scalar& value) override;
  ops::Handle emit(ops::Primitive primitive, types::DType dtype, types::DType result,
                   std::span<const ops::Handle> operands) override;
  ops::Handle call(ops::Math function, types::DType dtype, std::span<const ops::Handle> operands) override;
  ops::ComplexHandle call(ops::ComplexMath function, types::DType dtype,
                          std::span<const ops::Handle> operands) override;
  void loop(std::span<ops::Handle> state, std::span<const types::DType> dtypes, const LoopCondition& condition,
            const LoopStep& step) override;

 private:
  llvm::Value* arithmetic(ops::Primitive primitive, types::DType dtype, llvm::Value* x, llvm::Value* y);
  llvm::Value* convert(llvm::Value* x, types::DType from, types::DType to);
  ops::ComplexHandle call_complex(ops::ComplexMath function, types::DType dtype, std::span<const ops::Handle> operands);

  FunctionLowering& lowering_;
  llvm::IRBuilder<>& builder_;
};

}  // namespace metate::codegen
