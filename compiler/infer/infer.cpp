#include "compiler/infer/infer.h"

#include "compiler/infer/emit.h"
#include "compiler/infer/solve.h"
#include "compiler/infer/tidy.h"

namespace metate::infer {
namespace {

/// What can be said before a callee's type is known: the parameters and the return type.
ir::Function without_body(const ir::Function& untyped, std::span<const TypeId> arguments, const Known& result,
                          const ir::FunctionOptions& options) {
  ir::Function function(untyped.universe(), untyped.name);
  function.stage = ir::Stage::kArray;
  function.options = options;
  if (result.known()) function.return_type = result.type;
  ir::Builder builder(function);
  builder.position(function.add_block(function.body()));
  for (size_t i = 0; i < arguments.size(); ++i)
    function.add_param(function.entry(), arguments[i], untyped.value(untyped.params()[i]).name);
  builder.emit(ir::Opcode::kUnreachable, 0, {}, {});
  return function;
}

}  // namespace

std::optional<ir::Function> infer(const ir::Function& untyped, std::span<const TypeId> arguments,
                                  CalleeProvider& callees, const ir::FunctionOptions& options,
                                  support::Diagnostics& diagnostics) {
  METATE_ASSERT(untyped.stage == ir::Stage::kUntyped && untyped.params().size() == arguments.size());
  Solution solution = solve(untyped, arguments, callees, options);
  if (solution.waits_for_callee) return without_body(untyped, arguments, solution.result, options);
  std::optional<ir::Function> typed = emit(untyped, solution, arguments, callees, options, diagnostics);
  if (typed) remove_unused(*typed);
  return typed;
}

}  // namespace metate::infer
