// compiler_ops_fold_test – rows compute; tests/python/ops compares every row and dtype with NumPy.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "compiler/ops/fold.h"
#include "compiler/ops/resolve.h"

namespace metate::types {
void PrintTo(const Scalar& value, std::ostream* out) { *out << to_text(value); }
}  // namespace metate::types

namespace metate::ops {
namespace {

using types::DType;
using types::Scalar;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Scalar i8(int64_t value) { return Scalar::integer(DType::kI8, value); }
Scalar i64(int64_t value) { return Scalar::integer(DType::kI64, value); }
Scalar u64(uint64_t value) { return Scalar::integer(DType::kU64, static_cast<int64_t>(value)); }
Scalar f64(double value) { return Scalar::f64(value); }

std::vector<Scalar> samples(DType dtype) {
  std::vector<Scalar> values;
  for (int64_t whole : {0, 1, -1, 2, -3, 100}) values.push_back(Scalar::of(dtype, whole));
  if (is_integer(dtype)) {
    values.push_back(*neutral(ScalarOp::kMaximum, dtype));
    values.push_back(*neutral(ScalarOp::kMinimum, dtype));
  }
  if (is_float(dtype))
    for (double x : {-0.0, 0.1, 1e-7, 65504.0, kInfinity, -kInfinity}) values.push_back(Scalar::real(dtype, x));
  if (is_complex(dtype)) values.push_back(Scalar::complex(dtype, -0.0, 2.5));
  return values;
}

TEST(Evaluate, NeutralElementsChangeNothing) {
  for (int i = 0; i < kScalarOpCount; ++i) {
    ScalarOp op = static_cast<ScalarOp>(i);
    // hypot and gcd drop signs, logaddexp that of -0.0.
    bool exact =
        op != ScalarOp::kHypot && op != ScalarOp::kGcd && op != ScalarOp::kLogAddExp && op != ScalarOp::kLogAddExp2;
    if (info(op).neutral == Neutral::kNone || !exact) continue;
    for (const Loop& loop : loops(op)) {
      if (loop.result != loop.operands[0]) continue;
      std::optional<Scalar> e = neutral(op, loop.result);
      ASSERT_TRUE(e);
      for (const Scalar& x : samples(loop.result)) {
        EXPECT_EQ(evaluate(op, {*e, x}), x) << name(op) << " " << to_text(x);
        EXPECT_EQ(evaluate(op, {x, *e}), x) << name(op) << " " << to_text(x);
      }
    }
  }
}

TEST(Evaluate, CommutativeRowsCommute) {
  for (int i = 0; i < kScalarOpCount; ++i) {
    ScalarOp op = static_cast<ScalarOp>(i);
    if (!info(op).has(kCommutative)) continue;
    for (const Loop& loop : loops(op)) {
      if (loop.operands[0] != loop.operands[1]) continue;
      for (const Scalar& x : samples(loop.operands[0]))
        for (const Scalar& y : samples(loop.operands[0])) {
          Scalar one = evaluate(op, {x, y}), other = evaluate(op, {y, x});
          bool zeros = x == Scalar::of(x.dtype, 0) || y == Scalar::of(x.dtype, 0);  // of which sign: either
          bool same = one == other || zeros || (is_float(one.dtype) && std::isnan(one.as_real()));
          bool imaginary_nan = is_complex(one.dtype) && std::isnan(one.as_complex().imag());
          EXPECT_TRUE(same || imaginary_nan) << name(op) << " " << to_text(x) << " " << to_text(y);
        }
    }
  }
}

TEST(Evaluate, ResultsHaveTheDtypeOfTheLoop) {
  for (int i = 0; i < kScalarOpCount; ++i) {
    ScalarOp op = static_cast<ScalarOp>(i);
    for (const Loop& loop : loops(op)) {
      std::vector<Scalar> ones;
      for (int k = 0; k < arity(op); ++k) ones.push_back(Scalar::of(loop.operands[static_cast<size_t>(k)], 1));
      EXPECT_EQ(evaluate(op, ones).dtype, loop.result) << name(op);
    }
  }
}

TEST(Evaluate, IntegersDivideLikeNumpy) {
  EXPECT_EQ(evaluate(ScalarOp::kFloorDivide, {i8(-7), i8(2)}), i8(-4));
  EXPECT_EQ(evaluate(ScalarOp::kRemainder, {i8(-7), i8(2)}), i8(1));
  EXPECT_EQ(evaluate(ScalarOp::kFmod, {i8(-7), i8(2)}), i8(-1));
  EXPECT_EQ(evaluate(ScalarOp::kFloorDivide, {i8(7), i8(0)}), i8(0));
  EXPECT_EQ(evaluate(ScalarOp::kFloorDivide, {i8(-128), i8(-1)}), i8(-128));
  EXPECT_EQ(evaluate(ScalarOp::kRemainder, {i8(-128), i8(-1)}), i8(0));
  EXPECT_EQ(evaluate(ScalarOp::kRightShift, {i8(-1), i8(100)}), i8(-1));
  EXPECT_EQ(evaluate(ScalarOp::kLeftShift, {i8(1), i8(8)}), i8(0));
}

TEST(Evaluate, PythonComparesIntAndFloatExactly) {
  int64_t odd = (int64_t{1} << 53) + 1;
  EXPECT_EQ(evaluate(ScalarOp::kEqualExact, {i64(odd), f64(0x1p53)}), Scalar::boolean(false));
  EXPECT_EQ(evaluate(ScalarOp::kGreaterExact, {i64(odd), f64(0x1p53)}), Scalar::boolean(true));
  EXPECT_EQ(evaluate(ScalarOp::kLessExact, {f64(0x1p53), i64(odd)}), Scalar::boolean(true));
  int64_t largest = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(evaluate(ScalarOp::kLessExact, {i64(largest), f64(0x1p63)}), Scalar::boolean(true));
  EXPECT_EQ(evaluate(ScalarOp::kEqualExact, {i64(largest), f64(0x1p63)}), Scalar::boolean(false));
  EXPECT_EQ(evaluate(ScalarOp::kLessEqualExact, {i64(0), f64(kNan)}), Scalar::boolean(false));
}

TEST(Evaluate, MixedSignsCompareExactly) {
  EXPECT_EQ(evaluate(ScalarOp::kLess, {i64(-1), u64(0)}), Scalar::boolean(true));
  EXPECT_EQ(evaluate(ScalarOp::kEqual, {i64(-1), u64(~uint64_t{0})}), Scalar::boolean(false));
  EXPECT_EQ(evaluate(ScalarOp::kGreater, {u64(~uint64_t{0}), i64(-1)}), Scalar::boolean(true));
}

TEST(Cast, FloatsBeyondAnIntegerHaveOneMeaning) {
  EXPECT_EQ(cast(f64(-1.5), DType::kU8).as_uint(), 255u);
  EXPECT_EQ(cast(f64(300), DType::kU8).as_uint(), 44u);
  EXPECT_EQ(cast(f64(kNan), DType::kI32).as_int(), std::numeric_limits<int32_t>::min());
  EXPECT_EQ(cast(f64(0x1p63), DType::kU64).as_uint(), uint64_t{1} << 63);
  EXPECT_EQ(cast(f64(-1), DType::kU64).as_uint(), ~uint64_t{0});
  EXPECT_EQ(cast(f64(kNan), DType::kBool), Scalar::boolean(true));
  EXPECT_EQ(cast(Scalar::complex(DType::kC128, 0, 2), DType::kBool), Scalar::boolean(true));
  EXPECT_EQ(cast(u64(~uint64_t{0}), DType::kF32), Scalar::f32(0x1p64f));
}

}  // namespace
}  // namespace metate::ops
