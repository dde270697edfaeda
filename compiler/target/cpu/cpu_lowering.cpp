#include "compiler/target/cpu/cpu_lowering.h"

#include <llvm/IR/MDBuilder.h>
#include <llvm/IR/Module.h>

#include <algorithm>
#include <cstddef>

#include "compiler/codegen/function_lowering.h"
#include "compiler/codegen/math_call.h"
#include "runtime/abi/context.h"

namespace metate::target::cpu {
namespace {

using codegen::FunctionLowering;

class CpuLowering final : public codegen::TargetLowering {
 public:
  CpuLowering(std::string triple, std::string data_layout)
      : triple_(std::move(triple)), data_layout_(std::move(data_layout)) {}

  std::string triple() const override { return triple_; }
  std::string data_layout() const override { return data_layout_; }
  bool runs_parallel(ir::NestMode mode) const override { return mode != ir::NestMode::kSerial; }
  bool offloads() const override { return true; }

  llvm::Value* math_call(FunctionLowering& lowering, std::string_view function,
                         std::span<llvm::Value* const> operands) override {
    return codegen::portable_math_call(lowering, function, operands);
  }

  void record_error(FunctionLowering& lowering, int32_t site, std::span<llvm::Value* const> values) override {
    METATE_ASSERT(values.size() <= abi::kMaxErrorValues);
    llvm::IRBuilder<>& builder = lowering.builder();
    llvm::SmallVector<llvm::Value*, 5> arguments{lowering.context(), builder.getInt32(static_cast<uint32_t>(site))};
    for (llvm::Value* value : values.first(std::min(values.size(), kPassedValues))) arguments.push_back(value);
    arguments.resize(2 + kPassedValues, builder.getInt64(0));
    record(lowering, "metate_record_error", arguments);
    for (size_t i = kPassedValues; i < values.size(); ++i) builder.CreateStore(values[i], error_value(lowering, i));
  }

  void record_trace(FunctionLowering& lowering, int32_t site) override {
    llvm::Value* number = lowering.builder().getInt32(static_cast<uint32_t>(site));
    record(lowering, "metate_record_trace", {lowering.context(), number});
  }

  llvm::Value* print(FunctionLowering& lowering, int32_t site, std::span<llvm::Value* const> values) override {
    llvm::IRBuilder<>& builder = lowering.builder();
    llvm::Value* slots = lowering.frame_slots(static_cast<unsigned>(values.size()));
    for (size_t i = 0; i < values.size(); ++i)
      builder.CreateStore(values[i], builder.CreateConstInBoundsGEP1_64(builder.getInt64Ty(), slots, i));
    llvm::Value* status =
        builder.CreateCall(lowering.module().runtime_call("metate_print"),
                           {lowering.context(), builder.getInt32(static_cast<uint32_t>(site)), slots});
    return builder.CreateIsNotNull(status);
  }

  llvm::Value* stack_is_used_up(FunctionLowering& lowering) override {
    llvm::IRBuilder<>& builder = lowering.builder();
    llvm::Value* frame =
        builder.CreateIntrinsic(llvm::Intrinsic::frameaddress, {builder.getPtrTy()}, {builder.getInt32(0)});
    return builder.CreateICmpULT(frame, load_field(lowering, offsetof(abi::Context, stack_limit)));
  }

  llvm::Value* poll_interrupt(FunctionLowering& lowering) override {
    llvm::IRBuilder<>& builder = lowering.builder();
    // Volatile, or it would be read once in front of the loop; other loads may still move across it.
    llvm::LoadInst* flag = builder.CreateLoad(
        builder.getInt32Ty(), load_field(lowering, offsetof(abi::Context, interrupt)), /*isVolatile=*/true);
    flag->setAtomic(llvm::AtomicOrdering::Unordered);  // another thread may set it
    llvm::BasicBlock* before = builder.GetInsertBlock();
    llvm::BasicBlock* ask = lowering.new_block("interrupt");
    llvm::BasicBlock* next = lowering.new_block();
    builder.CreateCondBr(builder.CreateIsNotNull(flag), ask, next,
                         llvm::MDBuilder(builder.getContext()).createUnlikelyBranchWeights());
    builder.SetInsertPoint(ask);
    llvm::CallInst* status =
        builder.CreateCall(lowering.module().runtime_call("metate_interrupted"), {lowering.context()});
    // What the host does is nothing that this code can see, so what it has loaded stays loaded.
    status->setMemoryEffects(llvm::MemoryEffects::inaccessibleOrArgMemOnly());
    llvm::Value* raised = builder.CreateIsNotNull(status);
    builder.CreateBr(next);
    builder.SetInsertPoint(next);
    llvm::PHINode* leave = builder.CreatePHI(builder.getInt1Ty(), 2);
    leave->addIncoming(builder.getFalse(), before);
    leave->addIncoming(raised, ask);
    return leave;
  }

  // infer refuses these outside of kernels.
  llvm::Value* work_item(FunctionLowering&, ir::WorkItemQuery, llvm::Value*) override { METATE_UNREACHABLE(); }
  void barrier(FunctionLowering&, ir::Fence) override { METATE_UNREACHABLE(); }
  void fence(FunctionLowering&, ir::Fence) override { METATE_UNREACHABLE(); }
  llvm::Value* group(FunctionLowering&, ir::GroupOperation, types::DType, std::span<llvm::Value* const>) override {
    METATE_UNREACHABLE();
  }
  llvm::Value* compare_exchange(FunctionLowering&, ir::Atomic, llvm::Value*, llvm::Value*, llvm::Value*) override {
    METATE_UNREACHABLE();
  }

 private:
  static constexpr size_t kPassedValues = 3;  // of metate_record_error

  static llvm::Value* load_field(FunctionLowering& lowering, size_t offset) {
    llvm::IRBuilder<>& builder = lowering.builder();
    llvm::Value* address = builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), lowering.context(), offset);
    return builder.CreateLoad(builder.getPtrTy(), address);
  }
  static llvm::Value* error_value(FunctionLowering& lowering, size_t index) {
    llvm::IRBuilder<>& builder = lowering.builder();
    size_t offset = offsetof(abi::Context, error) + offsetof(abi::ErrorRecord, values) + 8 * index;
    return builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), lowering.context(), offset);
  }
  /// A call that writes to the context alone.
  static void record(FunctionLowering& lowering, std::string_view name, llvm::ArrayRef<llvm::Value*> arguments) {
    llvm::CallInst* call = lowering.builder().CreateCall(lowering.module().runtime_call(name), arguments);
    call->setMemoryEffects(llvm::MemoryEffects::argMemOnly());
    call->addFnAttr(llvm::Attribute::WillReturn);
    call->addFnAttr(llvm::Attribute::Cold);
  }

  std::string triple_;
  std::string data_layout_;
};

}  // namespace

std::unique_ptr<codegen::TargetLowering> make_lowering(std::string triple, std::string data_layout) {
  return std::make_unique<CpuLowering>(std::move(triple), std::move(data_layout));
}

}  // namespace metate::target::cpu
