// compiler_ir_verify_test – the verifier finds what no text can say, and survives any damage to a function's records.
#include <gtest/gtest.h>

#include <random>

#include "compiler/ir/text/parse.h"
#include "compiler/ir/text/print.h"
#include "compiler/ir/verify/verify.h"

namespace metate::ir {
namespace {

constexpr std::string_view kSample = R"(
func @f(%x: array<f64,1,C>, %z: f64) -> f64 stage loop {
^0 handler ^2:
  %n = dim 0 %x : weak_int
  %r = nest serial rank 1 (%n) reduce(add) (%z) : f64 {
  ^1(%i: weak_int, %s: f64):
    %v = load %x, %i : f64
    %t = op add %s, %v : f64
    yield %t
  }
  check exception(builtins.ValueError, 4) ['bad ', 0] %b, %n
  jump ^3(%r)
^2:
  reraise
^3(%q: f64):
  return %q
^4:
  %b = const True : weak_bool
  unreachable
}
)";

struct VerifyTest : testing::Test {
  Function sample() {
    ParsedText parsed = parse(kSample, universe);
    EXPECT_FALSE(parsed.error);
    return std::move(parsed.functions.at(0));
  }
  Universe universe;
};

TEST_F(VerifyTest, SeesAValueWhoseInstructionWasRemoved) {
  Function function = sample();
  Block entry = function.entry();
  Inst dim = function.block(entry).insts.front();
  function.block(entry).insts.erase(function.block(entry).insts.begin());
  std::vector<std::string> messages = verify(function);
  ASSERT_FALSE(messages.empty());
  EXPECT_NE(messages[0].find("%!" + std::to_string(function.result(dim).index()) + " is defined nowhere"),
            std::string::npos)
      << messages[0];
}

TEST_F(VerifyTest, SeesAnInstructionInTwoPlaces) {
  Function function = sample();
  std::vector<Inst>& insts = function.block(function.entry()).insts;
  insts.insert(insts.begin(), insts.front());
  EXPECT_EQ(verify(function).at(0), "^0: the block lists an instruction that is not its own, or twice");
}

TEST_F(VerifyTest, SurvivesDamagedRecords) {
  std::mt19937 random(20240608);
  int found = 0;
  for (int round = 0; round < 3000; ++round) {
    Function function = sample();
    auto small = [&] { return random() % 4 ? static_cast<uint32_t>(random() % 16) : static_cast<uint32_t>(random()); };
    auto item = [&](size_t count) { return static_cast<uint32_t>(random() % count); };
    InstData& inst = function.inst(Inst(item(function.inst_count())));
    BlockData& block = function.block(Block(item(function.block_count())));
    ValueData& value = function.value(Value(item(function.value_count())));
    switch (random() % 9) {
      case 0:
        inst.opcode = static_cast<Opcode>(random() % 50);
        break;
      case 1:
        inst.imm = small();
        break;
      case 2:
        inst.block = Block(small());
        break;
      case 3:
        block.handler = Block(small());
        break;
      case 4:
        block.region = Region(small());
        break;
      case 5:
        block.insts.insert(block.insts.begin() + item(block.insts.size() + 1), Inst(small()));
        break;
      case 6:
        value.definer = small();
        break;
      case 7:
        function.nests[0].body = Region(small());
        break;
      case 8:
        if (inst.operands.count != 0)
          function.operands(Inst(static_cast<uint32_t>(&inst - &function.inst(Inst(0)))))[0] = Value(small());
        break;
    }
    found += !verify(function).empty();
    print(function);
  }
  EXPECT_GT(found, 1000);
}

}  // namespace
}  // namespace metate::ir
