#include "compiler/ops/reduction.h"

#include <iterator>

#include "runtime/base/assert.h"

namespace metate::ops {
namespace {

using types::DType;
using types::Scalar;

constexpr std::optional<ScalarOp> none;
constexpr std::optional<ScalarOp> each(ScalarOp row) { return row; }
constexpr ReductionStart from(Neutral value) { return {value, {}}; }
constexpr ReductionStart nothing(std::string_view message) { return {Neutral::kNone, message}; }

using enum ScalarOp;
constexpr Neutral kZero = Neutral::kZero, kOne = Neutral::kOne;
constexpr ReductionInfo kRows[] = {
#define REDUCTION(enumerator, name, kind, map, combine, accumulator, start) \
  {name, ReductionKind::kind, map, combine, Accumulator::accumulator, start},
#include "compiler/ops/reductions.def"
};

struct Alias {
  std::string_view name;
  ReductionId reduction;
};
constexpr Alias kAliases[] = {
#define REDUCTION_ALIAS(name, enumerator) {name, ReductionId::enumerator},
#include "compiler/ops/reductions.def"
};

bool is_integral(DType dtype) { return dtype == DType::kBool || is_integer(dtype); }

}  // namespace

const ReductionInfo& info(ReductionId reduction) { return kRows[static_cast<size_t>(reduction)]; }

std::optional<ReductionId> reduction_from_name(std::string_view name) {
  for (size_t i = 0; i < std::size(kRows); ++i)
    if (kRows[i].name == name) return static_cast<ReductionId>(i);
  for (const Alias& alias : kAliases)
    if (alias.name == name) return alias.reduction;
  return std::nullopt;
}

DType result_dtype(ReductionId reduction, DType element) {
  switch (info(reduction).accumulator) {
    case Accumulator::kSame:
      return element;
    case Accumulator::kWide:
      if (!is_integral(element)) return element;
      return kind(element) == types::Kind::kUnsigned ? DType::kU64 : DType::kI64;
    case Accumulator::kInexact:
      return is_integral(element) ? DType::kF64 : element;
    case Accumulator::kBool:
      return DType::kBool;
    case Accumulator::kIndex:
      return DType::kI64;
  }
  METATE_UNREACHABLE();
}

DType accumulator_dtype(ReductionId reduction, DType element) {
  DType result = result_dtype(reduction, element);
  bool keeps_elements = info(reduction).accumulator == Accumulator::kSame;
  return result == DType::kF16 && !keeps_elements ? DType::kF32 : result;
}

std::optional<Scalar> start_value(ReductionId reduction, DType accumulator) {
  Neutral start = info(reduction).start.value;
  if (start == Neutral::kNone) return std::nullopt;
  return Scalar::of(accumulator, start == Neutral::kOne);
}

}  // namespace metate::ops
