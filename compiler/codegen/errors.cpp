// errors – raising instructions: the check, the record, the edge.
#include <llvm/IR/MDBuilder.h>

#include <array>

#include "compiler/codegen/function_lowering.h"
#include "runtime/abi/context.h"

namespace metate::codegen {

using types::TypeKind;

ErrorSite FunctionLowering::site(ErrorSite::Kind kind, ir::Inst inst) const {
  return {.kind = kind, .message = {}, .value_types = {}, .symbol = {}, .place = ir_.source(inst)};
}

llvm::BasicBlock* FunctionLowering::error_target(ir::Block block) {
  if (ir::Block handler = ir_.block(block).handler) return blocks_[handler.index()];
  return error_target(ir_.block(block).region);
}

llvm::BasicBlock* FunctionLowering::error_target(ir::Region region) {
  if (region != root_) return error_target(ir_.inst(ir_.region(region).owner).block);
  if (!error_exit_) {
    error_exit_ = new_block("error");
    llvm::IRBuilder<> exit(error_exit_);
    if (target_.getReturnType()->isVoidTy()) {
      exit.CreateRetVoid();
    } else {
      exit.CreateRet(exit.getInt32(abi::kRaised));
    }
  }
  return error_exit_;
}

void FunctionLowering::branch_cold(llvm::Value* failed, llvm::BasicBlock* cold) {
  llvm::BasicBlock* next = new_block();
  builder_.CreateCondBr(failed, cold, next, llvm::MDBuilder(module_.context()).createUnlikelyBranchWeights());
  builder_.SetInsertPoint(next);
}

void FunctionLowering::raise_if(llvm::Value* failed, ir::Inst inst, ErrorSite site,
                                std::span<llvm::Value* const> values) {
  llvm::BasicBlock* cold = new_block();
  branch_cold(failed, cold);
  llvm::IRBuilderBase::InsertPointGuard guard(builder_);
  builder_.SetInsertPoint(cold);
  raise_always(inst, std::move(site), values);
}

void FunctionLowering::raise_always(ir::Inst inst, ErrorSite site, std::span<llvm::Value* const> values) {
  module_.target().record_error(*this, module_.add_site(std::move(site)), values);
  record_inlined_calls(inst);
  builder_.CreateBr(error_target(ir_.inst(inst).block));
}

void FunctionLowering::propagate_error(llvm::Value* failed, ir::Inst inst, llvm::BasicBlock* target) {
  llvm::BasicBlock* cold = new_block();
  branch_cold(failed, cold);
  llvm::IRBuilderBase::InsertPointGuard guard(builder_);
  builder_.SetInsertPoint(cold);
  record_call(ir_.source(inst));
  record_inlined_calls(inst);
  builder_.CreateBr(target);
}

/// A step of the traceback. Code that no Python function stands for has no frame.
void FunctionLowering::record_call(const ir::SourcePlace& place) {
  if (!place.function) return;
  ErrorSite site{.kind = ErrorSite::Kind::kCall, .message = {}, .value_types = {}, .symbol = {}, .place = place};
  module_.target().record_trace(*this, module_.add_site(std::move(site)));
}

/// Those that the code around the instruction stands for, the innermost first.
void FunctionLowering::record_inlined_calls(ir::Inst inst) {
  for (uint32_t at = ir_.source(inst).inlined_at; at != 0; at = ir_.sources[at].inlined_at)
    record_call(ir_.sources[at]);
}

void FunctionLowering::poll_interrupt(ir::Inst inst, llvm::BasicBlock* target) {
  if (llvm::Value* leave = module_.target().poll_interrupt(*this)) propagate_error(leave, inst, target);
}

llvm::Value* FunctionLowering::encode_message_value(ir::Value value) {
  const types::Type& type = ir_.type_data(value);
  METATE_ASSERT(type.kind == TypeKind::kScalar && !is_complex(type.dtype));
  llvm::Value* number = leaf(value);
  if (is_float(type.dtype))
    return builder_.CreateBitCast(builder_.CreateFPExt(number, builder_.getDoubleTy()), builder_.getInt64Ty());
  return is_signed(type.dtype) ? builder_.CreateSExt(number, builder_.getInt64Ty())
                               : builder_.CreateZExt(number, builder_.getInt64Ty());
}

/// The site of a message instruction; `encoded` receives the run-time values as 64-bit integers, two for complex ones.
ErrorSite FunctionLowering::message_site(ir::Inst inst, std::span<const ir::Value> values, Leaves& encoded) {
  ErrorSite site = this->site(ErrorSite::Kind::kMessage, inst);
  site.message = ir_.messages[ir_.inst(inst).imm];
  for (ir::Value value : values) {
    const types::Type& type = ir_.type_data(value);
    site.value_types.push_back(ir_.type(value));
    if (type.kind != TypeKind::kScalar) continue;
    if (is_complex(type.dtype)) {
      for (llvm::Value* part : leaves(value))
        encoded.push_back(
            builder_.CreateBitCast(builder_.CreateFPExt(part, builder_.getDoubleTy()), builder_.getInt64Ty()));
    } else {
      encoded.push_back(encode_message_value(value));
    }
  }
  return site;
}

void FunctionLowering::lower_check(ir::Inst inst) {
  std::span<const ir::Value> operands = ir_.operands(inst);
  llvm::BasicBlock* cold = new_block();
  branch_cold(builder_.CreateNot(leaf(operands[0])), cold);
  llvm::IRBuilderBase::InsertPointGuard guard(builder_);
  builder_.SetInsertPoint(cold);
  Leaves values;
  ErrorSite site = message_site(inst, operands.subspan(1), values);
  raise_always(inst, std::move(site), std::span(values.data(), values.size()));
}

void FunctionLowering::lower_raise(ir::Inst inst) {
  Leaves values;
  ErrorSite site = message_site(inst, ir_.operands(inst), values);
  raise_always(inst, std::move(site), std::span(values.data(), values.size()));
}

void FunctionLowering::lower_check_bound(ir::Inst inst) {
  ErrorSite unbound = site(ErrorSite::Kind::kUnbound, inst);
  unbound.symbol = support::Symbol(ir_.inst(inst).imm);
  raise_if(builder_.CreateNot(leaf(ir_.operands(inst)[0])), inst, std::move(unbound), {});
}

void FunctionLowering::lower_print(ir::Inst inst) {
  Leaves values;
  ErrorSite site = message_site(inst, ir_.operands(inst), values);
  site.kind = ErrorSite::Kind::kPrint;
  llvm::Value* failed =
      module_.target().print(*this, module_.add_site(std::move(site)), std::span(values.data(), values.size()));
  propagate_error(failed, inst);
}

}  // namespace metate::codegen
