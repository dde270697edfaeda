// uniformity – which values of a kernel are the same for all items of a group that meet at a barrier.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/DenseSet.h>

namespace llvm {
class BasicBlock;
class Function;
class Instruction;
}  // namespace llvm

namespace metate::ze_software::work_group {

/// The instructions whose value may differ between items that come to a barrier: item ids, what is loaded or computed
/// atomically, what follows from those, and what is merged or left behind where items may have gone different ways. The
/// rest is uniform.
llvm::DenseSet<const llvm::Instruction*> divergent_values(llvm::Function& body);

/// Whether some items may come to one of these blocks while others of their group do not, or not as often. Items that
/// end without coming to any barrier count unless `ends_meet_nobody`.
bool may_part_before(llvm::Function& body, llvm::ArrayRef<llvm::BasicBlock*> blocks, bool ends_meet_nobody);

}  // namespace metate::ze_software::work_group
