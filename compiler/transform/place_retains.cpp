#include "compiler/transform/place_retains.h"

#include <algorithm>
#include <array>

#include "compiler/transform/array_roots.h"

namespace metate::transform {
namespace {

using ir::Block;
using ir::BlockCall;
using ir::Function;
using ir::Inst;
using ir::Opcode;
using ir::Region;
using ir::Value;
using support::BitSet;

/// Rewrites the blocks of one region. Numbered as in the header: hand over, release what dies, clean up after errors.
class RegionRewriter {
 public:
  RegionRewriter(Function& function, Region region) : f_(function), region_(region), roots_(function, region) {}

  void run() {
    std::vector<Block> blocks = f_.region(region_).blocks;
    for (Block block : blocks) rewrite(block);
  }

 private:
  bool counted(Value value) const { return holds_arrays(f_.universe().types, f_.type(value)); }

  void append(Inst inst) {
    f_.inst(inst).block = current_;
    f_.block(current_).insts.push_back(inst);
  }
  void append_count(Opcode opcode, Value value) { append(f_.make_inst(opcode, 0, std::array{value}, {}, {}, source_)); }
  void release_all(const BitSet& roots) {
    roots.for_each([&](size_t root) { append_count(Opcode::kRelease, roots_.root(root)); });
  }

  BitSet made_by(std::span<const Value> values) const {
    BitSet made(roots_.count());
    for (Value value : values)
      if (roots_.index_of(value) >= 0) made.insert(static_cast<size_t>(roots_.index_of(value)));
    return made;
  }

  void rewrite(Block block) {
    std::vector<Inst> insts = std::move(f_.block(block).insts);
    f_.block(block).insts.clear();
    // Roots alive after and before each instruction, from the end.
    std::vector<BitSet> after(insts.size(), BitSet(roots_.count())), before = after;
    BitSet live = roots_.live_out(block);
    for (size_t i = insts.size(); i-- > 0;) {
      after[i] = live;
      live.subtract(made_by(f_.results(insts[i])));
      live.unite(roots_.used_by(insts[i]));
      before[i] = live;
    }

    current_ = block;
    if (!insts.empty()) {
      BitSet unused = made_by(f_.block(block).params);
      unused.subtract(before.front());
      source_ = f_.inst(insts.front()).source;
      release_all(unused);
    }
    for (size_t i = 0; i < insts.size(); ++i) {
      source_ = f_.inst(insts[i]).source;
      if (info(f_.inst(insts[i]).opcode).is_terminator()) {
        end(insts[i], before[i]);
      } else {
        hand_over_initial_accumulators(insts[i]);
        if (info(f_.inst(insts[i]).opcode).can_raise()) guard(before[i]);
        append(insts[i]);
        BitSet dying = before[i];
        dying.unite(made_by(f_.results(insts[i])));
        dying.subtract(after[i]);
        release_all(dying);
      }
    }
  }

  /// Makes sure that errors of the next instruction release `owned`: a block has one handler, so it may have to be
  /// split.
  void guard(const BitSet& owned) {
    Block wanted = owned.empty() ? Block() : cleanup(owned);
    bool decided = std::any_of(f_.block(current_).insts.begin(), f_.block(current_).insts.end(),
                               [&](Inst inst) { return info(f_.inst(inst).opcode).can_raise(); });
    if (decided && f_.block(current_).handler != wanted) {
      Block next = f_.add_block(region_);
      BlockCall call{next, {}};
      append(f_.make_inst(Opcode::kJump, 0, {}, {}, std::array{call}, source_));
      current_ = next;
    }
    f_.block(current_).handler = wanted;
  }

  /// The block that releases `owned` and goes on with the error.
  Block cleanup(const BitSet& owned) {
    for (const auto& [known, block] : cleanups_)
      if (known == owned) return block;
    Block block = f_.add_block(region_);
    Block interrupted = current_;
    current_ = block;
    release_all(owned);
    append(f_.make_inst(Opcode::kReraise, 0, {}, {}, {}, source_));
    current_ = interrupted;
    cleanups_.emplace_back(owned, block);
    return block;
  }

  void hand_over_initial_accumulators(Inst inst) {
    if (f_.inst(inst).opcode != Opcode::kNest) return;
    uint8_t rank = f_.nests[f_.inst(inst).imm].rank;
    for (Value initial : f_.operands(inst).subspan(rank))
      if (counted(initial)) append_count(Opcode::kRetain, initial);
  }

  /// Gives each of `values` a count of its own: a root's, where it is in `ending`, which it leaves; else a retained
  /// one.
  void hand_over(std::span<const Value> values, BitSet& ending) {
    for (Value value : values) {
      if (!counted(value)) continue;
      int root = roots_.index_of(value);
      if (root >= 0 && ending.contains(static_cast<size_t>(root))) {
        ending.erase(static_cast<size_t>(root));
      } else {
        append_count(Opcode::kRetain, value);
      }
    }
  }

  void end(Inst terminator, const BitSet& owned) {
    Opcode opcode = f_.inst(terminator).opcode;
    if (info(opcode).can_raise()) {
      guard(owned);
    } else if (opcode == Opcode::kReturn || opcode == Opcode::kYield) {
      BitSet ending = owned;
      std::vector<Value> values(f_.operands(terminator).begin(), f_.operands(terminator).end());
      hand_over(values, ending);
      release_all(ending);
    } else if (opcode == Opcode::kJump) {
      cross_edge(f_.targets(terminator)[0], owned);
    } else if (opcode == Opcode::kBranch) {
      for (size_t i = 0; i < f_.targets(terminator).size(); ++i) split_edge(terminator, i, owned);
    }
    append(terminator);
  }

  void cross_edge(BlockCall call, const BitSet& owned) {
    BitSet ending = owned;
    ending.subtract(roots_.live_in(call.block));
    std::vector<Value> arguments(f_.arguments(call).begin(), f_.arguments(call).end());
    hand_over(arguments, ending);
    release_all(ending);
  }

  /// Puts what has to happen on an edge of a branch into a block of its own; leaves the edge alone if that is nothing.
  void split_edge(Inst branch, size_t index, const BitSet& owned) {
    Block from = current_;
    Block middle = f_.add_block(region_);
    BlockCall call = f_.targets(branch)[index];
    current_ = middle;
    cross_edge(call, owned);
    if (f_.block(middle).insts.empty()) {
      f_.region(region_).blocks.pop_back();
    } else {
      append(f_.make_inst(Opcode::kJump, 0, {}, {}, std::array{call}, source_));
      f_.targets(branch)[index] = {middle, {}};
    }
    current_ = from;
  }

  Function& f_;
  Region region_;
  ArrayRoots roots_;
  Block current_;
  uint32_t source_ = 0;
  std::vector<std::pair<BitSet, Block>> cleanups_;
};

}  // namespace

void place_retains(Function& function, PassContext&) {
  auto count = static_cast<uint32_t>(function.region_count());
  for (uint32_t region = 0; region < count; ++region) RegionRewriter(function, Region(region)).run();
}

}  // namespace metate::transform
