// compiler_frontend_test – decoded instructions written by hand: what is built of them, and that damaged ones are
// reported. tests/frontend has what CPython's compilers make of Python source.
#include <gtest/gtest.h>

#include "compiler/frontend/build.h"
#include "compiler/frontend/standard_environment.h"
#include "compiler/ir/text/print.h"
#include "compiler/ir/verify/verify.h"

namespace metate::frontend {
namespace {

using bytecode::Const;
using bytecode::Opcode;

struct Instruction : bytecode::Instruction {
  Instruction(Opcode op, uint32_t first = 0, uint32_t second = 0, support::SourceRange place = {})
      : bytecode::Instruction{op, first, second, bytecode::kNoHandler, place} {}
};
using Instructions = std::vector<Instruction>;

struct FrontendTest : testing::Test {
  FrontendTest() {
    code.name = "f";
    code.filename = "f.py";
    code.first_line = 1;
    code.argument_count = 1;
    code.names = {"range", "prange", "missing", "np", "sqrt"};
    code.consts = {
        {Const::None{}}, {int64_t{0}}, {int64_t{1}}, {std::string("text")}, {Const::BigInt{"18446744073709551616"}}};
    decoded.variables = {{"x"}, {"y"}, {"z"}};
  }

  /// The IR text, or the messages.
  std::string build(Instructions instructions) {
    decoded.instructions.assign(instructions.begin(), instructions.end());
    for (uint32_t i = 0; i < decoded.instructions.size(); ++i)
      if (!decoded.instructions[i].range.known()) decoded.instructions[i].range.line = static_cast<int32_t>(i);
    support::Diagnostics diagnostics;
    std::optional<ir::Function> function = frontend::build(code, decoded, environment, universe, options, diagnostics);
    std::string text;
    for (const support::Diagnostic& diagnostic : diagnostics.all())
      text += std::string(message_name(diagnostic.id)) + ": " + diagnostic.text + "\n";
    EXPECT_EQ(function.has_value(), text.empty());
    if (!function) return text;
    EXPECT_EQ(verify(*function), std::vector<std::string>());
    return print(*function);
  }

  ir::Universe universe;
  StandardEnvironment environment{universe};
  ir::FunctionOptions options;
  bytecode::CodeObject code;
  bytecode::DecodedFunction decoded;
};

constexpr uint32_t kNone = 0, kZero = 1, kOne = 2;  // constants
constexpr uint32_t kX = 0, kY = 1;                  // variables
constexpr uint32_t kAdd = static_cast<uint32_t>(bytecode::BinaryOperator::kAdd);

TEST_F(FrontendTest, NamesValuesAfterTheirVariables) {
  EXPECT_EQ(build({{Opcode::kLoadFast, kX},
                   {Opcode::kLoadConst, kOne},
                   {Opcode::kBinary, kAdd},
                   {Opcode::kStoreFast, kY},
                   {Opcode::kLoadFast, kY},
                   {Opcode::kReturn}}),
            R"(func @f(%x) stage untyped {
^0(%x):
  %1 = const 1 : weak_int
  %y = py.binary + %x, %1
  return %y
}
)");
}

TEST_F(FrontendTest, JoinsStackValuesInBlockParameters) {
  EXPECT_EQ(build({{Opcode::kLoadFast, kX},
                   {Opcode::kJumpIfFalse, 4},
                   {Opcode::kLoadConst, kZero},
                   {Opcode::kJump, 5},
                   {Opcode::kLoadConst, kOne},
                   {Opcode::kJumpIfFalse, 8},
                   {Opcode::kLoadFast, kX},
                   {Opcode::kReturn},
                   {Opcode::kLoadConst, kNone},
                   {Opcode::kReturn}}),
            R"(func @f(%x) stage untyped {
^0(%x):
  %1 = py.truth %x
  branch %1, ^1, ^2
^1:
  %2 = const 0 : weak_int
  jump ^3(%2)
^2:
  %3 = const 1 : weak_int
  jump ^3(%3)
^3(%4):
  %5 = py.truth %4
  branch %5, ^4, ^5
^4:
  return %x
^5:
  %6 = const None : const[None]
  return %6
}
)");
}

