#include "compiler/ops/resolve.h"

#include <algorithm>

#include "runtime/base/assert.h"

namespace metate::ops {
namespace {

using types::Casting;
using types::DType;
using types::Kind;
using Shape = TypeRule::Shape;

DType dtype_of(char character) {
  for (int i = 0; i < types::kDTypeCount; ++i)
    if (types::numpy_char(static_cast<DType>(i)) == character) return static_cast<DType>(i);
  METATE_UNREACHABLE();
}

bool is_integral(DType dtype) { return dtype == DType::kBool || is_integer(dtype); }

Loop uniform_loop(Shape shape, DType dtype) {
  Loop loop;
  loop.operands.fill(dtype);
  loop.result = dtype;
  if (shape == Shape::kToBool || shape == Shape::kCompare) loop.result = DType::kBool;
  if (shape == Shape::kToReal && is_complex(dtype)) loop.result = real_part(dtype);
  if (shape == Shape::kSelect) loop.operands[0] = DType::kBool;
  return loop;
}

/// Calls `visit(loop)` for the loops in order until it says true; whether it did.
template <class Visit>
bool find_loop(const TypeRule& rule, Visit visit) {
  if (rule.shape == Shape::kListed) {
    std::string_view rest = rule.types;
    while (!rest.empty()) {
      std::string_view text = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), text.size() + 1));
      Loop loop;
      size_t arrow = text.find("->");
      for (size_t i = 0; i < arrow; ++i) loop.operands[i] = dtype_of(text[i]);
      loop.result = dtype_of(text[arrow + 2]);
      if (visit(loop)) return true;
    }
    return false;
  }
  for (char character : rule.types)
    if (visit(uniform_loop(rule.shape, dtype_of(character)))) return true;
  if (rule.shape != Shape::kCompare) return false;
  return visit(Loop{{DType::kI64, DType::kU64}, DType::kBool}) || visit(Loop{{DType::kU64, DType::kI64}, DType::kBool});
}

/// How far weak operands may bend (NEP 50): to any dtype of their kind or a higher one if a strong operand has a kind
/// that leaves them no say in the precision, else they count as their default dtype.
struct WeakRules {
  bool int_bends = false;
  bool inexact_bends = false;

  explicit WeakRules(std::span<const OperandType> operands) {
    for (const OperandType& operand : operands) {
      if (operand.weak) continue;
      if (operand.dtype != DType::kBool) int_bends = true;
      if (is_float(operand.dtype) || is_complex(operand.dtype)) inexact_bends = true;
    }
  }

  bool can_cast(const OperandType& operand, DType to) const {
    if (!operand.weak || operand.dtype == DType::kBool) return types::can_cast(operand.dtype, to, Casting::kSafe);
    if (is_integer(operand.dtype) && int_bends) return to != DType::kBool;
    if (is_float(operand.dtype) && inexact_bends) return is_float(to) || is_complex(to);
    if (is_complex(operand.dtype) && inexact_bends) return is_complex(to);
    return types::can_cast(operand.dtype, to, Casting::kSafe);
  }
};

Resolution resolution(int arity, const Loop& loop) { return {arity, loop.operands, loop.result}; }

std::optional<Resolution> search(const TypeRule& rule, std::span<const OperandType> operands) {
  WeakRules rules(operands);
  std::optional<Resolution> found;
  find_loop(rule, [&](const Loop& loop) {
    for (size_t i = 0; i < operands.size(); ++i)
      if (!rules.can_cast(operands[i], loop.operands[i])) return false;
    found = resolution(static_cast<int>(operands.size()), loop);
    return true;
  });
  return found;
}

/// A comparison or truth value of integers looks at all bits of a Python int, whatever the other operand's width.
std::optional<Resolution> resolve_to_bool(const TypeRule& rule, std::span<const OperandType> operands) {
  std::array<OperandType, kMaxArity> exact{};
  std::copy(operands.begin(), operands.end(), exact.begin());
  std::span<OperandType> all(exact.data(), operands.size());
  if (std::ranges::all_of(all, [](const OperandType& o) { return is_integral(o.dtype); }))
    for (OperandType& operand : all) operand.weak = false;
  if (rule.shape == Shape::kCompare) {
    DType x = all[0].dtype, y = all[1].dtype;
    if (x == DType::kU64 && is_signed(y)) return resolution(2, Loop{{DType::kU64, DType::kI64}, DType::kBool});
    if (y == DType::kU64 && is_signed(x)) return resolution(2, Loop{{DType::kI64, DType::kU64}, DType::kBool});
  }
  return search(rule, all);
}

}  // namespace

namespace {

constexpr Check kWholePower{ScalarOp::kIsNotNegative, "y", "ValueError",
                            "Integers to negative integer powers are not allowed."};

std::optional<Resolution> choose_loop(ScalarOp op, std::span<const OperandType> operands) {
  const ScalarOpInfo& row = info(op);
  METATE_ASSERT(static_cast<int>(operands.size()) == row.arity);
  switch (row.types.shape) {
    case Shape::kDivide:
      if (std::ranges::all_of(operands, [](const OperandType& o) { return is_integral(o.dtype); }))
        return resolution(row.arity, uniform_loop(Shape::kSame, DType::kF64));
      return search(row.types, operands);
    case Shape::kCompare:
    case Shape::kToBool:
      return resolve_to_bool(row.types, operands);
    case Shape::kLogical:
      return resolution(row.arity, uniform_loop(Shape::kLogical, DType::kBool));
    case Shape::kNoBool:
      if (std::ranges::all_of(operands, [](const OperandType& o) { return o.dtype == DType::kBool; }))
        return std::nullopt;
      return search(row.types, operands);
    case Shape::kSame:
    case Shape::kToReal:
    case Shape::kSelect:
    case Shape::kListed:
      return search(row.types, operands);
  }
  METATE_UNREACHABLE();
}

}  // namespace

std::optional<Resolution> resolve(ScalarOp op, std::span<const OperandType> operands) {
  std::optional<Resolution> resolution = choose_loop(op, operands);
  if (resolution && op == ScalarOp::kPower && is_signed(resolution->operands[1])) resolution->check = &kWholePower;
  return resolution;
}

DType result_type(std::span<const OperandType> operands) {
  METATE_ASSERT(!operands.empty());
  WeakRules rules(operands);
  // Strong operands first, then what weak ones add: a weak int beside float32 and int64 must not count as int64 twice.
  std::optional<DType> result;
  auto add = [&](DType dtype) { result = result ? types::promote(*result, dtype) : dtype; };
  for (const OperandType& operand : operands)
    if (!operand.weak) add(operand.dtype);
  for (const OperandType& operand : operands) {
    if (!operand.weak) continue;
    if (!result || !rules.can_cast(operand, *result)) {
      bool keeps_precision = is_complex(operand.dtype) && rules.inexact_bends;
      add(keeps_precision ? types::complex_of(*result) : operand.dtype);
    }
  }
  return *result;
}

std::vector<Loop> loops(ScalarOp op) {
  std::vector<Loop> all;
  find_loop(info(op).types, [&](const Loop& loop) {
    all.push_back(loop);
    return false;
  });
  return all;
}

}  // namespace metate::ops
