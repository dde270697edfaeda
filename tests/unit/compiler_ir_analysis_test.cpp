// compiler_ir_analysis_test – control flow, dominators, uses, liveness and loops of functions given as text.
#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/ir/analysis/dominators.h"
#include "compiler/ir/analysis/liveness.h"
#include "compiler/ir/analysis/loops.h"
#include "compiler/ir/analysis/uses.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/text/names.h"
#include "compiler/ir/text/parse.h"
#include "compiler/ir/verify/verify.h"

namespace metate::ir {
namespace {

/// Two loops around each other, an early way out, and a nest that captures. Blocks are numbered as they stand.
constexpr std::string_view kLoops = R"(
func @f(%x: array<f64,1,C>, %n: weak_int, %c: bool) -> weak_int stage loop {
^0:
  %one = const 1 : weak_int
  %two = const 2 : weak_int
  jump ^1(%one)
^1(%i: weak_int):
  branch %c, ^2(%i), ^6
^2(%j: weak_int):
  %k = op add %j, %two : weak_int
  branch %c, ^2(%k), ^3
^3:
  branch %c, ^4, ^5
^4:
  nest serial rank 1 (%n) {
  ^8(%p: weak_int):
    %v = load %x, %p : f64
    nest serial rank 1 (%k) {
    ^9(%q: weak_int):
      store %v, %x, %q
      yield
    }
    yield
  }
  jump ^1(%k)
^5:
  jump ^1(%i)
^6:
  return %one
^7:
  jump ^6
}
)";

struct AnalysisTest : testing::Test {
  void read(std::string_view text) {
    ParsedText parsed = parse(text, universe);
    ASSERT_FALSE(parsed.error) << parsed.error->line << ": " << parsed.error->message;
    functions = std::move(parsed.functions);
    ASSERT_EQ(verify(function()), std::vector<std::string>());
  }
  const Function& function() { return functions.at(0); }
  std::string text(std::span<const Value> values) {
    Names names(function());
    std::string result;
    for (Value value : values) result += names.value(value) + " ";
    return result;
  }
  std::string text(std::span<const Block> blocks) {
    Names names(function());
    std::string result;
    for (Block block : blocks) result += names.block(block) + " ";
    return result;
  }
  Value value(std::string_view name) {
    for (uint32_t i = 0; i < function().value_count(); ++i)
      if (Symbol symbol = function().value(Value(i)).name; symbol && universe.symbols.name(symbol) == name)
        return Value(i);
    ADD_FAILURE() << "no value " << name;
    return {};
  }

