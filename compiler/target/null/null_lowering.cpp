#include "compiler/target/null/null_lowering.h"

#include <llvm/IR/Module.h>

#include "compiler/codegen/function_lowering.h"
#include "compiler/codegen/math_call.h"

namespace metate::target::null {
namespace {

using codegen::FunctionLowering;

class NullLowering final : public codegen::TargetLowering {
 public:
  std::string triple() const override { return ""; }
  std::string data_layout() const override { return ""; }
  bool runs_parallel(ir::NestMode) const override { return false; }

  llvm::Value* math_call(FunctionLowering& lowering, std::string_view function,
                         std::span<llvm::Value* const> operands) override {
    return codegen::portable_math_call(lowering, function, operands);
  }

  void record_error(FunctionLowering&, int32_t, std::span<llvm::Value* const>) override {}
  void record_trace(FunctionLowering&, int32_t) override {}

  llvm::Value* print(FunctionLowering& lowering, int32_t site, std::span<llvm::Value* const> values) override {
    llvm::IRBuilder<>& builder = lowering.builder();
    llvm::SmallVector<llvm::Value*, 8> operands{builder.getInt32(static_cast<uint32_t>(site))};
    operands.append(values.begin(), values.end());
    auto* type = llvm::FunctionType::get(builder.getInt1Ty(), {builder.getInt32Ty()}, true);
    return builder.CreateCall(lowering.module().module().getOrInsertFunction("null.print", type), operands);
  }

  llvm::Value* work_item(FunctionLowering& lowering, ir::WorkItemQuery query, llvm::Value*) override {
    bool is_size = query == ir::WorkItemQuery::kGlobalSize || query == ir::WorkItemQuery::kLocalSize ||
                   query == ir::WorkItemQuery::kGroupCount;
    return lowering.builder().getInt64(is_size ? 1 : 0);
  }
  void barrier(FunctionLowering&, ir::Fence) override {}  // a group of one
  void fence(FunctionLowering&, ir::Fence) override {}
  llvm::Value* group(FunctionLowering& lowering, ir::GroupOperation operation, types::DType,
                     std::span<llvm::Value* const> operands) override {
    if (operation.form != ir::GroupForm::kBallot) return operands[0];
    return lowering.builder().CreateZExt(operands[0], lowering.builder().getInt64Ty());
  }
  llvm::Value* compare_exchange(FunctionLowering& lowering, ir::Atomic, llvm::Value* address, llvm::Value* expected,
                                llvm::Value* desired) override {
    llvm::IRBuilder<>& builder = lowering.builder();
    constexpr auto kOrder = llvm::AtomicOrdering::SequentiallyConsistent;
    llvm::Value* pair = builder.CreateAtomicCmpXchg(address, expected, desired, {}, kOrder, kOrder);
    return builder.CreateExtractValue(pair, 0);
  }
};

}  // namespace

std::unique_ptr<codegen::TargetLowering> make_lowering() { return std::make_unique<NullLowering>(); }

}  // namespace metate::target::null
