// region_function – what one item does from one barrier to the next, as a function of its own.
#pragma once

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/SetVector.h>
#include <llvm/IR/IRBuilder.h>

#include <cstdint>
#include <vector>

#include "runtime/ze_software/work_group/barrier_slots.h"

namespace metate::ze_software::work_group {

struct Region {
  llvm::BasicBlock* start;
  llvm::SetVector<llvm::BasicBlock*> blocks;
  llvm::SetVector<llvm::BasicBlock*> barriers;  // that it may come to
  bool may_return = false;

  /// The ways out: one to each barrier, in that order, and the kernel's end.
  unsigned exits() const { return static_cast<unsigned>(barriers.size()) + (may_return ? 1 : 0); }
};

/// What an item may run from there to the barriers that it comes to first.
Region find_region(llvm::BasicBlock* start, llvm::function_ref<bool(llvm::BasicBlock*)> is_barrier);

/// The one constant that a function may give, if it gives no other.
llvm::ConstantInt* only_result(llvm::Function& function);

/// A way out as a set that has it alone: sets of them are united by `or`.
llvm::IntegerType* exits_type(const Region& region, llvm::LLVMContext& context);
llvm::ConstantInt* exit_constant(const Region& region, unsigned exit, llvm::LLVMContext& context);

/// Where a slot is kept while other items run.
struct Storage {
  llvm::AllocaInst* shared = nullptr;   // uniform: the value when a region begins …
  llvm::AllocaInst* written = nullptr;  // … and what its items write
  llvm::Value* array = nullptr;         // else: one element an item
  uint64_t item_bytes = 0;
};

/// Where an array has the element of the item with this linear index in the group.
llvm::Value* element_address(llvm::IRBuilder<>& builder, llvm::Value* array, uint64_t item_bytes, llvm::Value* linear);

/// All that the regions of one body share.
struct Regions {
  llvm::Function& body;
  const std::vector<Slot>& slots;
  const std::vector<Storage>& storage;  // of each slot
  const LiveSlots& live;
};

/// Makes, simplified, the function of an item, which gives the exit that the item leaves by. Its parameters are, in
/// this order: the linear index in the group of the first item of the item's row; for each slot that has a place, that
/// of its array, or the shared value and the place for what is written; what the body takes.
llvm::Function* make_region_function(const Regions& regions, const Region& region);

/// What such a function is called with, loaded at the builder; `arguments` are those of the body.
std::vector<llvm::Value*> region_arguments(llvm::IRBuilder<>& builder, const Regions& regions,
                                           llvm::Value* first_of_row, llvm::ArrayRef<llvm::Value*> arguments);

}  // namespace metate::ze_software::work_group
