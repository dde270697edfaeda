// barriers – where the items of a kernel wait for one another, and what they compute together there.
#pragma once

#include <functional>
#include <vector>

#include "runtime/ze_software/spirv/items.h"

namespace llvm {
class AllocaInst;
class BasicBlock;
class Function;
class Value;
}  // namespace llvm

namespace metate::ze_software::work_group {

class EntryFunction;

/// A block where items wait. At a meeting each item brings its value (and the number of its partner) in a private
/// variable, and finds its result in another one behind the block.
struct Barrier {
  llvm::BasicBlock* block;
  llvm::BasicBlock* behind;
  spirv::ItemSet items;  // who waits
  spirv::Together together{};
  spirv::Combine combine{};
  llvm::AllocaInst* value = nullptr;  // null: nothing is computed
  llvm::AllocaInst* partner = nullptr;
  llvm::AllocaInst* result = nullptr;
};

/// Gives each placeholder that waits a block of its own.
std::vector<Barrier> isolate_barriers(llvm::Function& body);

/// Where the private variable of an item is kept while others run.
using Kept = std::function<llvm::Value*(llvm::AllocaInst* variable, llvm::Value* item)>;

/// Whether an item is among those that have come.
using HasCome = std::function<llvm::Value*(llvm::Value* item)>;

/// Computes the results for `count` items from the linear index `first`, all of which have come unless `has_come` says
/// so of each. Values are combined in the order of the items, so that sums of floats have the same bits each time.
void emit_meeting(EntryFunction& entry, const Barrier& barrier, llvm::Value* first, llvm::Value* count,
                  const Kept& kept, const HasCome& has_come = nullptr);

}  // namespace metate::ze_software::work_group
