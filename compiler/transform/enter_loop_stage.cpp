#include "compiler/transform/enter_loop_stage.h"

namespace metate::transform {
namespace {

bool is_array_level(const ir::Function& function, ir::Inst inst) {
  ir::Opcode opcode = function.inst(inst).opcode;
  if (!info(opcode).allowed_at(ir::Stage::kLoop)) return true;
  if (opcode != ir::Opcode::kOp && opcode != ir::Opcode::kCast) return false;
  return function.universe().types.is_array(function.type(function.result(inst)));
}

}  // namespace

void enter_loop_stage(ir::Function& function, PassContext& context) {
  for (uint32_t block = 0; block < function.block_count(); ++block) {
    for (ir::Inst inst : function.block(ir::Block(block)).insts) {
      if (!is_array_level(function, inst)) continue;
      const support::SymbolTable& symbols = function.universe().symbols;
      const ir::SourcePlace& place = function.source(inst);
      auto name = [&](support::Symbol symbol) { return symbol ? std::string(symbols.name(symbol)) : std::string(); };
      context.diagnostics.error(support::MessageId::kInternal, {name(place.file), name(place.function), place.range},
                                {"enter_loop_stage", name(function.name), "'" + std::string(info(function.inst(inst).opcode).text) + "' is left over"});
      return;
    }
  }
  function.stage = ir::Stage::kLoop;
}

}  // namespace metate::transform
