// block_rewriter – one walk over a function in which instructions are replaced by others, control flow included.
#pragma once

#include "compiler/ir/builder.h"
#include "compiler/ir/edit/rewrite.h"

namespace metate::transform {

/// Walks the blocks in the order of the text. For each instruction the builder stands where the instruction stood; what
/// is emitted takes its place. Blocks made by `new_block` stand behind the current one, and what follows the
/// instruction goes to where the builder stands in the end. Code that was emitted is not walked over.
class BlockRewriter {
 public:
  BlockRewriter(const BlockRewriter&) = delete;
  BlockRewriter& operator=(const BlockRewriter&) = delete;

  void run();

 protected:
  explicit BlockRewriter(ir::Function& function) : function_(function), builder_(function) {}
  virtual ~BlockRewriter() = default;

  /// True if the instruction is done with; false keeps it as it is, and walks over its body if it is a nest.
  virtual bool replace(ir::Inst inst) = 0;

  /// A block with the handler of the current one.
  ir::Block new_block();
  /// All uses of `from` become uses of `to` when the walk is over.
  void replace_value(ir::Value from, ir::Value to) { replaced_.set(from, to); }
  /// What stands for a value in code that is emitted now.
  ir::Value current(ir::Value value) { return replaced_(value); }

  ir::Function& function_;
  ir::Builder builder_;

 private:
  void rewrite(ir::Region region);
  void keep(ir::Inst inst);

  ir::ValueMap replaced_;
  std::vector<ir::Block> order_;  // of the region at hand
};

}  // namespace metate::transform
