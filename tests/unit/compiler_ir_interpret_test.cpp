// compiler_ir_interpret_test – what IR text cannot ask of the interpreter: slots, budgets, the text of numbers.
#include <gtest/gtest.h>

#include <limits>

#include "compiler/ir/interpret/interpret.h"
#include "compiler/ir/interpret/python_text.h"
#include "compiler/ir/interpret/slots.h"
#include "compiler/ir/text/parse.h"

namespace metate::ir {
namespace {

using types::DType;
using types::Scalar;

struct InterpretTest : testing::Test {
  const Function& read(std::string_view text) {
    ParsedText parsed = parse(text, universe);
    EXPECT_FALSE(parsed.error) << parsed.error->line << ": " << parsed.error->message;
    functions = std::move(parsed.functions);
    return functions.at(0);
  }
  Universe universe;
  std::vector<Function> functions;
};

constexpr std::string_view kDouble = R"(
func @f(%x: array<f32,1,C>, %t: tuple<i8,c64>) -> tuple<array<f32,1,C>,i8,c64> stage loop {
^0:
  %n = dim 0 %x : weak_int
  %y = alloc %n : array<f32,1,C>
  nest serial rank 1 (%n) {
  ^1(%i: weak_int):
    %v = load %x, %i : f32
    %w = op add %v, %v : f32
    store %w, %y, %i
    yield
  }
  %a = tuple_get 0 %t : i8
  %b = tuple_get 1 %t : c64
  %c = op negative %a : i8
  %d = op conjugate %b : c64
  %r = tuple %y, %c, %d : tuple<array<f32,1,C>,i8,c64>
  return %r
}
)";

// What an entry point of compiled code does with its buffers.
TEST_F(InterpretTest, StandsInForAnEntryPoint) {
  const Function& function = read(kDouble);
  float data[3] = {1, 2, 3};
  int64_t arguments[] = {std::bit_cast<int64_t>(&data[0]), 0, 3, 4, 0, 0, 0};
  types::store(Scalar::integer(DType::kI8, 5), &arguments[4]);
  types::store(Scalar::f32(1.5f), &arguments[5]);
  types::store(Scalar::f32(2.5f), &arguments[6]);
  int64_t results[7] = {};
  {
    Interpreter interpreter({});
    const int64_t* next = arguments;
    std::vector<Datum> read;
    for (Value param : function.params()) read.push_back(read_slots(universe.types, function.type(param), next));
    EXPECT_EQ(next, arguments + 7);
    Outcome outcome = interpreter.run(function, read);
    ASSERT_EQ(outcome.kind, Outcome::Kind::kReturned) << outcome.reason;
    int64_t* written = results;
    write_slots(universe.types, function.return_type, outcome.value, interpreter.memory(), written);
    EXPECT_EQ(written, results + 7);
    EXPECT_EQ(interpreter.memory().live_blocks(), 0u);  // handed over
  }
  auto* owner = std::bit_cast<abi::Owner*>(results[1]);
  ASSERT_NE(owner, nullptr);
  EXPECT_EQ(owner->count, 1);
  EXPECT_EQ(results[2], 3);
  EXPECT_EQ(results[3], 4);
  EXPECT_EQ(std::bit_cast<float*>(results[0])[2], 6.0f);
  EXPECT_EQ(types::load(DType::kI8, &results[4]), Scalar::integer(DType::kI8, -5));
  EXPECT_EQ(types::load(DType::kF32, &results[5]), Scalar::f32(1.5f));
  EXPECT_EQ(types::load(DType::kF32, &results[6]), Scalar::f32(-2.5f));
  owner->destroy(owner);
}

TEST_F(InterpretTest, RefusesArgumentsOfOtherTypes) {
  const Function& function = read("func @f(%x: f32) -> f32 stage loop {\n^0:\n  return %x\n}\n");
  Interpreter interpreter({});
  EXPECT_EQ(interpreter.run(function, std::array{Datum(Scalar::f64(1))}).kind, Outcome::Kind::kRefused);
  EXPECT_EQ(interpreter.run(function, {}).kind, Outcome::Kind::kRefused);
  EXPECT_EQ(interpreter.run(function, std::array{Datum(Scalar::f32(1))}).kind, Outcome::Kind::kReturned);
}

TEST_F(InterpretTest, MemoryIsLimited) {
  const Function& function = read(kDouble);
  Interpreter interpreter({.max_bytes = 8});
  float data[3] = {};
  Array array{reinterpret_cast<std::byte*>(data), nullptr, {3}, {4}};
  std::vector<Datum> parts{Scalar::integer(DType::kI8, 0), Scalar::complex(DType::kC64, 0, 0)};
  Outcome outcome = interpreter.run(function, std::array{Datum(array), Datum(parts)});
  ASSERT_EQ(outcome.kind, Outcome::Kind::kRaised);
  EXPECT_EQ(outcome.raised.exception, "builtins.MemoryError");
}

TEST_F(InterpretTest, KernelsAskWhereTheyStand) {
  const Function& function = read(R"(
func @f(%d: weak_int) -> weak_int stage loop {
^0:
  %i = work_item group_id %d : weak_int
  return %i
}
)");
  WorkItem item{};
  item[static_cast<size_t>(WorkItemQuery::kGroupId)] = {7, 8, 9};
  Interpreter interpreter({.work_item = item});
  Outcome outcome = interpreter.run(function, std::array{Datum(Scalar::integer(DType::kI64, 2))});
  ASSERT_EQ(outcome.kind, Outcome::Kind::kReturned) << outcome.reason;
  EXPECT_EQ(outcome.value.scalar()->as_int(), 9);
}

TEST(PythonText, IsWhatStrGives) {
  auto real = [](double value) { return python_text(Scalar::f64(value)); };
  EXPECT_EQ(real(1), "1.0");
  EXPECT_EQ(real(-0.0), "-0.0");
  EXPECT_EQ(real(0.1), "0.1");
  EXPECT_EQ(real(123456.789), "123456.789");
  EXPECT_EQ(real(1e15), "1000000000000000.0");
  EXPECT_EQ(real(1e16), "1e+16");
  EXPECT_EQ(real(1.5e300), "1.5e+300");
  EXPECT_EQ(real(0.0001), "0.0001");
  EXPECT_EQ(real(0.00001), "1e-05");
  EXPECT_EQ(real(5e-324), "5e-324");
  EXPECT_EQ(real(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(real(-std::numeric_limits<double>::quiet_NaN()), "nan");
  EXPECT_EQ(python_text(Scalar::f32(0.1f)), "0.1");
  EXPECT_EQ(python_text(Scalar::f32(100000.0f)), "100000.0");
  EXPECT_EQ(python_text(Scalar::f32(16777216.0f)), "1.6777216e+07");
  EXPECT_EQ(python_text(Scalar::f32(0.0001f)), "1e-04");
  EXPECT_EQ(python_text(Scalar::real(DType::kF16, 0.1)), "0.1");
  EXPECT_EQ(python_text(Scalar::real(DType::kF16, 65504)), "6.55e+04");
  EXPECT_EQ(python_text(Scalar::complex(DType::kC128, 1, -2)), "(1-2j)");
  EXPECT_EQ(python_text(Scalar::complex(DType::kC128, 0, 2.5)), "2.5j");
  EXPECT_EQ(python_text(Scalar::complex(DType::kC128, -0.0, 2)), "(-0+2j)");
  EXPECT_EQ(python_text(Scalar::boolean(true)), "True");
  EXPECT_EQ(python_text(Scalar::integer(DType::kU64, -1)), "18446744073709551615");
}

}  // namespace
}  // namespace metate::ir
