// barrier_slots – turns what a kernel keeps in values into memory slots, so that it can be cut between any two blocks.
#pragma once

#include <llvm/ADT/BitVector.h>
#include <llvm/ADT/DenseMap.h>
#include <llvm/IR/Instructions.h>

#include <cstdint>
#include <vector>

namespace metate::ze_software::work_group {

struct Slot {
  llvm::AllocaInst* variable;
  bool uniform;  // the same for all items
  bool whole;    // its address is taken or it is indexed: it cannot become a value again
};

/// Repeats cheap computations where they are used, and gives every other value that is used outside of its block, and
/// every phi, a slot. Afterwards blocks share values through slots, arguments and constants alone.
std::vector<Slot> move_values_to_slots(llvm::Function& body);

/// Which slots (by index; whole ones are left out) may be read after a block begins and before they are written.
using LiveSlots = llvm::DenseMap<const llvm::BasicBlock*, llvm::BitVector>;
LiveSlots live_slots(llvm::Function& body, const std::vector<Slot>& slots);

}  // namespace metate::ze_software::work_group
