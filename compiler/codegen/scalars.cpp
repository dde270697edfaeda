// scalars – constants and tuples.
#include "compiler/codegen/check_marks.h"
#include "compiler/codegen/frozen_arrays.h"
#include "compiler/codegen/function_lowering.h"

namespace metate::codegen {

using types::Constant;
using types::ConstantKind;
using types::Type;
using types::TypeKind;

void FunctionLowering::append_constant(types::ConstantId id, Leaves& out) {
  const Constant& constant = module_.universe().constants[id];
  types::TypeId type = module_.universe().type_of(id);
  const Type& data = module_.universe().types[type];
  if (data.kind == TypeKind::kTuple) {
    for (types::ConstantId element : constant.elements) append_constant(element, out);
    return;
  }
  if (data.kind == TypeKind::kArray) {
    llvm::Constant* elements = frozen_array(module_, constant);
    if (module_.is_checked()) mark_global_array(*this, constant, elements);
    out.push_back(elements);
    out.push_back(llvm::ConstantPointerNull::get(builder_.getPtrTy()));  // no owner
    for (int64_t extent : module_.universe().constants.frozen(constant).shape)
      out.push_back(builder_.getInt64(static_cast<uint64_t>(extent)));
    return;
  }
  if (data.kind != TypeKind::kScalar) return;  // nothing at run time
  llvm::Type* scalar = leaf_types().scalar(data.dtype);
  if (is_complex(data.dtype)) {
    out.push_back(llvm::ConstantFP::get(scalar, constant.number.real()));
    out.push_back(llvm::ConstantFP::get(scalar, constant.number.imag()));
  } else if (is_float(data.dtype)) {
    out.push_back(llvm::ConstantFP::get(scalar, constant.number.real()));
  } else {
    out.push_back(llvm::ConstantInt::get(scalar, static_cast<uint64_t>(constant.integer), false, true));
  }
}

void FunctionLowering::lower_const(ir::Inst inst) {
  Leaves leaves;
  append_constant(types::ConstantId(ir_.inst(inst).imm), leaves);
  set_leaves(ir_.result(inst), std::move(leaves));
}

void FunctionLowering::lower_tuple(ir::Inst inst) {
  Leaves all;
  for (ir::Value operand : ir_.operands(inst)) all.append(leaves(operand).begin(), leaves(operand).end());
  set_leaves(ir_.result(inst), std::move(all));
}

void FunctionLowering::lower_tuple_get(ir::Inst inst) {
  ir::Value tuple = ir_.operands(inst)[0];
  const Type& type = ir_.type_data(tuple);
  unsigned first = 0;
  for (uint32_t i = 0; i < ir_.inst(inst).imm; ++i) first += leaf_types().leaf_count(type.elements[i]);
  unsigned count = leaf_types().leaf_count(type.elements[ir_.inst(inst).imm]);
  set_leaves(ir_.result(inst), Leaves(leaves(tuple).slice(first, count)));
}

}  // namespace metate::codegen
