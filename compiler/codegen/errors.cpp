// errors – raising instructions: the check, the record, the edge.
#include <llvm/IR/MDBuilder.h>

#include <array>

#include "compiler/codegen/function_lowering.h"
#include "runtime/abi/context.h"

namespace metate::codegen {

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

void FunctionLowering::raise_if(llvm::Value* failed, ir::Inst inst, ir::Message message,
                                std::span<llvm::Value* const> values, std::vector<types::TypeId> value_types) {
  llvm::BasicBlock* cold = new_block();
  branch_cold(failed, cold);
  llvm::IRBuilderBase::InsertPointGuard guard(builder_);
  builder_.SetInsertPoint(cold);
  raise_always(inst, {ErrorSite::Kind::kRaise, std::move(message), std::move(value_types), ir_.source(inst)}, values);
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
  module_.target().record_trace(*this, module_.add_site({ErrorSite::Kind::kCall, {}, {}, place}));
}

/// Those that the code around the instruction stands for, the innermost first.
void FunctionLowering::record_inlined_calls(ir::Inst inst) {
  for (uint32_t at = ir_.source(inst).inlined_at; at != 0; at = ir_.sources[at].inlined_at)
    record_call(ir_.sources[at]);
}

void FunctionLowering::poll_interrupt(ir::Inst inst, llvm::BasicBlock* target) {
  if (llvm::Value* leave = module_.target().poll_interrupt(*this)) propagate_error(leave, inst, target);
}

/// A number, or a part of a complex one, in 64 bits.
llvm::Value* FunctionLowering::encode_message_value(types::DType dtype, llvm::Value* part) {
  if (is_float(dtype) || is_complex(dtype))
    return builder_.CreateBitCast(builder_.CreateFPExt(part, builder_.getDoubleTy()), builder_.getInt64Ty());
  return is_signed(dtype) ? builder_.CreateSExt(part, builder_.getInt64Ty())
                          : builder_.CreateZExt(part, builder_.getInt64Ty());
}

/// The site of a message instruction; `encoded` receives the run-time values as 64-bit integers, two for complex ones.
ErrorSite FunctionLowering::message_site(ErrorSite::Kind kind, ir::Inst inst, std::span<const ir::Value> values,
                                         Leaves& encoded) {
  ErrorSite site{kind, ir_.messages[ir_.inst(inst).imm], {}, ir_.source(inst)};
  for (ir::Value value : values) {
    const types::Type& type = ir_.type_data(value);
    METATE_ASSERT(type.kind == types::TypeKind::kScalar);
    site.value_types.push_back(ir_.type(value));
    for (llvm::Value* part : leaves(value)) encoded.push_back(encode_message_value(type.dtype, part));
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
  ErrorSite site = message_site(ErrorSite::Kind::kRaise, inst, operands.subspan(1), values);
  raise_always(inst, std::move(site), std::span(values.data(), values.size()));
}

void FunctionLowering::lower_raise(ir::Inst inst) {
  Leaves values;
  ErrorSite site = message_site(ErrorSite::Kind::kRaise, inst, ir_.operands(inst), values);
  raise_always(inst, std::move(site), std::span(values.data(), values.size()));
}

void FunctionLowering::lower_check_bound(ir::Inst inst) {
  ir::Message unbound = ir::unbound_message(module_.universe(), support::Symbol(ir_.inst(inst).imm));
  raise_if(builder_.CreateNot(leaf(ir_.operands(inst)[0])), inst, std::move(unbound), {}, {});
}

void FunctionLowering::lower_print(ir::Inst inst) {
  Leaves values;
  ErrorSite site = message_site(ErrorSite::Kind::kPrint, inst, ir_.operands(inst), values);
  llvm::Value* failed =
      module_.target().print(*this, module_.add_site(std::move(site)), std::span(values.data(), values.size()));
  propagate_error(failed, inst);
}

}  // namespace metate::codegen
