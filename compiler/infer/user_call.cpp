#include "compiler/infer/user_call.h"

#include "compiler/infer/adapted_call.h"

namespace metate::infer {

Value call_user_function(Writer& w, ConstantId callee, const Arguments& arguments, std::span<const Value> captured) {
  std::string name(w.universe().symbols.name(w.universe().constants[callee].symbol));
  const CalleeSignature* signature = w.callees().signature(callee);
  if (!signature) return w.error(MessageId::kNoCall, {name + "()"});
  std::optional<std::vector<Value>> operands = bind_arguments(w, name + "()", *signature, arguments, captured);
  if (!operands) return {};
  if (signature->adaptation) return call_adapted(w, name + "()", *signature->adaptation, *operands);
  std::span<const Value> variables = captured.first(signature->captured_variables);
  operands->insert(operands->end(), variables.begin(), variables.end());
  return call_specialisation(w, callee, *operands);
}

std::optional<CalleeResult> specialise(Writer& w, ConstantId callee, std::span<const TypeId> arguments, bool in_nest) {
  std::optional<CalleeResult> result = w.callees().specialise(callee, arguments, {w.location(), in_nest});
  if (!result) {
    w.error_reported();
  } else if (!result->return_type || result->return_type == w.types().unknown()) {
    w.wait_for_callee();
    result.reset();
  }
  return result;
}

Value call_specialisation(Writer& w, ConstantId callee, std::span<const Value> operands) {
  std::vector<TypeId> types;
  for (Value operand : operands) {
    if (!operand) return {};
    types.push_back(w.type_id(operand));
  }
  std::optional<CalleeResult> result = specialise(w, callee, types, w.in_nest());
  if (!result) return {};
  uint32_t index = ir::Function::add_to(w.function().callees, result->callee);
  const Type& type = w.types()[result->return_type];
  // A constant result (None) needs no register: the call is made for its effects.
  if (type.kind == TypeKind::kConstant) {
    w.builder().emit(ir::Opcode::kCall, index, operands, {});
    return w.constant(type.constant);
  }
  return w.emit(ir::Opcode::kCall, index, operands, result->return_type);
}

}  // namespace metate::infer
