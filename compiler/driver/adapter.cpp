#include "compiler/driver/adapter.h"

#include <algorithm>
#include <string>

#include "compiler/ir/builder.h"

namespace metate::driver {

ir::Function make_adapter(types::ConstantId callee, const infer::CalleeSignature& signature,
                          const bytecode::CodeObject& code, ir::Universe& universe) {
  ir::Function function(universe, universe.symbols.intern(code.name));
  ir::SourcePlace place{.file = universe.symbols.intern(code.filename), .function = {}, .range = {}};
  place.range = {code.first_line, code.first_line, -1, -1};
  ir::Block entry = function.add_block(function.body());
  ir::Builder builder(function);
  builder.position(entry);
  builder.set_source(ir::Function::add_to(function.sources, place));

  std::vector<ir::Value> operands{builder.constant(callee)};
  ir::CallShape shape;
  size_t count = signature.parameters.size();
  for (size_t i = 0; i < count; ++i) {
    const infer::CalleeSignature::Parameter& parameter = signature.parameters[i];
    operands.push_back(function.add_param(entry, universe.types.unknown(), parameter.name));
    if (parameter.keyword_only) shape.keywords.push_back(parameter.name);
  }
  if (signature.takes_rest) {
    // Positional arguments, *rest, then keywords, in the order of the call.
    auto first_keyword = operands.end() - 1 - static_cast<ptrdiff_t>(shape.keywords.size());
    std::rotate(first_keyword, operands.end() - 1, operands.end());
    shape.star = true;
  }
  uint32_t imm = ir::Function::add_to(function.call_shapes, std::move(shape));
  builder.ret(builder.emit_value(ir::Opcode::kPyCall, imm, operands, universe.types.unknown()));
  return function;
}

std::optional<base::Error> fit_declaration(const infer::CalleeSignature& signature, ir::Universe& universe,
                                           infer::Declaration& declaration) {
  size_t most = signature.parameters.size() - (signature.takes_rest ? 1 : 0);
  size_t given = declaration.arguments.size();
  auto has_no_default = [](const auto& parameter) { return !parameter.default_value; };
  auto least = static_cast<size_t>(std::count_if(
      signature.parameters.begin(), signature.parameters.begin() + static_cast<ptrdiff_t>(most), has_no_default));
  if (given < least || (given > most && !signature.takes_rest))
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "a signature with " + std::to_string(given) + " argument types is declared for a function of " +
                           std::to_string(most) + (most == 1 ? " parameter" : " parameters")};
  if (signature.takes_rest && given >= most) {
    auto rest = declaration.arguments.begin() + static_cast<ptrdiff_t>(most);
    types::TypeId tuple = universe.types.tuple({rest, declaration.arguments.end()});
    declaration.arguments.erase(rest, declaration.arguments.end());
    declaration.arguments.push_back(tuple);
  }
  return std::nullopt;
}

}  // namespace metate::driver
