// compiler_ops_resolve_test – the loop of every ufunc for every combination of operands is the one that NumPy takes.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/ops/resolve.h"

namespace metate::ops {
namespace {

using types::DType;

std::optional<DType> dtype_of(char character) {
  if (character == 'q') return DType::kI64;
  if (character == 'Q') return DType::kU64;
  for (int i = 0; i < types::kDTypeCount; ++i)
    if (types::numpy_char(static_cast<DType>(i)) == character) return static_cast<DType>(i);
  return std::nullopt;
}

OperandType operand(const std::string& text) {
  if (text == "int") return {DType::kI64, true};
  if (text == "float") return {DType::kF64, true};
  if (text == "complex") return {DType::kC128, true};
  return {*dtype_of(text.at(0))};
}

struct Line {
  std::string ufunc, text;
  std::vector<OperandType> operands;
  std::vector<DType> expected;  // operands, then results; empty: TypeError
};

std::vector<Line> golden() {
  std::vector<Line> lines;
  std::ifstream file(METATE_TEST_DATA "/ufunc_types.txt");
  for (std::string text; std::getline(file, text);) {
    if (text[0] == '#') continue;
    std::istringstream words(text);
    std::string ufunc, word;
    std::vector<OperandType> first;
    words >> ufunc;
    while (words >> word && word != ":") first.push_back(operand(word));
    while (words >> word) {
      size_t equals = word.find('=');
      Line line{ufunc, text.substr(0, text.find(':')) + word, first, {}};
      line.operands.push_back(operand(word.substr(0, equals)));
      for (char character : word.substr(equals + 1)) line.expected.push_back(*dtype_of(character));
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

std::map<std::string, NumpyFunction> functions() {
  std::map<std::string, NumpyFunction> result;
  for (const NumpyFunction& function : numpy_functions()) result.emplace(function.name, function);
  return result;
}

/// Rows whose operands may differ from NumPy's without a difference in the result: truth values are taken first, and
/// weak ints stay int64 in comparisons (resolve.h).
bool has_other_operands(const Line& line, ScalarOp op) {
  TypeRule::Shape shape = info(op).types.shape;
  bool weak = std::ranges::any_of(line.operands, &OperandType::weak);
  return shape == TypeRule::Shape::kLogical || (weak && shape == TypeRule::Shape::kCompare);
}

TEST(Resolve, TakesTheLoopThatNumPyTakes) {
  auto by_name = functions();
  std::set<std::string> seen;
  for (const Line& line : golden()) {
    auto found = by_name.find(line.ufunc);
    ASSERT_NE(found, by_name.end()) << line.ufunc << " has no row";
    seen.insert(line.ufunc);
    std::optional<Resolution> resolution = resolve(found->second.op, line.operands);
    if (line.expected.empty()) {
      EXPECT_FALSE(resolution) << line.text;
      continue;
    }
    ASSERT_TRUE(resolution) << line.text;
    size_t arity = line.operands.size();
    if (!has_other_operands(line, found->second.op))
      for (size_t i = 0; i < arity; ++i) EXPECT_EQ(resolution->operands[i], line.expected[i]) << line.text;
    EXPECT_EQ(resolution->result, line.expected[arity]) << line.text;
    if (line.expected.size() > arity + 1) {
      ASSERT_TRUE(found->second.second) << line.text;
      EXPECT_EQ(resolve(*found->second.second, line.operands)->result, line.expected[arity + 1]) << line.text;
    }
  }
  for (const NumpyFunction& function : numpy_functions())
    if (function.is_ufunc)
      EXPECT_TRUE(seen.count(std::string(function.name)) || function.name != name(function.op))
          << function.name << " is no ufunc of NumPy's";
}

TEST(Resolve, ComparesIntegersExactly) {
  OperandType u64{DType::kU64}, weak{DType::kI64, true}, i8{DType::kI8};
  EXPECT_EQ(resolve(ScalarOp::kLess, std::array{u64, weak})->operands[0], DType::kU64);
  EXPECT_EQ(resolve(ScalarOp::kLess, std::array{u64, weak})->operands[1], DType::kI64);
  EXPECT_EQ(resolve(ScalarOp::kEqual, std::array{weak, i8})->operands[1], DType::kI64);
}

TEST(Resolve, WholePowersHaveACheck) {
  OperandType i16{DType::kI16}, u8{DType::kU8}, f32{DType::kF32};
  ASSERT_NE(resolve(ScalarOp::kPower, std::array{i16, i16})->check, nullptr);
  EXPECT_FALSE(loops(resolve(ScalarOp::kPower, std::array{i16, i16})->check->predicate).empty());
  EXPECT_EQ(resolve(ScalarOp::kPower, std::array{u8, u8})->check, nullptr);
  EXPECT_EQ(resolve(ScalarOp::kPower, std::array{f32, i16})->check, nullptr);
}

TEST(Resolve, ResultTypeFollowsNep50) {
  OperandType weak_int{DType::kI64, true}, weak_float{DType::kF64, true}, weak_complex{DType::kC128, true};
  auto type = [](auto... operands) { return result_type(std::array{OperandType(operands)...}); };
  EXPECT_EQ(type(OperandType{DType::kI8}, weak_int), DType::kI8);
  EXPECT_EQ(type(OperandType{DType::kBool}, weak_int), DType::kI64);
  EXPECT_EQ(type(OperandType{DType::kI8}, weak_float), DType::kF64);
  EXPECT_EQ(type(OperandType{DType::kF32}, weak_float), DType::kF32);
  EXPECT_EQ(type(OperandType{DType::kF16}, weak_complex), DType::kC64);
  EXPECT_EQ(type(OperandType{DType::kI32}, weak_complex), DType::kC128);
  EXPECT_EQ(type(weak_int, weak_float), DType::kF64);
  EXPECT_EQ(type(OperandType{DType::kU64}, OperandType{DType::kI64}, weak_int), DType::kF64);
}

TEST(Rows, NamesAreUniqueAndFound) {
  for (int i = 0; i < kScalarOpCount; ++i) {
    ScalarOp op = static_cast<ScalarOp>(i);
    EXPECT_EQ(scalar_op_from_name(name(op)), op) << name(op);
    EXPECT_LE(arity(op), kMaxArity);
    EXPECT_FALSE(loops(op).empty()) << name(op);
  }
}

}  // namespace
}  // namespace metate::ops
