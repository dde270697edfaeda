// block_order – in which order the blocks of a kernel come.
#pragma once

#include <llvm/ADT/DenseMap.h>

#include <cstddef>

namespace llvm {
class BasicBlock;
class Function;
}  // namespace llvm

namespace metate::ze_software::work_group {

/// The number of each block, in an order in which loops come before what follows them and branches before their ends.
llvm::DenseMap<llvm::BasicBlock*, size_t> number_blocks(llvm::Function& body);

}  // namespace metate::ze_software::work_group
