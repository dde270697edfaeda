// nests – loop nests as loops, and parallel ones as bodies that the runtime calls with a range of iterations.
#include <llvm/IR/MDBuilder.h>

#include <array>

#include "compiler/codegen/function_lowering.h"
#include "compiler/ir/analysis/captures.h"
#include "compiler/types/slots.h"
#include "runtime/abi/context.h"

namespace metate::codegen {

void FunctionLowering::lower_nest(ir::Inst inst) {
  const ir::NestData& nest = ir_.nests[ir_.inst(inst).imm];
  // Accumulators are carried in order until they are planned (transform/plan_reductions), so such a nest is one loop.
  if (nest.mode == ir::NestMode::kDevice && module_.target().offloads() && nest.reductions.empty()) {
    lower_device_nest(inst);
  } else if (module_.target().runs_parallel(nest.mode) && nest.reductions.empty()) {
    lower_parallel_nest(inst);
  } else {
    lower_serial_nest(inst);
  }
}

void FunctionLowering::lower_serial_nest(ir::Inst inst) {
  const ir::NestData& nest = ir_.nests[ir_.inst(inst).imm];
  llvm::SmallVector<llvm::Value*, 4> begins(nest.rank, builder_.getInt64(0)), ends;
  for (unsigned axis = 0; axis < nest.rank; ++axis) ends.push_back(leaf(ir_.operands(inst)[axis]));
  lower_loops(inst, begins, ends);
}

/// One loop an axis around the body. Every loop is guarded, so its counter starts below its end and counts to it
/// without wrapping; accumulators are phis of each header.
void FunctionLowering::lower_loops(ir::Inst inst, std::span<llvm::Value* const> begins,
                                   std::span<llvm::Value* const> ends) {
  locate(inst);
  const ir::NestData& nest = ir_.nests[ir_.inst(inst).imm];
  std::span<const ir::Value> params = ir_.block(ir_.region(nest.body).blocks.front()).params;
  std::span<const ir::Value> initial = ir_.operands(inst).subspan(nest.rank);

  Leaves accumulators;
  for (ir::Value value : initial) accumulators.append(leaves(value).begin(), leaves(value).end());

  struct Loop {
    llvm::BasicBlock* guard;
    llvm::BasicBlock* header;
    llvm::PHINode* counter;
    llvm::SmallVector<llvm::PHINode*, 4> accumulators;
    Leaves before;
  };
  llvm::SmallVector<Loop, 4> loops;
  llvm::SmallVector<llvm::BasicBlock*, 4> exits;
  for (unsigned axis = 0; axis < nest.rank; ++axis) {
    Loop loop{builder_.GetInsertBlock(), new_block("loop"), nullptr, {}, accumulators};
    exits.push_back(new_block("exit"));
    builder_.CreateCondBr(builder_.CreateICmpSLT(begins[axis], ends[axis]), loop.header, exits.back());
    builder_.SetInsertPoint(loop.header);
    loop.counter = builder_.CreatePHI(builder_.getInt64Ty(), 2);
    loop.counter->addIncoming(begins[axis], loop.guard);
    for (llvm::Value*& accumulator : accumulators) {
      llvm::PHINode* phi = builder_.CreatePHI(accumulator->getType(), 2);
      phi->addIncoming(accumulator, loop.guard);
      loop.accumulators.push_back(phi);
      accumulator = phi;
    }
    set_leaf(params[axis], loop.counter);
    loops.push_back(std::move(loop));
  }

  size_t next = 0;
  for (size_t i = 0; i < initial.size(); ++i) {
    size_t count = leaves(initial[i]).size();
    set_leaves(params[nest.rank + i], Leaves(llvm::ArrayRef(accumulators).slice(next, count)));
    next += count;
  }
  OpenNest open{new_block("latch"), {}};
  {
    llvm::IRBuilder<> latch(open.latch);
    for (llvm::Value* accumulator : accumulators)
      open.accumulators.push_back(latch.CreatePHI(accumulator->getType(), 1));
  }
  nests_.push_back(open);
  lower_region(nest.body);
  nests_.pop_back();

  builder_.SetInsertPoint(open.latch);
  locate(inst);
  Leaves current(open.accumulators.begin(), open.accumulators.end());
  for (unsigned axis = nest.rank; axis-- > 0;) {
    Loop& loop = loops[axis];
    if (axis == 0 && module_.long_loops().repeats(inst)) poll_interrupt(inst, error_target(nest.body));
    llvm::Value* incremented =
        builder_.CreateAdd(loop.counter, builder_.getInt64(1), "", true, begins[axis] == builder_.getInt64(0));
    llvm::BasicBlock* latch = builder_.GetInsertBlock();
    loop.counter->addIncoming(incremented, latch);
    for (size_t i = 0; i < current.size(); ++i) loop.accumulators[i]->addIncoming(current[i], latch);
    llvm::BranchInst* back =
        builder_.CreateCondBr(builder_.CreateICmpSLT(incremented, ends[axis]), loop.header, exits[axis]);
    annotate_loop(back, nest.lanes && axis + 1 == nest.rank);
    builder_.SetInsertPoint(exits[axis]);
    for (size_t i = 0; i < current.size(); ++i) {
      llvm::PHINode* phi = builder_.CreatePHI(current[i]->getType(), 2);
      phi->addIncoming(loop.before[i], loop.guard);
      phi->addIncoming(current[i], latch);
      current[i] = phi;
    }
  }
  next = 0;
  for (ir::Value result : ir_.results(inst)) {
    size_t count = leaf_types().leaf_count(ir_.type(result));
    set_leaves(result, Leaves(llvm::ArrayRef(current).slice(next, count)));
    next += count;
  }
}

/// A loop over lanes has a constant extent and is to become a few vector operations: unrolled before the vectoriser has
/// seen it, it would be scalars; not unrolled afterwards, the lanes would stay in memory.
void FunctionLowering::annotate_loop(llvm::Instruction* back_edge, bool lanes) {
  llvm::LLVMContext& context = module_.context();
  auto fact = [&](const char* name, llvm::Metadata* detail = nullptr) {
    llvm::SmallVector<llvm::Metadata*, 2> parts{llvm::MDString::get(context, name)};
    if (detail) parts.push_back(detail);
    return llvm::MDNode::get(context, parts);
  };
  llvm::SmallVector<llvm::Metadata*, 4> facts{nullptr, fact("llvm.loop.mustprogress")};
  if (llvm::DebugLoc place = builder_.getCurrentDebugLocation()) facts.push_back(place.get());
  if (lanes) {
    facts.push_back(fact("llvm.loop.unroll.disable"));
    facts.push_back(fact("llvm.loop.vectorize.followup_vectorized", fact("llvm.loop.unroll.full")));
  }
  llvm::MDNode* loop = llvm::MDNode::getDistinct(context, facts);
  loop->replaceOperandWith(0, loop);
  back_edge->setMetadata(llvm::LLVMContext::MD_loop, loop);
}

void FunctionLowering::lower_yield(ir::Inst inst) {
  OpenNest& open = nests_.back();
  size_t next = 0;
  for (ir::Value value : ir_.operands(inst))
    for (llvm::Value* leaf : leaves(value)) open.accumulators[next++]->addIncoming(leaf, builder_.GetInsertBlock());
  builder_.CreateBr(open.latch);
}

/// One after the other, each in the slots of its type.
llvm::Value* FunctionLowering::store_in_frame(std::span<const ir::Value> values) {
  auto slots_of = [&](ir::Value value) {
    return static_cast<unsigned>(types::slot_count(ir_.type(value), module_.universe().types));
  };
  unsigned count = 0;
  for (ir::Value value : values) count += slots_of(value);
  llvm::Value* env = frame_slots(count);
  unsigned slot = 0;
  for (ir::Value value : values) {
    llvm::Value* slots = builder_.CreateConstInBoundsGEP1_64(builder_.getInt64Ty(), env, slot);
    leaf_types().store_slots(builder_, ir_.type(value), leaves(value), slots);
    slot += slots_of(value);
  }
  return env;
}

void FunctionLowering::lower_parallel_nest(ir::Inst inst) {
  const ir::NestData& nest = ir_.nests[ir_.inst(inst).imm];
  std::vector<ir::Value> captures = ir::captures_of(ir_, nest.body);
  // The extents of the inner axes are needed inside as well.
  for (unsigned axis = 1; axis < nest.rank; ++axis) {
    ir::Value extent = ir_.operands(inst)[axis];
    if (std::find(captures.begin(), captures.end(), extent) == captures.end()) captures.push_back(extent);
  }

  auto at_least_one = [&](llvm::Value* number) {
    return builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, number, builder_.getInt64(1));
  };
  llvm::Type* pointer = builder_.getPtrTy();
  auto* type = llvm::FunctionType::get(builder_.getInt32Ty(),
                                       {pointer, pointer, builder_.getInt64Ty(), builder_.getInt64Ty()}, false);
  auto* body =
      llvm::Function::Create(type, llvm::Function::InternalLinkage, target_.getName() + ".body", module_.module());
  body->addFnAttr(llvm::Attribute::NoUnwind);
  for (unsigned i = 0; i < 2; ++i) body->addParamAttr(i, llvm::Attribute::NoAlias);
  FunctionLowering inside(module_, ir_, *body);

