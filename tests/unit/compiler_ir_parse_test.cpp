// compiler_ir_parse_test – IR text that is wrong is refused at its place; no text breaks the parser.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "compiler/ir/text/parse.h"
#include "compiler/ir/text/print.h"
#include "compiler/ir/verify/verify.h"

namespace metate::ir {
namespace {

std::string error_of(std::string_view text) {
  Universe universe;
  ParsedText parsed = parse(text, universe);
  if (!parsed.error) return "";
  return std::to_string(parsed.error->line) + ":" + std::to_string(parsed.error->column) + ": " + parsed.error->message;
}

struct WrongText {
  std::string_view text, error;
};

class WrongTextTest : public testing::TestWithParam<WrongText> {};

TEST_P(WrongTextTest, IsRefusedAtItsPlace) { EXPECT_EQ(error_of(GetParam().text), GetParam().error); }

const WrongText kWrong[] = {
    {"fun @f()", "1:1: expected 'func', found fun"},
    {"func f", "1:6: expected a function's name, found f"},
    {"func @f() stage late {", "1:17: a stage is untyped, array or loop"},
    {"func @f() stage loop {\n}", "2:1: expected a block, found }"},
    {"func @f() stage loop {\n^0:\n  return %x\n}", "3:10: no value %x"},
    {"func @f() stage loop {\n^0:\n  jump ^7\n}", "3:8: no block ^7"},
    {"func @f() stage loop {\n^0 handler ^2:\n  unreachable\n}", "2:12: no block ^2"},
    {"func @f(%x, %x) stage loop {\n^0:\n  unreachable\n}", "1:13: %x is defined twice"},
    {"func @f(%x) stage loop {\n^0(%y):\n  unreachable\n}", "2:3: the entry's parameters differ from the function's"},
    {"func @f() stage loop {\n^0:\n^0:\n}", "3:1: a second block ^0"},
    {"func @f() stage loop {\n^0:\n  frobnicate\n}", "3:3: there is no instruction frobnicate"},
    {"func @f() stage loop {\n^0:\n  %1 = op frobnicate\n}", "3:11: frobnicate is not a row of ops"},
    {"func @f() stage loop {\n^0:\n  %1 = reduce frobnicate\n}", "3:15: frobnicate is not a reduction"},
    {"func @f() stage loop {\n^0:\n  %1 = array frobnicate\n}", "3:14: frobnicate is not an array function"},
    {"func @f() stage loop {\n^0:\n  %1 = py.binary => %1, %1\n}", "3:18: there is no Python operator =>"},
    {"func @f() stage loop {\n^0:\n  %1 = const 1 : weak_int, f64\n}", "3:16: 2 types for 1 results"},
    {"func @f() stage loop {\n^0:\n  %1 = const i8(128) : i8\n}", "3:17: 128 does not fit i8"},
    {"func @f() stage loop {\n^0:\n  %1 = const 18446744073709551616\n}",
     "3:14: not a 64-bit integer: 18446744073709551616"},
    {"func @f() stage loop {\n^0:\n  %1 = const 'open\n}", "3:14: the string has no end"},
    {"func @f() stage loop {\n^0:\n  %1 = const '\\q'\n}", "3:14: strings know the escapes \\n, \\', \\\\ and \\xNN"},
    {"func @f() stage loop {\n^0:\n  nest serial rank 2 (%1) {\n",
     "3:3: the nest needs an extent for each of its ranks"},
    {"func @f() stage loop {\n^0:\n  %1 = nest serial rank 0 () {\n",
     "3:3: a nest has as many results and initial values as reductions"},
    {"func @f(%x: array<f64,99,C>)", "1:23: the number of dimensions is a whole number from 0 to 64"},
    {"func @f(%x: matrix)", "1:13: there is no type matrix"},
    {"func @f() stage loop {\n^0:\n  unreachable @1!3:4\n}", "3:15: a place is @line:column-line:column"},
    {"func @f() stage loop {\n^0:\n  %1 = py.call %1, a=%1, %1\n}", "3:26: expected a keyword argument"},
};
INSTANTIATE_TEST_SUITE_P(Parse, WrongTextTest, testing::ValuesIn(kWrong));

TEST(Parse, RefusesNestingThatWouldEndTheStack) {
  std::string tuples;
  for (int i = 0; i < 100000; ++i) tuples += "tuple<";
  EXPECT_NE(error_of("func @f(%x: " + tuples).find("nested too deeply"), std::string::npos);
  std::string parens(100000, '(');
  EXPECT_NE(error_of("func @f() stage loop {\n^0:\n %1 = const " + parens).find("nested too deeply"),
            std::string::npos);
  std::string nests = "func @f() stage loop {\n^0:\n";
  for (int i = 1; i < 100000; ++i) nests += "nest serial rank 0 () {\n^" + std::to_string(i) + ":\n";
  EXPECT_NE(error_of(nests).find("nested too deeply"), std::string::npos);
}

constexpr std::string_view kSample = R"(
func @f(%x: array<f64,2,C>, %'a b': tuple<weak_int,const[(1, 'x', nan(0x7ff8000000000001))]>) -> f64 stage array options(kernel, fastmath=3) places('a' _) {
^0 handler ^2:
  %n = dim 0 %x : weak_int @1:2-3:4
  %z = const f64(0.0) : f64
  %r = nest parallel rank 1 (%n) reduce(add) (%z) : f64 {
  ^1(%i: weak_int, %s: f64):
    %v = view [int, slice, new, full] %x, %i, %i, %i, %i : array<f64,2,A>
    check exception(builtins.ValueError, 4) ['it\'s ', 0] %n, %i
    %c = py.call %n, %i, *%s, key=%n
    %d = py.compare not in %n, %i
    yield %s
  }
  branch %n, ^3(%r, %z), ^2
^2:
  reraise
^3(%a: f64, %b: c64):
  %q = const ((1.5-2.0j), True, None, u8(3), dtype(f32)) : ?
  %t = transpose [1, 0] %x : array<f64,2,F>
  %m = reduce sum axes [0] keepdims %x : array<f64,2,C>
  %w = index [1, wrap, check] %n, %n : weak_int
  %k, %l = call @'g.<locals>' #12 %n : f64, f64
  return %r
}
)";

/// Either an error or a function that prints and parses to the same text.
void expect_sane(const std::string& text) {
  Universe universe;
  ParsedText parsed = parse(text, universe);
  if (parsed.error) {
    EXPECT_GE(parsed.error->line, 1);
    EXPECT_GE(parsed.error->column, 1);
    return;
  }
  for (const Function& function : parsed.functions) {
    verify(function);  // whatever it says
    std::string once = print(function, {.sources = true});
    ParsedText again = parse(once, universe);
    ASSERT_FALSE(again.error) << again.error->message << "\n" << once;
    EXPECT_EQ(print(again.functions.at(0), {.sources = true}), once);
  }
}

TEST(Parse, SurvivesTextThatEndsAnywhere) {
  expect_sane(std::string(kSample));
  EXPECT_EQ(error_of(kSample), "");
  for (size_t length = 0; length < kSample.size(); ++length) expect_sane(std::string(kSample.substr(0, length)));
}

TEST(Parse, SurvivesDamagedText) {
  std::mt19937 random(20240607);
  for (int round = 0; round < 4000; ++round) {
    std::string text(kSample);
    for (unsigned changes = 1 + random() % 3; changes != 0; --changes) {
      size_t at = random() % text.size(), from = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, 1 + random() % 8);
          break;
        case 2:
          text.insert(at, text.substr(from, random() % 12));
          break;
        case 3:
          std::swap(text[at], text[from]);
          break;
      }
    }
    expect_sane(text);
  }
}

TEST(Parse, ReadsTypesAndConstantsAlone) {
  Universe universe;
  ASSERT_TRUE(parse_type("array<f32,1,C>", universe));
  EXPECT_EQ(*parse_type("array<f32,1,C>", universe), universe.types.array(types::DType::kF32, 1, types::Layout::kC));
  EXPECT_EQ(*parse_constant("-0.0", universe), universe.constants.real(-0.0));
  EXPECT_FALSE(parse_type("f32 f32", universe));
  EXPECT_FALSE(parse_constant("", universe));
}

}  // namespace
}  // namespace metate::ir
