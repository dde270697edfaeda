#include "compiler/infer/ufunc.h"

#include <algorithm>
#include <ranges>

#include "compiler/infer/convert.h"
#include "compiler/infer/store.h"
#include "compiler/ops/resolve.h"

namespace metate::infer {
namespace {

std::string describe_all(Writer& w, std::span<const Value> operands) {
  std::string text;
  for (size_t i = 0; i < operands.size(); ++i) text += (i ? " and " : "") + w.describe(operands[i]);
  return text;
}

ops::OperandType operand_type(Writer& w, Value value) { return {w.type(value).dtype, w.type(value).weak}; }

/// A Python int beyond int64 takes the dtype of a NumPy operand, as smaller ones do. Without any it is an np.uint64.
void bend_large_integers(Writer& w, std::span<const Value> operands, std::span<ops::OperandType> types) {
  auto is_large = [&](size_t i) { return w.is_constant(operands[i], types::ConstantKind::kLargeInt); };
  auto decides = [&](size_t i) { return !types[i].weak && types[i].dtype != DType::kBool && !is_large(i); };
  auto all = std::views::iota(size_t{0}, operands.size());
  if (std::ranges::none_of(all, decides)) return;
  for (size_t i : all)
    if (is_large(i)) types[i].weak = true;
}

/// A Python int that a comparison's other operand can hold need not widen that operand: it is the same answer in a
/// narrower loop.
void narrow_constants(Writer& w, ScalarOp op, std::span<const Value> operands, std::span<ops::OperandType> types) {
  if (ops::info(op).types.shape != ops::TypeRule::Shape::kCompare) return;
  for (size_t i = 0; i < 2; ++i) {
    std::optional<int64_t> constant = w.constant_integer(operands[i]);
    DType other = types[1 - i].dtype;
    if (types[i].weak && constant && types::is_integer(other) && fits(*constant, other)) types[i] = {other, false};
  }
}

std::optional<ops::Resolution> resolve(Writer& w, ScalarOp op, std::span<const Value> operands) {
  for (Value operand : operands) {
    if (!operand) return std::nullopt;
    if (is_numeric(w, operand)) continue;
    w.error(MessageId::kNoOperator, {std::string(ops::name(op)), describe_all(w, operands)});
    return std::nullopt;
  }
  std::vector<ops::OperandType> types;
  for (Value operand : operands) types.push_back(operand_type(w, operand));
  narrow_constants(w, op, operands, types);
  bend_large_integers(w, operands, types);
  std::optional<ops::Resolution> resolution = ops::resolve(op, types);
  if (!resolution) w.error(MessageId::kNoOperator, {std::string(ops::name(op)), describe_all(w, operands)});
  return resolution;
}

std::vector<Value> convert_operands(Writer& w, const ops::Resolution& resolution, std::span<const Value> operands) {
  std::vector<Value> converted;
  for (size_t i = 0; i < operands.size(); ++i)
    converted.push_back(convert_to_dtype(w, operands[i], resolution.operands[i]));
  return converted;
}

}  // namespace

bool is_numeric(Writer& w, Value value) { return w.is_scalar(value) || w.is_array(value); }

TypeId broadcast_type(Writer& w, std::span<const Value> operands, DType dtype) {
  int ndim = -1;
  for (Value operand : operands)
    if (w.is_array(operand)) ndim = std::max(ndim, static_cast<int>(w.type(operand).ndim));
  if (ndim <= 0) return w.types().scalar(dtype);
  bool fortran = std::all_of(operands.begin(), operands.end(), [&](Value operand) {
    return w.type(operand).ndim < ndim || w.type(operand).layout == types::Layout::kF;
  });
  return w.types().array(dtype, ndim, fortran ? types::Layout::kF : types::Layout::kC);
}

Value apply_ufunc(Writer& w, ScalarOp op, std::span<const Value> given) {
  std::vector<Value> operands(given.begin(), given.end());
  // NumPy hands 0-d arrays back as scalars, so they are taken as such.
  for (Value& operand : operands)
    if (operand && w.is_array(operand) && w.type(operand).ndim == 0) operand = w.builder().load(operand, {});
  std::optional<ops::Resolution> resolution = resolve(w, op, operands);
  if (!resolution) return {};
  TypeId type = broadcast_type(w, operands, resolution->result);
  return w.op(op, convert_operands(w, *resolution, operands), type);
}

Value apply_ufunc_out(Writer& w, ScalarOp op, std::span<const Value> operands, Value out) {
  std::optional<ops::Resolution> resolution = resolve(w, op, operands);
  if (!resolution || !out) return {};
  const Type& type = w.type(out);
  if (type.kind != TypeKind::kArray)
    return w.error(MessageId::kArgumentType, {std::string(ops::name(op)), "out", w.describe(out)});
  if (!require_writable(w, out)) return {};
  if (!types::can_cast(resolution->result, type.dtype, types::Casting::kSameKind))
    return w.error(MessageId::kCastNotSafe,
                   {std::string(types::numpy_name(resolution->result)), std::string(types::numpy_name(type.dtype))});
  std::vector<Value> all{out};
  for (Value operand : convert_operands(w, *resolution, operands)) all.push_back(operand);
  w.builder().emit(ir::Opcode::kOpOut, static_cast<uint32_t>(op), all, {});
  return out;
}

}  // namespace metate::infer
