#include "compiler/ops/needs.h"

#include <algorithm>
#include <vector>

#include "compiler/ops/expand.h"

namespace metate::ops {
namespace {

/// Takes note of calls and computes nothing.
class Probe : public Emitter {
 public:
  Handle constant(const types::Scalar&) override { return nullptr; }
  Handle emit(Primitive, types::DType, types::DType, std::span<const Handle>) override { return nullptr; }
  Handle call(Math, types::DType, std::span<const Handle>) override { return nullptr; }
  ComplexHandle call(ComplexMath, types::DType, std::span<const Handle>) override {
    complex = true;
    return {nullptr, nullptr};
  }
  void loop(std::span<Handle> state, std::span<const types::DType>, const LoopCondition& condition,
            const LoopStep& step) override {
    condition(state);
    step(state);
  }

  bool complex = false;
};

}  // namespace

bool needs_complex_functions(ScalarOp op, std::span<const types::DType> operands) {
  if (std::ranges::none_of(operands, types::is_complex)) return false;
  Probe probe;
  std::vector<Term> terms;
  for (types::DType dtype : operands) terms.push_back({&probe, dtype, nullptr, nullptr});
  expand(op, terms);
  return probe.complex;
}

}  // namespace metate::ops
