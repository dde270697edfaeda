// usual_items – which items of a row pass all checks, so that their loop needs none and can run in vectors.
#pragma once

#include <llvm/IR/InstrTypes.h>

#include <span>
#include <utility>
#include <vector>

#include "runtime/ze_software/work_group/entry_function.h"

namespace llvm {
class DominatorTree;
}

namespace metate::ze_software::work_group {

/// The items [begin, end) of a row along x, counted from its start: local ids are these numbers, global ids these and
/// `first_id`.
struct Row {
  llvm::Value* begin;
  llvm::Value* end;
  llvm::Value* first_id;
};

/// Branches of a body that send some items aside, to return at once or to report a failure, by a comparison of their
/// id along x with something that is the same for the whole row. The others are neighbours: index-set splitting, as
/// compilers do for loops with such conditions.
class Guards {
 public:
  enum class Which { kAll, kFailures };

  /// Of a simplified body. Those that report failures can be told in a module that has spirv::Conventions::failures.
  explicit Guards(llvm::Function& body, Which which = Which::kAll);

  bool empty() const { return guards_.empty(); }

  /// A copy of the body for items that all guards let pass.
  llvm::Function* usual_body() const;

  /// Where the items of the row begin and end that surely pass; computed at the builder. `arguments` are what the body
  /// is called with, `place` needs its ids along y and z only.
  std::pair<llvm::Value*, llvm::Value*> usual_range(EntryFunction& entry, std::span<llvm::Value* const> arguments,
                                                    const ItemPlace& place, const Row& row) const;

 private:
  class Emitter;

  /// The id plus terms that are the same for the row.
  struct Affine {
    struct Term {
      llvm::Value* value;
      bool subtracted;
    };
    bool is_global = false;
    std::vector<Term> terms;
    std::vector<size_t> narrow;  // after so many terms, the sum has 31 bits
  };
  /// `id predicate bound`; without an id, `bound` is a condition that has to be true, or false.
  struct Comparison {
    bool has_id = false;
    Affine id;
    llvm::CmpInst::Predicate predicate = llvm::CmpInst::ICMP_NE;
    llvm::Value* bound = nullptr;
    bool truth = true;
  };
  struct Guard {
    llvm::BranchInst* branch;
    bool usual;  // the side of those that pass
    std::vector<Comparison> comparisons;
    std::vector<Comparison> way;  // only items for which these hold come to the branch; not all that they must pass
  };

  static bool read_affine(llvm::Value* value, Affine& affine, int depth = 0);
  static bool read_condition(llvm::Value* condition, bool truth, std::vector<Comparison>& out, int depth = 0);

  void read_way(const llvm::DominatorTree& dominators, Guard& guard) const;
  bool is_guard(const llvm::BranchInst& branch) const;

  llvm::Function& body_;
  std::vector<Guard> guards_;
};

}  // namespace metate::ze_software::work_group
