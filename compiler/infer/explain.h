// explain – why types do not fit: diagnostics with the chain of reasons.
#pragma once

#include "compiler/infer/solve.h"
#include "compiler/support/diagnostics.h"

namespace metate::infer {

class Explainer {
 public:
  Explainer(const ir::Function& untyped, const Solution& solution, support::Diagnostics& diagnostics)
      : f_(untyped), solution_(solution), diagnostics_(diagnostics) {}

  /// An operation that has no meaning, with a note for each operand on where its type comes from.
  void failed(ir::Inst inst, const Failure& failure);
  /// A parameter of a block that is needed but has values of types without a join.
  void cannot_unify(ir::Value param);
  void return_types();
  /// Of a kernel, what it returns that is not None.
  void returns_value();

 private:
  void note_origin(support::Diagnostic& diagnostic, ir::Value value);

  const ir::Function& f_;
  const Solution& solution_;
  support::Diagnostics& diagnostics_;
};

support::Location locate(const ir::Function& function, ir::Inst inst);

}  // namespace metate::infer