TEST_F(FrontendTest, AnEndlessLoopStaysOne) {
  EXPECT_EQ(build({{Opcode::kJump, 1}, {Opcode::kJump, 0}}), R"(func @f(%x) stage untyped {
^0(%x):
  jump ^1
^1:
  jump ^1
}
)");
}

TEST_F(FrontendTest, ReadingWhatIsNeverBoundEndsTheBlock) {
  EXPECT_EQ(build({{Opcode::kLoadFast, kY}, {Opcode::kStoreFast, kY}, {Opcode::kLoadFast, kY}, {Opcode::kReturn}}),
            R"(func @f(%x) stage untyped {
^0(%x):
  %1 = const False : weak_bool
  check_bound 'y' %1
  unreachable
}
)");
}

TEST_F(FrontendTest, AVariableBoundOnSomeWaysCarriesABit) {
  EXPECT_EQ(build({{Opcode::kLoadFast, kX},
                   {Opcode::kJumpIfFalse, 4},
                   {Opcode::kLoadConst, kOne},
                   {Opcode::kStoreFast, kY},
                   {Opcode::kLoadFast, kY},
                   {Opcode::kReturn}}),
            R"(func @f(%x) stage untyped {
^0(%x):
  %1 = undef
  %2 = const True : weak_bool
  %3 = const False : weak_bool
  %4 = py.truth %x
  branch %4, ^1, ^2(%1, %3)
^1:
  %y = const 1 : weak_int
  jump ^2(%y, %2)
^2(%y.6, %7):
  check_bound 'y' %7
  return %y.6
}
)");
}

TEST_F(FrontendTest, CopiesOfACondition) {
  // while x: x = x + 1, as CPython lays it out: the condition before the loop and at its end.
  support::SourceRange condition{.line = 1, .end_line = 1, .column = 6, .end_column = 7};
  EXPECT_EQ(build({{Opcode::kLoadFast, kX, 0, condition},
                   {Opcode::kJumpIfFalse, 8, 0, condition},
                   {Opcode::kLoadFast, kX},
                   {Opcode::kLoadConst, kOne},
                   {Opcode::kBinary, kAdd},
                   {Opcode::kStoreFast, kX},
                   {Opcode::kLoadFast, kX, 0, condition},
                   {Opcode::kJumpIfTrue, 2, 0, condition},
                   {Opcode::kLoadConst, kNone},
                   {Opcode::kReturn}}),
            R"(func @f(%x) stage untyped {
^0(%x):
  jump ^1(%x)
^1(%x.1):
  %2 = py.truth %x.1
  branch %2, ^2, ^3
^2:
  %3 = const 1 : weak_int
  %x.4 = py.binary + %x.1, %3
  jump ^1(%x.4)
^3:
  %5 = const None : const[None]
  return %5
}
)");
}

TEST_F(FrontendTest, PrangeIsALoopLikeRangeUnlessParallel) {
  const Instructions loop{
      {Opcode::kLoadGlobal, 1}, {Opcode::kLoadFast, kX},     {Opcode::kCall, 1, bytecode::kNoKeywords},
      {Opcode::kGetIter},       {Opcode::kForIter, 7},       {Opcode::kStoreFast, kY},
      {Opcode::kJump, 4},       {Opcode::kLoadConst, kNone}, {Opcode::kReturn}};
  EXPECT_EQ(build(loop).find("nest"), std::string::npos);
  options.parallel = true;
  EXPECT_EQ(build(loop), R"(func @f(%x) stage untyped options(parallel) {
^0(%x):
  %1 = const entity(builtins.range) : const[entity(builtins.range)]
  %2 = py.call %1, %x
  %3 = iter_count %2
  nest parallel rank 1 (%3) {
  ^1(%4: weak_int):
    yield
  }
  %5 = const None : const[None]
  return %5
}
)");
  options = {.kernel = true};
  EXPECT_EQ(build(loop), "MT5004: prange cannot be used in a kernel\n");
}

TEST_F(FrontendTest, ReportsNamesAndConstantsThatAreNone) {
  EXPECT_EQ(build({{Opcode::kLoadGlobal, 2}, {Opcode::kReturn}}), "MT1002: name 'missing' is not defined\n");
  EXPECT_EQ(build({{Opcode::kLoadConst, 4}, {Opcode::kReturn}}),
            "MT1008: integer constant 18446744073709551616 does not fit 64 bits\n");
}

