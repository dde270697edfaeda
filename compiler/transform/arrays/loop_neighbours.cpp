#include "compiler/transform/arrays/loop_neighbours.h"

#include <algorithm>
#include <unordered_set>

#include "compiler/ir/analysis/walk.h"
#include "compiler/transform/arrays/expressions.h"
#include "compiler/transform/arrays/fusion_obstacle.h"
#include "compiler/transform/prechecks/same_value.h"

namespace metate::transform {
namespace {

using ir::Inst;
using ir::Value;

/// Goes through the instructions of a block and remembers the loop that it saw last.
class Neighbours {
 public:
  explicit Neighbours(ir::Function& function) : function_(function) {}

  void see(Inst inst);

 private:
  void begin(Inst loop);
  bool uses_results(Inst inst) const;
  bool have_same_extents(Inst loop, Inst other) const;
  FusionObstacle obstacle(Inst next) const;
  ir::NestData& data(Inst loop) const { return function_.nests[function_.inst(loop).imm]; }

  ir::Function& function_;
  Inst loop_;                          // none: the last one has its neighbour
  std::unordered_set<Value> results_;  // of that loop, and what was computed of them
  Inst between_;                       // the first thing behind it that has to stay in its place
};

void Neighbours::see(Inst inst) {
  const bool is_loop = static_cast<bool>(ir::nest_body(function_, inst));
  if (loop_ && (is_loop || consumes_elements(function_, inst))) {
    data(loop_).unfused = function_.universe().symbols.intern(text_of(function_, obstacle(inst)));
    loop_ = {};
  }
  if (is_loop) {
    if (!data(inst).independent) begin(inst);
    return;
  }
  if (!loop_) return;
  if (!between_ && (info(function_.inst(inst).opcode).effects & ~ir::kAllocates) != 0) between_ = inst;
  if (uses_results(inst)) {
    std::span<const Value> results = function_.results(inst);
    results_.insert(results.begin(), results.end());
  }
}

void Neighbours::begin(Inst loop) {
  loop_ = loop;
  between_ = {};
  std::span<const Value> results = function_.results(loop);
  results_ = {results.begin(), results.end()};
}

bool Neighbours::uses_results(Inst inst) const {
  if (results_.empty()) return false;
  auto takes_one = [&](Inst user) {
    return std::ranges::any_of(function_.operands(user), [&](Value value) { return results_.contains(value); });
  };
  bool found = takes_one(inst);
  if (ir::Region body = ir::nest_body(function_, inst))
    ir::walk_insts(function_, body, [&](Inst inner) { found = found || takes_one(inner); });
  return found;
}

bool Neighbours::have_same_extents(Inst loop, Inst other) const {
  const size_t rank = data(loop).rank;
  if (data(other).rank != rank) return false;
  std::span<const Value> left = function_.operands(loop), right = function_.operands(other);
  for (size_t axis = 0; axis < rank; ++axis)
    if (!is_same(function_, left[axis], right[axis])) return false;
  return true;
}

FusionObstacle Neighbours::obstacle(Inst next) const {
  using Kind = FusionObstacle::Kind;
  if (uses_results(next)) return {Kind::kNeedsResult, next, {}};
  if (between_) return {Kind::kBetween, next, between_};
  if (ir::nest_body(function_, next) && !have_same_extents(loop_, next)) return {Kind::kOtherExtents, next, {}};
  return {Kind::kWrittenApart, next, {}};
}

}  // namespace

void explain_neighbours(ir::Function& function) {
  ir::walk_blocks(function, [&](ir::Block block) {
    Neighbours neighbours(function);
    for (Inst inst : function.block(block).insts) neighbours.see(inst);
  });
}

}  // namespace metate::transform
