#include "compiler/transform/check_kernel.h"

#include "compiler/ir/analysis/walk.h"
#include "compiler/transform/nests/device_obstacle.h"

namespace metate::transform {

void check_kernel(ir::Function& function, PassContext& context) {
  if (!function.options.kernel) return;
  const support::SymbolTable& symbols = function.universe().symbols;
  auto name = [&](support::Symbol symbol) { return symbol ? std::string(symbols.name(symbol)) : std::string(); };
  ir::walk_insts(function, [&](ir::Inst inst) {
    std::string what = not_on_device(function, inst);
    if (what.empty() || context.diagnostics.has_errors()) return;
    const ir::SourcePlace& place = function.source(inst);
    context.diagnostics.error(support::MessageId::kNotInKernel, {name(place.file), name(place.function), place.range},
                              {what});
  });
}

}  // namespace metate::transform
