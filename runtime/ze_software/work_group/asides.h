// asides – where a body sends the items that do not do what the kernel is for.
#pragma once

#include <llvm/ADT/DenseSet.h>
#include <llvm/IR/Function.h>

namespace metate::ze_software::work_group {

/// The blocks from which items return without having written anything, or report a failure, which begins with an atomic
/// access.
llvm::DenseSet<llvm::BasicBlock*> find_asides(llvm::Function& body);

/// Whether items go to this one to report a failure, in a module that has spirv::Conventions::failures.
bool reports_failure(const llvm::BasicBlock& aside);

}  // namespace metate::ze_software::work_group
