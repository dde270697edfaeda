#include "compiler/transform/arrays/storage.h"

#include "compiler/transform/arrays/whole_numbers.h"

namespace metate::transform {
namespace {

using ir::Inst;
using ir::Opcode;
using ir::Value;

bool is_function_parameter(const ir::Function& function, Value value) {
  return function.value(value).is_param && ir::Block(function.value(value).definer) == function.entry();
}

// Deeper than what normalises an index, and little enough to compare, though operands may come up again and again.
constexpr int kMostSteps = 10;

/// Whether two numbers are computed alike, as the index in both of x[i] and x[i]. Each view computes its own.
bool is_same_number(const ir::Function& function, Value a, Value b, int steps = kMostSteps) {
  if (whole::same(function, a, b)) return true;
  if (steps == 0) return false;
  Inst first = function.defining_inst(a), second = function.defining_inst(b);
  if (!first || !second) return false;
  const ir::InstData &x = function.inst(first), &y = function.inst(second);
  const bool is_computed = x.opcode == Opcode::kIndex || x.opcode == Opcode::kOp || x.opcode == Opcode::kCast;
  if (!is_computed || x.opcode != y.opcode || x.imm != y.imm || x.operands.count != y.operands.count) return false;
  if (function.type(a) != function.type(b)) return false;
  for (size_t i = 0; i < x.operands.count; ++i)
    if (!is_same_number(function, function.operands(first)[i], function.operands(second)[i], steps - 1)) return false;
  return true;
}

}  // namespace

Value storage_of(const ir::Function& function, Value array) {
  for (;;) {
    Inst inst = function.defining_inst(array);
    if (!inst) return array;
    switch (function.inst(inst).opcode) {
      case Opcode::kView:
      case Opcode::kTranspose:
      case Opcode::kReshape:
      case Opcode::kBroadcast:
      case Opcode::kWiden:
      case Opcode::kReal:
        array = function.operands(inst)[0];
        break;
      default:
        return array;
    }
  }
}

bool is_new_storage(const ir::Function& function, Value storage) {
  Inst inst = function.defining_inst(storage);
  if (!inst) return false;
  switch (function.inst(inst).opcode) {
    case Opcode::kAlloc:
    case Opcode::kLocal:
    case Opcode::kOp:
    case Opcode::kCast:
    case Opcode::kReduce:
      return true;
    default:
      return false;
  }
}

bool is_same_view(const ir::Function& function, Value a, Value b) {
  if (whole::same(function, a, b)) return true;
  Inst first = function.defining_inst(a), second = function.defining_inst(b);
  if (!first || !second || storage_of(function, a) == a) return false;
  const ir::InstData &x = function.inst(first), &y = function.inst(second);
  if (x.opcode != y.opcode || x.operands.count != y.operands.count) return false;
  switch (x.opcode) {
    case Opcode::kView:
      if (function.index_specs[x.imm] != function.index_specs[y.imm]) return false;
      break;
    case Opcode::kTranspose:
      if (function.axes[x.imm] != function.axes[y.imm]) return false;
      break;
    default:
      if (x.imm != y.imm) return false;
  }
  for (size_t i = 1; i < x.operands.count; ++i)
    if (!is_same_number(function, function.operands(first)[i], function.operands(second)[i])) return false;
  return is_same_view(function, function.operands(first)[0], function.operands(second)[0]);
}

// What a block parameter, a call's result or an element of a tuple stands on is not known: it may be new memory that
// has been handed on.
bool may_share(const ir::Function& function, Value a, Value b) {
  if (a == b) return true;
  // Addresses of different memories say nothing about each other.
  if (function.type_data(a).space != function.type_data(b).space) return false;
  auto known = [&](Value value) { return is_new_storage(function, value) || is_function_parameter(function, value); };
  if (!known(a) || !known(b)) return true;
  return is_function_parameter(function, a) && is_function_parameter(function, b);
}

}  // namespace metate::transform