  // Constants stay constants: `i + 1` with the 1 loaded from env keeps its range check, and the loop its scalars.
  std::erase_if(captures, [&](ir::Value value) {
    if (!llvm::all_of(leaves(value), llvm::IsaPred<llvm::Constant>)) return false;
    inside.set_leaves(value, Leaves(leaves(value).begin(), leaves(value).end()));
    return true;
  });

  llvm::Value* env = store_in_frame(captures);
  inside.lower_parallel_body(inst, captures);

  // The runtime cuts the outermost axis; the grain counts runs of the body.
  llvm::Value* grain = builder_.getInt64(nest.grain);
  for (unsigned axis = 1; axis < nest.rank && nest.grain > 1; ++axis)
    grain = builder_.CreateUDiv(grain, at_least_one(leaf(ir_.operands(inst)[axis])));
  llvm::Value* extent = leaf(ir_.operands(inst)[0]);
  llvm::Value* status =
      builder_.CreateCall(module_.runtime_call("metate_parallel"), {context(), extent, at_least_one(grain), body, env});
  propagate_error(builder_.CreateIsNotNull(status), inst);
}

void FunctionLowering::lower_parallel_body(ir::Inst inst, std::span<const ir::Value> captures) {
  const ir::NestData& nest = ir_.nests[ir_.inst(inst).imm];
  root_ = nest.body;
  unsigned slot = 0;
  for (ir::Value value : captures) {
    llvm::Value* slots = builder_.CreateConstInBoundsGEP1_64(builder_.getInt64Ty(), target_.getArg(1), slot);
    set_leaves(value, leaf_types().load_slots(builder_, ir_.type(value), slots));
    slot += static_cast<unsigned>(types::slot_count(ir_.type(value), module_.universe().types));
  }
  llvm::SmallVector<llvm::Value*, 4> begins{target_.getArg(2)}, ends{target_.getArg(3)};
  for (unsigned axis = 1; axis < nest.rank; ++axis) {
    begins.push_back(builder_.getInt64(0));
    ends.push_back(leaf(ir_.operands(inst)[axis]));
  }
  lower_loops(inst, begins, ends);
  builder_.CreateRet(builder_.getInt32(abi::kOk));
}

}  // namespace metate::codegen
