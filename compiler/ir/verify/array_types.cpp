#include "compiler/ir/verify/array_types.h"

#include <algorithm>

#include "compiler/ir/synchronisation.h"
#include "compiler/ops/reduction.h"

namespace metate::ir {

using types::DType;
using types::Layout;
using types::Type;
using types::TypeKind;

bool ArrayTypeCheck::all_whole(std::span<const Value> values) const {
  return std::ranges::all_of(values, [&](Value value) { return is_whole(function_.type_data(value)); });
}

bool ArrayTypeCheck::require_array(Inst inst, size_t i) {
  return require(i < function_.operands(inst).size() && is_array(operand(inst, i)), inst,
                 "operand " + std::to_string(i) + " is no array");
}

bool ArrayTypeCheck::check_broadcast(Inst inst, std::span<const Value> operands, const Type& result) {
  int ndim = -1;
  bool computable = true;
  for (Value value : operands) {
    const Type& type = function_.type_data(value);
    computable = computable && (is_number(type) || (is_array(type) && function_.stage == Stage::kArray));
    if (is_array(type)) ndim = std::max<int>(ndim, type.ndim);
  }
  bool fits = ndim < 0 ? is_number(result) : is_array(result) && result.ndim == ndim;
  return require(computable, inst, "only numbers, and whole arrays at array level, are computed with") &&
         require(fits, inst, "the result is not as the operands broadcast");
}

void ArrayTypeCheck::check_axis(Inst inst) {
  if (!require_array(inst, 0)) return;
  require(function_.inst(inst).imm < operand(inst, 0).ndim && is_whole(result(inst)), inst,
          "the array has no such axis, or the result is no int64");
}

void ArrayTypeCheck::check_index(Inst inst) {
  require(all_whole(function_.operands(inst)) && is_whole(result(inst)), inst, "index, extent and result are int64");
}

void ArrayTypeCheck::check_element(Inst inst) {
  bool store = function_.inst(inst).opcode == Opcode::kStore;
  size_t array = store ? 1 : 0;
  if (!require_array(inst, array)) return;
  const Type& type = operand(inst, array);
  const Type& element = store ? operand(inst, 0) : result(inst);
  std::span<const Value> indices = function_.operands(inst).subspan(array + 1);
  require(indices.size() == type.ndim, inst, "an index for each axis is needed");
  require(all_whole(indices), inst, "indices are int64");
  require(is_number(element) && element.dtype == type.dtype, inst, "the element has another dtype than the array");
  require(!store || type.writable, inst, "the array is read-only");
}

void ArrayTypeCheck::check_atomic(Inst inst) {
  if (!require_array(inst, 0)) return;
  Atomic atomic = Atomic::decode(function_.inst(inst).imm);
  const Type& type = operand(inst, 0);
  std::span<const Value> rest = function_.operands(inst).subspan(1);
  if (!require(rest.size() == type.ndim + operand_count(atomic.op), inst,
               "an index for each axis and the operands are needed"))
    return;
  auto is_element = [&](const Type& element) { return is_number(element) && element.dtype == type.dtype; };
  require(all_whole(rest.first(type.ndim)), inst, "indices are int64");
  require(std::ranges::all_of(rest.subspan(type.ndim), is_element, [&](Value v) { return function_.type_data(v); }) &&
              is_element(result(inst)),
          inst, "an operand or the result has another dtype than the array");
  require(is_integer(type.dtype) || (is_float(type.dtype) && !is_bitwise(atomic.op)), inst,
          "there is no such atomic operation for the dtype");
  require(type.writable || atomic.op == AtomicOp::kLoad, inst, "the array is read-only");
}

void ArrayTypeCheck::check_view(Inst inst) {
  if (!require_array(inst, 0)) return;
  const Type& from = operand(inst, 0);
  const Type& to = result(inst);
  size_t operands = 1, consumed = 0, ndim = 0;
  for (IndexKind kind : function_.index_specs[function_.inst(inst).imm]) {
    operands += kind == IndexKind::kInteger ? 1u : kind == IndexKind::kSlice ? 3u : 0u;
    consumed += kind == IndexKind::kNewAxis ? 0u : 1u;
    ndim += kind == IndexKind::kInteger ? 0u : 1u;
  }
  if (!require(consumed == from.ndim, inst, "the index needs an entry for each axis")) return;
  require(operands == function_.operands(inst).size() && all_whole(function_.operands(inst).subspan(1)), inst,
          "the entries of the index and the operands do not go together");
  require(is_array(to) && to.ndim == ndim && to.dtype == from.dtype && to.space == from.space, inst,
          "the view has other dimensions or another dtype");
}

void ArrayTypeCheck::check_transpose(Inst inst) {
  if (!require_array(inst, 0)) return;
  const Type& from = operand(inst, 0);
  std::vector<uint8_t> axes = function_.axes[function_.inst(inst).imm];
  std::ranges::sort(axes);
  bool permutation = axes.size() == from.ndim;
  for (size_t i = 0; i < axes.size(); ++i) permutation = permutation && axes[i] == i;
  require(permutation, inst, "the axes are not those of the array, each once");
  require(is_array(result(inst)) && result(inst).ndim == from.ndim && result(inst).dtype == from.dtype, inst,
          "the view has other dimensions or another dtype");
}

void ArrayTypeCheck::check_overlap(Inst inst) {
  require(is_array(operand(inst, 0)) && is_array(operand(inst, 1)), inst, "only arrays overlap");
  require(is_number(result(inst)) && result(inst).dtype == DType::kBool, inst, "the result is a bool");
}

void ArrayTypeCheck::check_distance(Inst inst) {
  require(is_array(operand(inst, 0)) && is_array(operand(inst, 1)), inst, "only arrays lie at a distance");
  require(is_number(result(inst)) && result(inst).dtype == DType::kI64, inst, "the result is an int");
}

void ArrayTypeCheck::check_array_real(Inst inst) {
  if (!require_array(inst, 0)) return;
  const Type& from = operand(inst, 0);
  if (!require(types::is_complex(from.dtype), inst, "the array is not complex")) return;
  require(is_array(result(inst)) && result(inst).ndim == from.ndim &&
              result(inst).dtype == types::real_part(from.dtype) && function_.inst(inst).imm <= 1,
          inst, "the view has other dimensions or another dtype");
}

void ArrayTypeCheck::check_widen(Inst inst) {
  if (!require_array(inst, 0)) return;
  Type from = operand(inst, 0);
  const Type& to = result(inst);
  bool promises_less = (to.layout == from.layout || to.layout == Layout::kAny) && (from.writable || !to.writable);
  from.layout = to.layout;
  from.writable = to.writable;
  require(from == to && promises_less, inst, "the result is no array type that promises less");
}

void ArrayTypeCheck::check_reshaped(Inst inst) {
  if (!require_array(inst, 0)) return;
  require(operand(inst, 0).dtype == result(inst).dtype, inst, "the dtypes differ");
  check_extents(inst, function_.operands(inst).subspan(1));
}

void ArrayTypeCheck::check_alloc(Inst inst) { check_extents(inst, function_.operands(inst)); }

void ArrayTypeCheck::check_extents(Inst inst, std::span<const Value> extents) {
  require(is_array(result(inst)) && result(inst).ndim == extents.size(), inst,
          "the result needs an extent for each axis");
  require(all_whole(extents), inst, "extents are int64");
}

void ArrayTypeCheck::check_local(Inst inst) {
  require(is_array(result(inst)) && result(inst).writable, inst, "the result is an array that can be written");
  require(result(inst).space != types::MemorySpace::kGlobal, inst, "the result lies in the frame or in the group");
}

void ArrayTypeCheck::check_counted(Inst inst) {
  // A tuple, view or closure stands for the arrays in it.
  require(is_array(operand(inst, 0)) || !operand(inst, 0).elements.empty(), inst, "only arrays have owners");
}

/// The first operand is what is written.
void ArrayTypeCheck::check_written(Inst inst) {
  if (!require_array(inst, 0)) return;
  require(operand(inst, 0).writable, inst, "the array is read-only");
  std::span<const Value> operands = function_.operands(inst).subspan(1);
  bool numeric = std::ranges::all_of(operands, [&](Value value) {
    const Type& type = function_.type_data(value);
    return is_number(type) || is_array(type);
  });
  require(numeric, inst, "only numbers and arrays are written");
  if (function_.inst(inst).opcode != Opcode::kOpOut) return;
  auto op = static_cast<ops::ScalarOp>(function_.inst(inst).imm);
  require(operands.size() == static_cast<size_t>(ops::arity(op)), inst, "the row takes another number of operands");
}

void ArrayTypeCheck::check_reduce(Inst inst) {
  if (!require_array(inst, 0)) return;
  const Type& from = operand(inst, 0);
  const Reduction& reduction = function_.reductions[function_.inst(inst).imm];
  uint64_t axes = 0;
  for (uint8_t axis : reduction.axes) {
    bool good = axis < from.ndim && axis < 64 && !(axes >> axis & 1);
    if (!require(good, inst, "an axis is not the array's, or there twice")) return;
    axes |= uint64_t{1} << axis;
  }
  size_t left = reduction.keepdims ? from.ndim : reduction.axes.empty() ? 0 : from.ndim - reduction.axes.size();
  const Type& to = result(inst);
  require(left == 0 ? is_number(to) || (is_array(to) && to.ndim == 0) : is_array(to) && to.ndim == left, inst,
          "the result has other dimensions");
  auto row = static_cast<ops::ReductionId>(reduction.function);
  require(to.dtype == ops::result_dtype(row, from.dtype), inst, "the reduction gives another dtype");
  std::span<const Value> initial = function_.operands(inst).subspan(1);
  require(initial.size() <= 1 &&
              std::ranges::all_of(initial, [&](Value value) { return is_number(function_.type_data(value)); }),
          inst, "besides the array there may be one number, to start from");
}

void ArrayTypeCheck::check_map(Inst inst) {
  bool numeric = std::ranges::all_of(function_.operands(inst), [&](Value value) {
    const Type& type = function_.type_data(value);
    return is_number(type) || is_array(type);
  });
  require(numeric && is_array(result(inst)), inst, "numbers and arrays become an array");
}

}  // namespace metate::ir