  Universe universe;
  std::vector<Function> functions;
};

TEST_F(AnalysisTest, ControlFlowOrdersReachableBlocks) {
  read(kLoops);
  ControlFlow flow(function());
  EXPECT_EQ(text(flow.reverse_postorder(function().body())), "^0 ^1 ^2 ^3 ^4 ^7 ^8 ");
  EXPECT_EQ(text(flow.predecessors(Block(1))), "^0 ^4 ^7 ");
  EXPECT_EQ(text(flow.successors(Block(1))), "^2 ^8 ");
  EXPECT_FALSE(flow.reachable(Block(9)));
}

TEST_F(AnalysisTest, DominatorsMakeATree) {
  read(kLoops);
  ControlFlow flow(function());
  Dominators dominators(function(), flow);
  EXPECT_FALSE(dominators.immediate(Block(0)));
  EXPECT_EQ(dominators.immediate(Block(8)), Block(1));
  EXPECT_EQ(text(dominators.children(Block(1))), "^2 ^8 ");
  EXPECT_EQ(text(dominators.children(Block(3))), "^4 ^7 ");
  EXPECT_TRUE(dominators.dominates(Block(1), Block(7)));
  EXPECT_FALSE(dominators.dominates(Block(4), Block(1)));
  EXPECT_TRUE(dominators.dominates(Block(4), Block(4)));
  EXPECT_FALSE(dominators.dominates(Block(9), Block(9)));  // unreachable
}

TEST_F(AnalysisTest, HandlersSeeTheHeadOfABlockOnly) {
  read(R"(
func @f(%n: weak_int) -> weak_int stage loop {
^0 handler ^1:
  %a = const 1 : weak_int
  %b = index [0, check] %n, %n : weak_int
  %c = const 2 : weak_int
  jump ^2
^1:
  return %a
^2:
  return %c
}
)");
  ControlFlow flow(function());
  Dominators dominators(function(), flow);
  Inst in_handler = function().terminator(Block(1)), behind = function().terminator(Block(2));
  EXPECT_TRUE(dominators.visible(value("a"), in_handler));
  EXPECT_FALSE(dominators.visible(value("b"), in_handler));
  EXPECT_FALSE(dominators.visible(value("c"), in_handler));
  EXPECT_TRUE(dominators.visible(value("b"), behind));
  EXPECT_EQ(text(dominators.children(Block(0))), "^1 ^2 ");
}

TEST_F(AnalysisTest, UsesKnowOperandsAndArguments) {
  read(kLoops);
  Uses uses(function());
  std::span<const Use> of_k = uses.of(value("k"));
  ASSERT_EQ(of_k.size(), 3u);
  EXPECT_EQ(of_k[0].target, 0u);
  EXPECT_EQ(of_k[0].inst, function().terminator(Block(2)));
  EXPECT_EQ(function().inst(of_k[1].inst).opcode, Opcode::kNest);
  EXPECT_EQ(of_k[1].target, Use::kOperand);
  EXPECT_EQ(uses.of(value("i")).size(), 2u);
}

TEST_F(AnalysisTest, LivenessFollowsLoopsAndCaptures) {
  read(kLoops);
  ControlFlow flow(function());
  Uses uses(function());
  Liveness live(function(), flow, uses);
  EXPECT_EQ(text(live.live_in(Block(0))), "");
  EXPECT_EQ(text(live.live_in(Block(1))), "%x %n %c %one %two ");
  EXPECT_EQ(text(live.live_in(Block(2))), "%x %n %c %one %two %i ");
  EXPECT_EQ(text(live.live_out(Block(2))), "%x %n %c %one %two %i %k ");
  EXPECT_EQ(text(live.live_in(Block(8))), "%one ");
  EXPECT_EQ(text(live.captures(function().region(function().body()).owner ? Region(0) : Region(1))), "%x %k ");
  EXPECT_EQ(text(live.captures(Region(2))), "%x %v ");
  EXPECT_TRUE(live.is_live_out(value("k"), Block(3)));
  EXPECT_FALSE(live.is_live_in(value("k"), Block(1)));
}

TEST_F(AnalysisTest, LoopsAreNested) {
  read(kLoops);
  ControlFlow flow(function());
  Dominators dominators(function(), flow);
  Loops loops(function(), flow, dominators);
  ASSERT_EQ(loops.all().size(), 2u);
  const LoopData& inner = loops.all()[0];
  const LoopData& outer = loops.all()[1];
  EXPECT_EQ(inner.header, Block(2));
  EXPECT_EQ(inner.depth, 2u);
  EXPECT_EQ(text(inner.blocks), "^2 ");
  EXPECT_EQ(outer.header, Block(1));
  EXPECT_EQ(text(outer.blocks), "^1 ^2 ^3 ^4 ^7 ");
  EXPECT_EQ(text(outer.latches), "^4 ^7 ");
  EXPECT_EQ(loops.innermost(Block(2)), Loop(0));
  EXPECT_TRUE(loops.contains(Loop(1), Block(2)));
  EXPECT_FALSE(loops.innermost(Block(8)));
}

TEST_F(AnalysisTest, ALoopOfTwoEntriesIsNone) {
  read(R"(
func @f(%c: bool) -> bool stage loop {
^0:
  branch %c, ^1, ^2
^1:
  jump ^2
^2:
  branch %c, ^1, ^3
^3:
  return %c
}
)");
  ControlFlow flow(function());
  Dominators dominators(function(), flow);
  EXPECT_EQ(dominators.immediate(Block(1)), Block(0));
  EXPECT_EQ(dominators.immediate(Block(2)), Block(0));
  EXPECT_TRUE(Loops(function(), flow, dominators).all().empty());
}

/// Dominance asked the slow way: without `a`, is `b` still reached?
bool dominates_by_search(const Function& function, const ControlFlow& flow, Block a, Block b) {
  std::vector<bool> seen(function.block_count());
  std::vector<Block> path{function.entry()};
  while (!path.empty()) {
    Block block = path.back();
    path.pop_back();
    if (block == a || seen[block.index()]) continue;
    seen[block.index()] = true;
    for (Block next : flow.successors(block)) path.push_back(next);
  }
  return !seen[b.index()];
}

TEST_F(AnalysisTest, DominatorsOfRandomGraphsAreThoseOfASearch) {
  uint64_t state = 7;
  auto random = [&](uint64_t limit) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % limit;
  };
  for (int round = 0; round < 200; ++round) {
    uint64_t blocks = 3 + random(12);
    std::string source = "func @f(%c: bool) -> bool stage loop {\n";
    for (uint64_t i = 0; i < blocks; ++i) {
      source += "^" + std::to_string(i) + ":\n  branch %c";
      for (int edge = 0; edge < 2; ++edge) source += ", ^" + std::to_string(1 + random(blocks - 1));
      source += "\n";
    }
    read(source + "}\n");
    ControlFlow flow(function());
    Dominators dominators(function(), flow);
    for (uint32_t a = 0; a < blocks; ++a)
      for (uint32_t b = 0; b < blocks; ++b)
        if (flow.reachable(Block(a)) && flow.reachable(Block(b)))
          EXPECT_EQ(dominators.dominates(Block(a), Block(b)), dominates_by_search(function(), flow, Block(a), Block(b)))
              << source << a << " " << b;
  }
}

}  // namespace
}  // namespace metate::ir
