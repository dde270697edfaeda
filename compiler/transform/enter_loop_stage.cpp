#include "compiler/transform/enter_loop_stage.h"

#include "compiler/ir/analysis/walk.h"
#include "compiler/ops/array_function.h"

namespace metate::transform {
namespace {

bool is_array_level(const ir::Function& function, ir::Inst inst) {
  ir::Opcode opcode = function.inst(inst).opcode;
  if (!info(opcode).allowed_at(ir::Stage::kLoop)) return true;
  if (opcode != ir::Opcode::kOp && opcode != ir::Opcode::kCast) return false;
  return function.universe().types.is_array(function.type(function.result(inst)));
}

/// The row of one of the tables, where the instruction stands for many.
std::string text_of(const ir::Function& function, ir::Inst inst) {
  const ir::InstData& data = function.inst(inst);
  std::string_view opcode = info(data.opcode).text;
  if (data.opcode == ir::Opcode::kArrayFunction)
    return std::string(ops::name(static_cast<ops::ArrayFunction>(data.imm)));
  return std::string(opcode);
}

}  // namespace

void enter_loop_stage(ir::Function& function, PassContext& context) {
  ir::Inst left;
  ir::walk_insts(function, [&](ir::Inst inst) {
    if (!left && is_array_level(function, inst)) left = inst;
  });
  if (!left) {
    function.stage = ir::Stage::kLoop;
    return;
  }
  const support::SymbolTable& symbols = function.universe().symbols;
  const ir::SourcePlace& place = function.source(left);
  auto name = [&](support::Symbol symbol) { return symbol ? std::string(symbols.name(symbol)) : std::string(); };
  context.diagnostics.error(support::MessageId::kUnsupportedConstruct,
                            {name(place.file), name(place.function), place.range},
                            {"the array operation '" + text_of(function, left) + "'"});
}

}  // namespace metate::transform