struct MalformedTest : FrontendTest {
  std::string complaint(Instructions instructions) {
    std::string text = build(std::move(instructions));
    const std::string start = "MT1006: the bytecode of 'f' is malformed: ";
    EXPECT_TRUE(text.starts_with(start)) << text;
    return text.substr(std::min(start.size(), text.size()));
  }
};

TEST_F(MalformedTest, Ends) {
  EXPECT_EQ(complaint({}), "control runs past its end\n");
  EXPECT_EQ(complaint({{Opcode::kLoadConst, kNone}}), "control runs past its end\n");
  EXPECT_EQ(complaint({{Opcode::kJump, 7}}), "a jump leads out of the function\n");
  code.argument_count = 4;
  EXPECT_EQ(complaint({{Opcode::kLoadConst, kNone}, {Opcode::kReturn}}), "more arguments than variables\n");
}

TEST_F(MalformedTest, Stack) {
  EXPECT_EQ(complaint({{Opcode::kReturn}}), "the operand stack is too short\n");
  EXPECT_EQ(complaint({{Opcode::kLoadFast, kX}, {Opcode::kSwap, 2}, {Opcode::kReturn}}),
            "the operand stack is too short\n");
  EXPECT_EQ(complaint({{Opcode::kLoadFast, kX}, {Opcode::kCopy, 2}, {Opcode::kReturn}}), "no value to copy\n");
  EXPECT_EQ(complaint({{Opcode::kLoadFast, kX}, {Opcode::kJump, 0}}),
            "the operand stack differs between the ways to one place\n");
  EXPECT_EQ(complaint({{Opcode::kLoadFast, kX}, {Opcode::kUnpackSequence, 1u << 20}, {Opcode::kReturn}}),
            "the operand stack is too deep\n");
}

TEST_F(MalformedTest, Iterators) {
  EXPECT_EQ(complaint({{Opcode::kLoadFast, kX}, {Opcode::kForIter, 3}, {Opcode::kJump, 1}, {Opcode::kReturn}}),
            "a loop over what is no iterator\n");
  EXPECT_EQ(complaint({{Opcode::kLoadFast, kX}, {Opcode::kGetIter}, {Opcode::kReturn}}),
            "an iterator where a value should be\n");
  EXPECT_EQ(complaint({{Opcode::kLoadFast, kX}, {Opcode::kGetIter}, {Opcode::kCopy, 1}, {Opcode::kReturn}}),
            "no value to copy\n");
}

TEST_F(MalformedTest, JumpIntoAParallelLoop) {
  options.parallel = true;
  EXPECT_EQ(complaint({{Opcode::kLoadGlobal, 1},
                       {Opcode::kLoadFast, kX},
                       {Opcode::kCall, 1, bytecode::kNoKeywords},
                       {Opcode::kGetIter},
                       {Opcode::kLoadFast, kX},
                       {Opcode::kCopy, 1},
                       {Opcode::kJumpIfTrue, 9},
                       {Opcode::kPop},
                       {Opcode::kForIter, 11},
                       {Opcode::kStoreFast, kY},
                       {Opcode::kJump, 8},
                       {Opcode::kLoadConst, kNone},
                       {Opcode::kReturn}}),
            "a jump into the body of a loop\n");
}

TEST_F(FrontendTest, LongFunctionsNeedNoDeepStack) {
  // x is read at the end of a long row of joins.
  Instructions instructions;
  constexpr uint32_t kCount = 20'000;
  for (uint32_t i = 0; i < kCount; ++i) {
    instructions.push_back({Opcode::kLoadFast, kX});
    instructions.push_back({Opcode::kJumpIfFalse, 4 * i + 4});
    instructions.push_back({Opcode::kLoadConst, kOne});
    instructions.push_back({Opcode::kStoreFast, i % 2 == 0 ? kX : kY});
  }
  instructions.push_back({Opcode::kLoadFast, kX});
  instructions.push_back({Opcode::kReturn});
  EXPECT_FALSE(build(std::move(instructions)).empty());
}

}  // namespace
}  // namespace metate::frontend
