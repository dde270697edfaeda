// compiler_ir_edit_test – replacing, splitting and copying pieces of functions.
#include <gtest/gtest.h>

#include "compiler/ir/builder.h"
#include "compiler/ir/edit/clone.h"
#include "compiler/ir/edit/rewrite.h"
#include "compiler/ir/text/parse.h"
#include "compiler/ir/text/print.h"
#include "compiler/ir/verify/verify.h"

namespace metate::ir {
namespace {

struct EditTest : testing::Test {
  Function read(std::string_view text) {
    ParsedText parsed = parse(text, universe);
    EXPECT_FALSE(parsed.error) << parsed.error->line << ": " << parsed.error->message;
    return std::move(parsed.functions.at(0));
  }
  Universe universe;
};

constexpr std::string_view kStraight = R"(
func @f(%a: weak_int, %b: weak_int) -> weak_int stage loop {
^0:
  %c = op add %a, %b : weak_int
  %d = op add %c, %b : weak_int
  %e = op add %d, %c : weak_int
  return %e
}
)";

TEST_F(EditTest, ReplacementsFollowChains) {
  Function function = read(kStraight);
  ValueMap map;
  map.set(Value(3), Value(2));
  map.set(Value(2), Value(0));
  EXPECT_TRUE(map.contains(Value(3)));
  EXPECT_FALSE(map.contains(Value(0)));
  replace_uses(function, map);
  erase_if(function, [&](Inst inst) { return inst == Inst(0) || inst == Inst(1); });
  EXPECT_EQ(print(function), R"(func @f(%a: weak_int, %b: weak_int) -> weak_int stage loop {
^0(%a: weak_int, %b: weak_int):
  %e = op add %a, %a : weak_int
  return %e
}
)");
}

TEST_F(EditTest, SplittingKeepsTheRest) {
  Function function = read(kStraight);
  Block rest = split_block(function, function.entry(), 1);
  Builder builder(function);
  builder.position(function.entry());
  builder.jump(rest);
  EXPECT_EQ(verify(function), std::vector<std::string>());
  EXPECT_EQ(function.region(function.body()).blocks, (std::vector{function.entry(), rest}));
  EXPECT_EQ(function.block(rest).insts.size(), 3u);
}

constexpr std::string_view kCallee = R"(
func @callee(%x: array<f64,1,C>, %z: f64) -> f64 stage loop places('callee.py' 'callee') {
^0:
  %n = dim 0 %x : weak_int @5:2
  %r = nest serial rank 1 (%n) reduce(add) (%z) : f64 {
  ^1(%i: weak_int, %s: f64):
    %v = load %x, %i : f64 @6:4
    check exception(builtins.ValueError, 4) ['bad ', 0] %ok, %i
    %t = op add %s, %v : f64
    yield %t
  }
  jump ^3(%r)
^2:
  %ok = const True : weak_bool
  jump ^4
^3(%q: f64):
  return %q
^4:
  unreachable
}
)";

// A call replaced by the callee's body: what an inliner does with the cloner.
TEST_F(EditTest, ClonesARegionOfAnotherFunction) {
  Function callee = read(kCallee);
  Function caller = read(R"(
func @caller(%a: array<f64,1,C>, %b: f64, %k: weak_int) -> f64 stage loop places('caller.py' 'caller') {
^0 handler ^1:
  %c = op add %b, %b : f64 @1:1
  check exception(builtins.ValueError, 9) ['own'] %t
  jump ^2
^1:
  reraise
^2:
  return %c
^3:
  %t = const True : weak_bool
  unreachable
}
)");
  size_t messages = caller.messages.size();
  RegionCloner cloner(callee, caller);
  Block entry = cloner.clone(callee.body(), caller.body(), Block(1));
  EXPECT_EQ(caller.messages.size(), messages + 1);

  // The entry is entered from the caller's end; the callee's return becomes the caller's.
  Block end(2);
  Inst old_return = caller.terminator(end);
  erase(caller, old_return);
  Builder builder(caller);
  builder.position(end);
  builder.jump(entry, std::array{Value(0), Value(1)});
  std::string text = print(caller, {.sources = true});
  EXPECT_NE(text.find(R"(^4(%x: array<f64,1,C>, %z: f64) handler ^1:
  %n = dim 0 %x : weak_int @1!5:2
  %r = nest serial rank 1 (%n) reduce(add) (%z) : f64 {
  ^5(%i: weak_int, %s: f64):
    %v = load %x, %i : f64 @1!6:4
    check exception(builtins.ValueError, 4) ['bad ', 0] %ok, %i
    %t.12 = op add %s, %v : f64
    yield %t.12
  }
  jump ^7(%r)
^6 handler ^1:
  %ok = const True : weak_bool
  jump ^8
^7(%q: f64) handler ^1:
  return %q
^8 handler ^1:
  unreachable
)"),
            std::string::npos)
      << text;
}

TEST_F(EditTest, ClonesWithinAFunctionLeaveTheOriginalAlone) {
  Function function = read(kCallee);
  std::string before = print(function);
  Inst nest = function.block(function.entry()).insts[1];
  RegionCloner cloner(function, function);
  Value other = function.params()[1];
  cloner.map(function.results(function.block(function.entry()).insts[0])[0], other);
  Block spare = function.add_block(function.body());
  Inst copy = cloner.clone(nest, spare);
  EXPECT_NE(function.inst(copy).imm, function.inst(nest).imm);
  EXPECT_EQ(function.operands(copy)[0], other);
  EXPECT_EQ(cloner(function.result(nest)), function.result(copy));
  function.region(function.body()).blocks.pop_back();
  EXPECT_EQ(print(function), before);
}

}  // namespace
}  // namespace metate::ir
