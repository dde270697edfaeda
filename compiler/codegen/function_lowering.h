// function_lowering – one LLVM function out of a region of IR: the body of a function, or of a parallel nest.
#pragma once

#include <llvm/ADT/DenseMap.h>
#include <llvm/IR/IRBuilder.h>

#include "compiler/codegen/leaves.h"
#include "compiler/codegen/module_lowering.h"
#include "compiler/ir/function.h"

namespace metate::codegen {

/// Holds what the units of codegen share while one LLVM function is made. control (this unit): blocks, branches, calls;
/// scalars, arrays, nests, errors: one unit each, a member function per instruction family.
class FunctionLowering {
 public:
  FunctionLowering(ModuleLowering& module, const ir::Function& function, llvm::Function& target);

  /// Lowers the whole function: parameters are (context, results, leaves of the parameters…).
  void lower_body();
  /// Lowers a parallel nest's body as i32 body(context, env, begin, end); `captures` lie in env's slots in this order.
  void lower_parallel_body(ir::Inst nest, std::span<const ir::Value> captures);
  /// Lowers what one work-item does of a nest as void body(context, leaves of the captures…, extents…).
  void lower_item(ir::Inst nest, std::span<const ir::Value> captures);

  ModuleLowering& module() { return module_; }
  llvm::IRBuilder<>& builder() { return builder_; }
  const ir::Function& ir() const { return ir_; }
  llvm::Function& target() { return target_; }
  llvm::Value* context() { return target_.getArg(0); }
  const LeafTypes& leaf_types() const { return module_.leaf_types(); }

  llvm::ArrayRef<llvm::Value*> leaves(ir::Value value) const;
  llvm::Value* leaf(ir::Value value) const {
    METATE_ASSERT(leaves(value).size() == 1);
    return leaves(value)[0];
  }
  void set_leaves(ir::Value value, Leaves leaves) { values_[value] = std::move(leaves); }
  void set_leaf(ir::Value value, llvm::Value* leaf) { values_[value] = {leaf}; }

  llvm::BasicBlock* new_block(const char* name = "");
  /// Memory of the frame, allocated once on entry.
  llvm::AllocaInst* frame_slots(unsigned count);
  llvm::AllocaInst* frame_variable(llvm::Type* type);

  /// Leaves to the error edge of `inst`'s block when `failed`, after recording the message with its values (cold),
  /// which are integers of 64 bits and of these types.
  void raise_if(llvm::Value* failed, ir::Inst inst, ir::Message message, std::span<llvm::Value* const> values,
                std::vector<types::TypeId> value_types);
  /// Records and leaves; ends the block.
  void raise_always(ir::Inst inst, ErrorSite site, std::span<llvm::Value* const> values);
  void record_call(const ir::SourcePlace& place);
  void record_inlined_calls(ir::Inst inst);
  /// Leaves to the error edge when a callee has `failed` and recorded why; adds this place to the trace.
  void propagate_error(llvm::Value* failed, ir::Inst inst) {
    propagate_error(failed, inst, error_target(ir_.inst(inst).block));
  }
  void propagate_error(llvm::Value* failed, ir::Inst inst, llvm::BasicBlock* target);
  /// Leaves with what was recorded if the caller wants the code to end.
  void poll_interrupt(ir::Inst inst, llvm::BasicBlock* target);
  /// Where errors of instructions in `block` go.
  llvm::BasicBlock* error_target(ir::Block block);
  /// Where errors leave a region to.
  llvm::BasicBlock* error_target(ir::Region region);
  /// The first byte of the memory that an array spans, and the first behind it; equal ones if it has no elements.
  std::pair<llvm::Value*, llvm::Value*> memory_range(const types::Type& array, llvm::ArrayRef<llvm::Value*> parts);

 private:
  // control
  void lower_region(ir::Region region);
  void lower_block(ir::Block block);
  /// What is built from now on comes from the place of this instruction.
  void locate(ir::Inst inst) {
    if (SourceLines* lines = module_.lines()) lines->at(ir_, ir_.source(inst), target_, builder_);
  }
  void lower_inst(ir::Inst inst);
  void lower_branch(ir::Inst inst);
  void lower_return(ir::Inst inst);
  void lower_call(ir::Inst inst);
  void lower_call_foreign(ir::Inst inst);
  void lower_group(ir::Inst inst);
  void add_incoming(const ir::BlockCall& call);
  // scalars
  void append_constant(types::ConstantId id, Leaves& out);
  void lower_const(ir::Inst inst);
  void lower_cast(ir::Inst inst);
  void lower_op(ir::Inst inst);
  void lower_tuple(ir::Inst inst);
  void lower_tuple_get(ir::Inst inst);
  // errors
  void branch_cold(llvm::Value* failed, llvm::BasicBlock* cold);
  void lower_check(ir::Inst inst);
  void lower_raise(ir::Inst inst);
  void lower_check_bound(ir::Inst inst);
  void lower_print(ir::Inst inst);
  ErrorSite message_site(ErrorSite::Kind kind, ir::Inst inst, std::span<const ir::Value> values, Leaves& encoded);
  llvm::Value* encode_message_value(types::DType dtype, llvm::Value* part);
  // arrays
  void lower_dim(ir::Inst inst);
  void lower_stride(ir::Inst inst);
  void lower_index(ir::Inst inst);
  void lower_load(ir::Inst inst);
  void lower_store(ir::Inst inst);
  void lower_view(ir::Inst inst);
  void lower_transpose(ir::Inst inst);
  void lower_reshape(ir::Inst inst);
  void lower_broadcast(ir::Inst inst);
  void lower_overlap(ir::Inst inst);
  void lower_distance(ir::Inst inst);
  void lower_real(ir::Inst inst);
  void lower_widen(ir::Inst inst);
  void lower_alloc(ir::Inst inst);
  void lower_local(ir::Inst inst);
  void lower_retain(ir::Inst inst);
  void lower_release(ir::Inst inst);
  void lower_atomic(ir::Inst inst);
  Leaves retyped(ir::Value array, const types::Type& target, unsigned offset);
  llvm::Value* element_address(ir::Value array, std::span<const ir::Value> indices);
  llvm::Align element_align(const types::Type& array) const;
  // nests
  void lower_nest(ir::Inst inst);
  void lower_serial_nest(ir::Inst inst);
  void lower_parallel_nest(ir::Inst inst);
  void lower_loops(ir::Inst inst, std::span<llvm::Value* const> begins, std::span<llvm::Value* const> ends);
  void annotate_loop(llvm::Instruction* back_edge, bool lanes);
  void lower_yield(ir::Inst inst);
  llvm::Value* store_in_frame(std::span<const ir::Value> values);
  // device nests
  void lower_device_nest(ir::Inst inst);
  void lower_indices(ir::Inst nest, std::span<llvm::Value* const> extents);

  /// The innermost inlined nest whose body is being lowered: where `yield` goes.
  struct OpenNest {
    llvm::BasicBlock* latch;
    llvm::SmallVector<llvm::PHINode*, 4> accumulators;  // in the latch, one a leaf
  };

  ModuleLowering& module_;
  const ir::Function& ir_;
  llvm::Function& target_;
  llvm::IRBuilder<> builder_;
  ir::Region root_;  // the region that is this LLVM function
  support::SideTable<ir::Value, Leaves> values_;
  llvm::DenseMap<uint32_t, llvm::BasicBlock*> blocks_;
  std::vector<OpenNest> nests_;
  llvm::BasicBlock* error_exit_ = nullptr;
};

}  // namespace metate::codegen
