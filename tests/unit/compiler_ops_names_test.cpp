// compiler_ops_names_test – names lead to rows, signatures take arguments, reductions have NumPy's dtypes.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compiler/ops/fold.h"
#include "compiler/ops/names.h"
#include "compiler/ops/signature.h"

namespace metate::ops {
namespace {

using types::DType;
using types::Scalar;

Binding bind(std::string_view signature, int positional, std::vector<std::string_view> keywords = {}) {
  return ops::bind(parse_signature(signature), positional, keywords);
}

TEST(Signature, ReadsKindsAndDefaults) {
  std::vector<Parameter> p = parse_signature("a, b, /, c=1, *, d='C', e=None");
  ASSERT_EQ(p.size(), 5u);
  EXPECT_EQ(p[1].kind, Parameter::Kind::kPositionalOnly);
  EXPECT_EQ(p[2].kind, Parameter::Kind::kAny);
  EXPECT_EQ(p[2].default_text, "1");
  EXPECT_EQ(p[3].kind, Parameter::Kind::kKeywordOnly);
  EXPECT_EQ(p[3].default_text, "'C'");
  EXPECT_TRUE(p[0].is_required());
  EXPECT_TRUE(parse_signature("").empty());
}

TEST(Signature, BindsLikePython) {
  constexpr int kDefault = Binding::kDefault;
  EXPECT_EQ(bind("shape, dtype=float, order='C'", 1, {"order"}).arguments, (std::vector{0, kDefault, 1}));
  EXPECT_EQ(bind("a, b, /", 2).arguments, (std::vector{0, 1}));
  Binding many = bind("*shape, order='C'", 3, {"order"});
  EXPECT_EQ(many.arguments, (std::vector{0, 3}));
  EXPECT_EQ(many.variadic_count, 3);
  EXPECT_EQ(bind("*shape, order='C'", 0).arguments, (std::vector{kDefault, kDefault}));
}

TEST(Signature, SaysWhyACallDoesNotFit) {
  EXPECT_EQ(bind("x, /", 2).error, "takes 1 positional argument but 2 were given");
  EXPECT_EQ(bind("x, /", 0, {"x"}).error, "got an unexpected keyword argument 'x'");
  EXPECT_EQ(bind("a, b=1", 1, {"a"}).error, "got multiple values for argument 'a'");
  EXPECT_EQ(bind("a, b", 1).error, "missing a required argument: 'b'");
  EXPECT_EQ(bind("a, *, b=1", 2).error, "takes 1 positional argument but 2 were given");
  EXPECT_EQ(bind("a", 1).error, "");
}

TEST(Names, LeadToRows) {
  EXPECT_EQ(find_name("numpy.sqrt")->elementwise->op, ScalarOp::kSqrt);
  EXPECT_EQ(find_name("numpy.true_divide")->elementwise->op, ScalarOp::kDivide);
  EXPECT_EQ(find_name("numpy.divmod")->elementwise->second, ScalarOp::kRemainder);
  EXPECT_EQ(find_name("numpy.amax")->reduction, ReductionId::kMax);
  EXPECT_EQ(find_name("numpy.zeros")->array_function, ArrayFunction::kZeros);
  EXPECT_EQ(find_name("numpy.float32")->dtype, DType::kF32);
  EXPECT_EQ(find_name("numpy.bool_")->dtype, DType::kBool);
  EXPECT_EQ(find_name("math.sqrt")->python[0].ops[0], ScalarOp::kSqrt);
  EXPECT_EQ(find_name("builtins.abs")->python.size(), 3u);
  EXPECT_FALSE(find_name("numpy.fill"));  // a method only
  EXPECT_FALSE(find_name("numpy.nothing"));
  EXPECT_FALSE(find_name("sqrt"));
}

TEST(Names, MethodsTakeTheArrayFirst) {
  EXPECT_EQ(find_method("sum")->reduction, ReductionId::kSum);
  EXPECT_EQ(parse_signature(find_method("sum")->signature)[0].name, "axis");
  EXPECT_EQ(find_method("astype")->array_function, ArrayFunction::kAstype);
  EXPECT_EQ(find_method("conj")->elementwise->op, ScalarOp::kConjugate);
  EXPECT_FALSE(find_method("sqrt"));
  EXPECT_EQ(array_attribute_from_name("T"), ArrayAttribute::kTranspose);
}

TEST(Names, SignaturesHaveRoomForTheOperands) {
  for (const NumpyFunction& function : numpy_functions()) {
    size_t positional = 0;
    for (const Parameter& parameter : parse_signature(function.signature))
      positional += parameter.kind != Parameter::Kind::kKeywordOnly;
    EXPECT_GE(static_cast<int>(positional), arity(function.op)) << function.name;
  }
  for (const PythonOverload& overload : python_overloads()) {
    std::vector<Parameter> parameters = parse_signature(overload.signature);
    bool variadic = parameters[0].kind == Parameter::Kind::kVariadic;
    EXPECT_TRUE(variadic || static_cast<int>(parameters.size()) >= overload.arity()) << overload.name;
  }
}

TEST(PythonFunctions, RowsTakeTheDtypesOfTheirOverload) {
  for (const PythonOverload& overload : python_overloads()) {
    std::vector<DType> operands;
    for (char letter : overload.loop.substr(0, static_cast<size_t>(overload.arity())))
      operands.push_back(letter == 'b'   ? DType::kBool
                         : letter == 'i' ? DType::kI64
                         : letter == 'f' ? DType::kF64
                                         : DType::kC128);
    auto resolution = resolve_python(python_function(overload.name), operands);
    ASSERT_TRUE(resolution) << overload.name << " " << overload.loop;
    EXPECT_EQ(resolution->overload->loop, overload.loop) << overload.name << ": an earlier overload takes its operands";
    std::vector<Scalar> ones;
    for (DType dtype : operands) ones.push_back(Scalar::of(dtype, 1));
    for (int i = 0; i < overload.result_count(); ++i)
      EXPECT_EQ(evaluate(*overload.ops[static_cast<size_t>(i)], ones).dtype,
                resolution->results[static_cast<size_t>(i)])
          << overload.name << " " << overload.loop;
  }
}

TEST(Reductions, HaveNumpysDtypes) {
  EXPECT_EQ(result_dtype(ReductionId::kSum, DType::kBool), DType::kI64);
  EXPECT_EQ(result_dtype(ReductionId::kSum, DType::kI8), DType::kI64);
  EXPECT_EQ(result_dtype(ReductionId::kProd, DType::kU16), DType::kU64);
  EXPECT_EQ(result_dtype(ReductionId::kSum, DType::kF32), DType::kF32);
  EXPECT_EQ(result_dtype(ReductionId::kMean, DType::kI32), DType::kF64);
  EXPECT_EQ(result_dtype(ReductionId::kMean, DType::kF16), DType::kF16);
  EXPECT_EQ(accumulator_dtype(ReductionId::kMean, DType::kF16), DType::kF32);
  EXPECT_EQ(accumulator_dtype(ReductionId::kMax, DType::kF16), DType::kF16);
  EXPECT_EQ(result_dtype(ReductionId::kAny, DType::kC64), DType::kBool);
  EXPECT_EQ(result_dtype(ReductionId::kArgmax, DType::kC64), DType::kI64);
}

TEST(Reductions, CombineTakesTheAccumulator) {
  for (int i = 0; i < kReductionCount; ++i) {
    ReductionId reduction = static_cast<ReductionId>(i);
    const ReductionInfo& row = info(reduction);
    EXPECT_EQ(reduction_from_name(row.name), reduction);
    EXPECT_EQ(start_value(reduction, DType::kF64).has_value(), row.start.empty_message.empty()) << row.name;
    if (row.kind == ReductionKind::kPosition) continue;
    EXPECT_TRUE(info(row.combine).has(kAssociative)) << row.name;
    for (int d = 0; d < types::kDTypeCount; ++d) {
      DType accumulator = accumulator_dtype(reduction, static_cast<DType>(d));
      ASSERT_TRUE(neutral(row.combine, accumulator)) << row.name;
      Scalar one = Scalar::of(accumulator, 1);
      EXPECT_EQ(evaluate(row.combine, {one, one}).dtype, accumulator) << row.name;
    }
  }
}

TEST(Reductions, NanComesFirst) {
  Scalar one = Scalar::f64(1), two = Scalar::f64(2), nan = Scalar::f64(__builtin_nan(""));
  Scalar yes = Scalar::boolean(true), no = Scalar::boolean(false);
  EXPECT_EQ(evaluate(ScalarOp::kComesBeforeMinimum, {one, two}), yes);
  EXPECT_EQ(evaluate(ScalarOp::kComesBeforeMinimum, {one, one}), no);
  EXPECT_EQ(evaluate(ScalarOp::kComesBeforeMaximum, {nan, two}), yes);
  EXPECT_EQ(evaluate(ScalarOp::kComesBeforeMaximum, {two, nan}), no);
  EXPECT_EQ(evaluate(ScalarOp::kComesBeforeMaximum, {nan, nan}), no);
}

}  // namespace
}  // namespace metate::ops
