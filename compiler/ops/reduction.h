// reduction.h – the rows of reductions.def: how many elements become one.
#pragma once

#include <optional>
#include <string_view>

#include "compiler/ops/scalar_op.h"

namespace metate::ops {

enum class ReductionId : uint16_t {
#define REDUCTION(enumerator, ...) enumerator,
#include "compiler/ops/reductions.def"
};

inline constexpr int kReductionCount = 0
#define REDUCTION(...) +1
#include "compiler/ops/reductions.def"
    ;

enum class ReductionKind : uint8_t { kFold, kMean, kPosition };

/// How the dtype of the elements decides that of the accumulator, and of the result.
enum class Accumulator : uint8_t {
  kSame,     // the elements'
  kWide,     // bool and signed integers int64, unsigned ones uint64, others their own
  kInexact,  // bool and integers float64, others their own
  kBool,
  kIndex,  // int64
};

struct ReductionStart {
  Neutral value;                   // kZero, kOne, or kNone
  std::string_view empty_message;  // of kNone: what the ValueError says where there is no element and no initial=
};

struct ReductionInfo {
  std::string_view name;
  ReductionKind kind;
  std::optional<ScalarOp> map;
  ScalarOp combine;
  Accumulator accumulator;
  ReductionStart start;
};

const ReductionInfo& info(ReductionId reduction);
inline std::string_view name(ReductionId reduction) { return info(reduction).name; }
/// By name or alias.
std::optional<ReductionId> reduction_from_name(std::string_view name);

/// The dtype of the result for elements of `element`. Given dtype=d, the elements are cast to d before.
types::DType result_dtype(ReductionId reduction, types::DType element);
/// The dtype in which elements are combined: the result's, but float32 for sums, products and means of float16.
types::DType accumulator_dtype(ReductionId reduction, types::DType element);
/// What the accumulators are added to, in the accumulator's dtype: 0.0 + -0.0 is 0.0, so no sum is -0.0. It is the
/// result of no elements, too. None: there has to be an element.
std::optional<types::Scalar> start_value(ReductionId reduction, types::DType accumulator);

}  // namespace metate::ops
