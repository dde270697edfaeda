// prechecks – checks of what items read, made for some hundred items before these run without them.
#pragma once

#include <llvm/IR/Instructions.h>

#include <vector>

#include "runtime/ze_software/spirv/module_reader.h"

namespace metate::ze_software::work_group {

/// The branches at the beginning of a body that send items aside by numbers, as `math.log` of one that is not positive
/// does. No item has written anything before them, so they can be decided for many items ahead, in vectors.
class Prechecks {
 public:
  /// Of a simplified body. Without the convention for failures it has none: then branches that items often take look
  /// the same.
  Prechecks(llvm::Function& body, const spirv::Conventions& conventions);

  bool empty() const { return checks_.empty(); }

  /// Whether an item passes them all: a function of the body's parameters that gives an i1.
  llvm::Function* condition() const;

  /// Makes the body one of items that pass.
  void assume_passed() const;

 private:
  struct Check {
    llvm::BranchInst* branch;
    bool usual;  // the side of those that pass
  };

  class Slice;

  llvm::Function& body_;
  std::vector<Check> checks_;
};

}  // namespace metate::ze_software::work_group
