#include "compiler/transform/check_kernel.h"

#include <algorithm>
#include <vector>

#include "compiler/ir/analysis/walk.h"
#include "compiler/ops/needs.h"
#include "compiler/transform/array_roots.h"

namespace metate::transform {
namespace {

bool holds_private_array(const types::TypeTable& types, types::TypeId id) {
  const types::Type& type = types[id];
  if (type.kind == types::TypeKind::kArray) return type.space == types::MemorySpace::kPrivate;
  return std::ranges::any_of(type.elements, [&](types::TypeId part) { return holds_private_array(types, part); });
}

std::string forbidden_op(const ir::Function& function, ir::Inst inst) {
  std::vector<types::DType> dtypes;
  for (ir::Value operand : function.operands(inst)) dtypes.push_back(function.type_data(operand).dtype);
  auto op = static_cast<ops::ScalarOp>(function.inst(inst).imm);
  return ops::needs_complex_functions(op, dtypes) ? std::string(ops::name(op)) + " of complex numbers" : "";
}

/// What the user knows the instruction as; empty where a kernel may have it.
std::string forbidden(const ir::Function& function, ir::Inst inst) {
  switch (function.inst(inst).opcode) {
    case ir::Opcode::kPrint:
      return "print()";
    case ir::Opcode::kConst:
      return holds_arrays(function.universe().types, function.type(function.result(inst)))
                 ? "an array that is no argument"
                 : "";
    case ir::Opcode::kAlloc:
      return "a new array";
    case ir::Opcode::kCallForeign:
      return "a C function";
    case ir::Opcode::kReturn:
      // It would live longer than the call that made it.
      return holds_private_array(function.universe().types, function.type(function.operands(inst)[0]))
                 ? "a function that returns an array in private memory"
                 : "";
    case ir::Opcode::kOp:
      return forbidden_op(function, inst);
    default:
      return "";
  }
}

}  // namespace

void check_kernel(ir::Function& function, PassContext& context) {
  if (!function.options.kernel) return;
  const support::SymbolTable& symbols = function.universe().symbols;
  auto name = [&](support::Symbol symbol) { return symbol ? std::string(symbols.name(symbol)) : std::string(); };
  ir::walk_insts(function, [&](ir::Inst inst) {
    std::string what = forbidden(function, inst);
    if (what.empty() || context.diagnostics.has_errors()) return;
    const ir::SourcePlace& place = function.source(inst);
    context.diagnostics.error(support::MessageId::kNotInKernel, {name(place.file), name(place.function), place.range},
                              {what});
  });
}

}  // namespace metate::transform
