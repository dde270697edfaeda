#include "compiler/transform/arrays/element_access.h"

#include "compiler/transform/arrays/whole_numbers.h"

namespace metate::transform {
namespace {

using ir::Builder;
using ir::IndexKind;
using ir::Inst;
using ir::Opcode;
using ir::Value;

std::vector<Value> behind_view(Builder& builder, Inst view, std::span<const Value> indices) {
  const ir::Function& function = builder.function();
  // Both lists may move while instructions are added.
  ir::IndexSpec spec = function.index_specs[function.inst(view).imm];
  std::vector<Value> operands(function.operands(view).begin(), function.operands(view).end());
  std::vector<Value> source;
  size_t operand = 1, axis = 0;
  for (IndexKind kind : spec) {
    switch (kind) {
      case IndexKind::kInteger:
        source.push_back(operands[operand++]);
        break;
      case IndexKind::kSlice: {
        Value distance = whole::multiply(builder, indices[axis++], operands[operand + 2]);
        source.push_back(whole::add(builder, operands[operand], distance));
        operand += 3;
        break;
      }
      case IndexKind::kFull:
        source.push_back(indices[axis++]);
        break;
      case IndexKind::kNewAxis:
        ++axis;
        break;
    }
  }
  return source;
}

std::vector<Value> behind_transpose(const ir::Function& function, Inst transpose, std::span<const Value> indices) {
  std::vector<Value> source(indices.size());
  const std::vector<uint8_t>& axes = function.axes[function.inst(transpose).imm];
  for (size_t i = 0; i < axes.size(); ++i) source[axes[i]] = indices[i];
  return source;
}

}  // namespace

Access behind_views(Builder& builder, Access access) {
  const ir::Function& function = builder.function();
  for (;;) {
    Inst inst = function.defining_inst(access.array);
    if (!inst) return access;
    Value source = function.operands(inst).empty() ? Value() : function.operands(inst)[0];
    switch (function.inst(inst).opcode) {
      case Opcode::kView:
        access.indices = behind_view(builder, inst, access.indices);
        break;
      case Opcode::kTranspose:
        access.indices = behind_transpose(function, inst, access.indices);
        break;
      case Opcode::kWiden:
        break;
      default:
        return access;
    }
    access.array = source;
  }
}

Value load_element(Builder& builder, const Access& access) {
  Access source = behind_views(builder, access);
  return builder.load(source.array, source.indices);
}

void store_element(Builder& builder, Value value, const Access& access) {
  Access target = behind_views(builder, access);
  // A view of a read-only array is read-only too, so what can be written stays so behind its views.
  builder.store(value, target.array, target.indices);
}

}  // namespace metate::transform
