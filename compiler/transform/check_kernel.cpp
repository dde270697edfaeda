#include "compiler/transform/check_kernel.h"

#include "compiler/ir/analysis/walk.h"

namespace metate::transform {
namespace {

/// What the user knows the instruction as; empty where a kernel may have it.
std::string_view forbidden(ir::Opcode opcode) {
  if (opcode == ir::Opcode::kPrint) return "print()";
  if (opcode == ir::Opcode::kAlloc) return "a new array";
  if (opcode == ir::Opcode::kCallForeign) return "a C function";
  return "";
}

}  // namespace

void check_kernel(ir::Function& function, PassContext& context) {
  if (!function.options.kernel) return;
  const support::SymbolTable& symbols = function.universe().symbols;
  auto name = [&](support::Symbol symbol) { return symbol ? std::string(symbols.name(symbol)) : std::string(); };
  ir::walk_insts(function, [&](ir::Inst inst) {
    std::string_view what = forbidden(function.inst(inst).opcode);
    if (what.empty()) return;
    const ir::SourcePlace& place = function.source(inst);
    context.diagnostics.error(support::MessageId::kNotInKernel, {name(place.file), name(place.function), place.range},
                              {what});
  });
}

}  // namespace metate::transform
