#include "compiler/ops/expand.h"

#include <array>

#include "compiler/ops/forms.h"
#include "compiler/ops/resolve.h"
#include "runtime/base/assert.h"

namespace metate::ops {
namespace {

using types::DType;

using Form = Term (*)(Term x, Term y, Term z, Term w);

constexpr Form kForms[] = {
#define ROW(enumerator, name, arity, types, neutral, flags, ulp64, ulp32, samples, ...) \
  [](Term x, Term y, Term z, Term w) -> Term { return __VA_ARGS__; },
#include "compiler/ops/rows.def"
};

}  // namespace

Term expand(ScalarOp op, std::span<const Term> operands) {
  METATE_ASSERT(static_cast<int>(operands.size()) == arity(op));
  std::array<Term, kMaxArity> given;
  given.fill(operands[0]);
  bool half = false;
  for (size_t i = 0; i < operands.size(); ++i) {
    given[i] = operands[i];
    if (given[i].dtype != DType::kF16 || info(op).has(kOwnHalf)) continue;
    // Through float32 once for the whole form, not at each of its steps.
    given[i] = convert(given[i], DType::kF32);
    half = true;
  }
  Term result = kForms[static_cast<size_t>(op)](given[0], given[1], given[2], given[3]);
  return half && result.dtype == DType::kF32 ? convert(result, DType::kF16) : result;
}

}  // namespace metate::ops
