// control – blocks, branches, returns and calls.
#include <llvm/IR/MDBuilder.h>

#include <algorithm>

#include "compiler/codegen/check_marks.h"
#include "compiler/codegen/function_lowering.h"
#include "compiler/types/slots.h"
#include "runtime/abi/context.h"

namespace metate::codegen {

using ir::Opcode;

FunctionLowering::FunctionLowering(ModuleLowering& module, const ir::Function& function, llvm::Function& target)
    : module_(module), ir_(function), target_(target), builder_(module.context()), root_(function.body()) {
  llvm::FastMathFlags flags;
  uint8_t bits = function.options.fastmath;
  flags.setAllowReassoc(bits & 1);
  flags.setNoNaNs(bits & 2);
  flags.setNoInfs(bits & 4);
  flags.setNoSignedZeros(bits & 8);
  flags.setAllowReciprocal(bits & 16);
  flags.setAllowContract(bits & 32);
  flags.setApproxFunc(bits & 64);
  builder_.setFastMathFlags(flags);
  builder_.SetInsertPoint(llvm::BasicBlock::Create(module.context(), "entry", &target));
  if (SourceLines* lines = module.lines()) lines->begin(function, target, builder_);
}

llvm::ArrayRef<llvm::Value*> FunctionLowering::leaves(ir::Value value) const {
  const Leaves& found = values_[value];
  METATE_ASSERT(found.size() == leaf_types().leaf_count(ir_.type(value)));
  return found;
}

llvm::BasicBlock* FunctionLowering::new_block(const char* name) {
  return llvm::BasicBlock::Create(module_.context(), name, &target_);
}

llvm::AllocaInst* FunctionLowering::frame_slots(unsigned count) {
  llvm::BasicBlock& entry = target_.getEntryBlock();
  llvm::IRBuilder<> at_entry(&entry, entry.begin());
  return at_entry.CreateAlloca(at_entry.getInt64Ty(), at_entry.getInt32(std::max(count, 1u)));
}

void FunctionLowering::lower_body() {
  unsigned next = 2;
  for (ir::Value parameter : ir_.params()) {
    Leaves leaves;
    for (unsigned i = leaf_types().leaf_count(ir_.type(parameter)); i > 0; --i)
      leaves.push_back(target_.getArg(next++));
    set_leaves(parameter, std::move(leaves));
  }
  if (module_.is_checked() && module_.checked_function() == ir_.name)
    mark_kernel(*this, ir_.options.kernel_rank, ir_.params());
  lower_region(root_);
}

/// Lowers a region's blocks after the current block, which jumps to its entry; the entry's parameters have values.
void FunctionLowering::lower_region(ir::Region region) {
  // Reverse postorder, so that definitions come before uses.
  std::vector<ir::Block> order;
  support::SideTable<ir::Block, uint8_t> seen;
  std::vector<std::pair<ir::Block, size_t>> stack;
  auto successors = [&](ir::Block block) {
    std::vector<ir::Block> list;
    if (ir::Block handler = ir_.block(block).handler) list.push_back(handler);
    if (ir::Inst last = ir_.terminator(block))
      for (const ir::BlockCall& call : ir_.targets(last)) list.push_back(call.block);
    return list;
  };
  ir::Block entry = ir_.region(region).blocks.front();
  stack.emplace_back(entry, 0);
  seen[entry] = 1;
  while (!stack.empty()) {
    auto& [block, next] = stack.back();
    std::vector<ir::Block> list = successors(block);
    if (next == list.size()) {
      order.push_back(block);
      stack.pop_back();
      continue;
    }
    ir::Block successor = list[next++];
    if (seen[successor]) continue;
    seen[successor] = 1;
    stack.emplace_back(successor, 0);
  }
  std::reverse(order.begin(), order.end());

  for (ir::Block block : order) {
    llvm::BasicBlock* target = new_block();
    blocks_[block.index()] = target;
    if (block == entry) continue;
    llvm::IRBuilder<> phis(target);
    for (ir::Value parameter : ir_.block(block).params) {
      Leaves leaves;
      for (llvm::Type* type : leaf_types().leaves(ir_.type(parameter))) leaves.push_back(phis.CreatePHI(type, 2));
      set_leaves(parameter, std::move(leaves));
    }
  }
  builder_.CreateBr(blocks_[entry.index()]);
  for (ir::Block block : order) lower_block(block);
}

void FunctionLowering::lower_block(ir::Block block) {
  builder_.SetInsertPoint(blocks_[block.index()]);
  for (ir::Inst inst : ir_.block(block).insts) lower_inst(inst);
}

/// What a checker of kernels looks at.
static bool is_checked(Opcode opcode) {
  return opcode == Opcode::kLoad || opcode == Opcode::kStore || opcode == Opcode::kAtomic ||
         opcode == Opcode::kBarrier || opcode == Opcode::kGroup || opcode == Opcode::kFence;
}

void FunctionLowering::lower_inst(ir::Inst inst) {
  locate(inst);
  if (module_.is_checked() && is_checked(ir_.inst(inst).opcode)) mark_line(*this, inst);
  switch (ir_.inst(inst).opcode) {
    case Opcode::kJump:
    case Opcode::kBranch:
      return lower_branch(inst);
    case Opcode::kReturn:
      return lower_return(inst);
    case Opcode::kYield:
      return lower_yield(inst);
    case Opcode::kRaise:
      return lower_raise(inst);
    case Opcode::kReraise:
      builder_.CreateBr(error_target(ir_.inst(inst).block));
      return;
    case Opcode::kUnreachable:
      builder_.CreateUnreachable();
      return;
    case Opcode::kConst:
      return lower_const(inst);
    case Opcode::kUndef: {
      Leaves leaves;
      for (llvm::Type* type : leaf_types().leaves(ir_.type(ir_.result(inst))))
        leaves.push_back(llvm::Constant::getNullValue(type));
      return set_leaves(ir_.result(inst), std::move(leaves));
    }
    case Opcode::kTuple:
      return lower_tuple(inst);
    case Opcode::kTupleGet:
      return lower_tuple_get(inst);
    case Opcode::kCheck:
      return lower_check(inst);
    case Opcode::kCheckBound:
      return lower_check_bound(inst);
    case Opcode::kPrint:
      return lower_print(inst);
    case Opcode::kNest:
      return lower_nest(inst);
    case Opcode::kOp:
      return lower_op(inst);
    case Opcode::kCast:
      return lower_cast(inst);
    case Opcode::kCall:
      return lower_call(inst);
    case Opcode::kDim:
      return lower_dim(inst);
    case Opcode::kStride:
      return lower_stride(inst);
    case Opcode::kIndex:
      return lower_index(inst);
    case Opcode::kLoad:
      return lower_load(inst);
    case Opcode::kStore:
      return lower_store(inst);
    case Opcode::kView:
      return lower_view(inst);
    case Opcode::kTranspose:
      return lower_transpose(inst);
    case Opcode::kReshape:
      return lower_reshape(inst);
    case Opcode::kOverlap:
      return lower_overlap(inst);
    case Opcode::kDistance:
      return lower_distance(inst);
    case Opcode::kBroadcast:
      return lower_broadcast(inst);
    case Opcode::kReal:
      return lower_real(inst);
    case Opcode::kWiden:
      return lower_widen(inst);
    case Opcode::kAlloc:
      return lower_alloc(inst);
    case Opcode::kLocal:
      return lower_local(inst);
    case Opcode::kRetain:
      return lower_retain(inst);
    case Opcode::kRelease:
      return lower_release(inst);
    case Opcode::kWorkItem:
      return set_leaf(ir_.result(inst),
                      module_.target().work_item(*this, static_cast<ir::WorkItemQuery>(ir_.inst(inst).imm),
                                                 leaf(ir_.operands(inst)[0])));
    case Opcode::kBarrier:
      return module_.target().barrier(*this, ir::Fence::decode(ir_.inst(inst).imm));
    case Opcode::kGroup:
      return lower_group(inst);
    case Opcode::kFence:
      return module_.target().fence(*this, ir::Fence::decode(ir_.inst(inst).imm));
    case Opcode::kAtomic:
      return lower_atomic(inst);
    case Opcode::kCallForeign:
      return lower_call_foreign(inst);
    case Opcode::kMap:
    case Opcode::kPyBinary:
    case Opcode::kPyInplace:
    case Opcode::kPyUnary:
    case Opcode::kPyCompare:
    case Opcode::kPyTruth:
    case Opcode::kPyGetAttr:
    case Opcode::kPySetAttr:
    case Opcode::kPyGetItem:
    case Opcode::kPySetItem:
    case Opcode::kPySlice:
    case Opcode::kPyCall:
    case Opcode::kPyUnpack:
    case Opcode::kPyList:
    case Opcode::kPyClosure:
    case Opcode::kPyFormat:
    case Opcode::kIterCount:
    case Opcode::kIterAt:
    case Opcode::kArrayFunction:
    case Opcode::kAssign:
    case Opcode::kOpOut:
    case Opcode::kReduce:
      METATE_UNREACHABLE();  // not of the loop stage: the verifier has refused it
  }
}

void FunctionLowering::lower_branch(ir::Inst inst) {
  std::span<const ir::BlockCall> targets = ir_.targets(inst);
  ir::Block from = ir_.inst(inst).block;
  auto polls = [&](const ir::BlockCall& to) { return module_.long_loops().repeats(from, to.block); };
  if (targets.size() == 1) {
    if (polls(targets[0])) poll_interrupt(inst, error_target(from));
    add_incoming(targets[0]);
    builder_.CreateBr(blocks_[targets[0].block.index()]);
    return;
  }
  // The head of an inner loop goes back to that of the outer one: the poll is on that way, out of the inner loop.
  llvm::SmallVector<llvm::BasicBlock*, 2> ways;
  // The rare side begins with a block of its own, and the weight 0 makes it a rare path of runtime/jit.
  bool usually = ir_.inst(inst).imm == static_cast<uint32_t>(ir::BranchHint::kUsually);
  auto is_direct = [&](size_t i) { return !polls(targets[i]) && !(usually && i == 1); };
  for (size_t i = 0; i < targets.size(); ++i) {
    if (is_direct(i)) add_incoming(targets[i]);
    ways.push_back(is_direct(i) ? blocks_[targets[i].block.index()] : new_block());
  }
  llvm::MDNode* weights = usually ? llvm::MDBuilder(module_.context()).createBranchWeights(1, 0) : nullptr;
  builder_.CreateCondBr(leaf(ir_.operands(inst)[0]), ways[0], ways[1], weights);
  for (size_t i = 0; i < targets.size(); ++i) {
    if (is_direct(i)) continue;
    builder_.SetInsertPoint(ways[i]);
    if (polls(targets[i])) poll_interrupt(inst, error_target(from));
    add_incoming(targets[i]);
    builder_.CreateBr(blocks_[targets[i].block.index()]);
  }
}

void FunctionLowering::add_incoming(const ir::BlockCall& call) {
  std::span<const ir::Value> params = ir_.block(call.block).params;
  std::span<const ir::Value> arguments = ir_.arguments(call);
  for (size_t i = 0; i < params.size(); ++i) {
    llvm::ArrayRef<llvm::Value*> phis = leaves(params[i]);
    llvm::ArrayRef<llvm::Value*> values = leaves(arguments[i]);
    for (size_t j = 0; j < phis.size(); ++j)
      llvm::cast<llvm::PHINode>(phis[j])->addIncoming(values[j], builder_.GetInsertBlock());
  }
}

void FunctionLowering::lower_return(ir::Inst inst) {
  if (!target_.getReturnType()->isVoidTy()) {
    ir::Value value = ir_.operands(inst)[0];
    leaf_types().store_slots(builder_, ir_.type(value), leaves(value), target_.getArg(1));
    builder_.CreateRet(builder_.getInt32(abi::kOk));
  } else {
    builder_.CreateRetVoid();
  }
}

void FunctionLowering::lower_call(ir::Inst inst) {
  const ir::CalleeRef& ref = ir_.callees[ir_.inst(inst).imm];
  std::vector<types::TypeId> parameters;
  std::span<const ir::Value> results = ir_.results(inst);
  unsigned slot_count = 0;
  for (ir::Value result : results)
    slot_count += static_cast<unsigned>(types::slot_count(ir_.type(result), module_.universe().types));
  llvm::Value* slots = frame_slots(std::max(slot_count, 1u));
  llvm::SmallVector<llvm::Value*, 16> arguments{context(), slots};
  for (ir::Value operand : ir_.operands(inst)) {
    parameters.push_back(ir_.type(operand));
    llvm::ArrayRef<llvm::Value*> values = leaves(operand);
    arguments.append(values.begin(), values.end());
  }
  if (module_.is_recursive(ir_.name) && module_.is_recursive(ref.name))
    if (llvm::Value* used_up = module_.target().stack_is_used_up(*this))
      raise_if(used_up, inst, ir::recursion_message(module_.universe()), {}, {});
  llvm::Value* status =
      builder_.CreateCall(module_.declare(module_.universe().symbols.name(ref.name), parameters), arguments);
  propagate_error(builder_.CreateIsNotNull(status), inst);
  if (!results.empty()) set_leaves(results[0], leaf_types().load_slots(builder_, ir_.type(results[0]), slots));
}

}  // namespace metate::codegen
