#include "compiler/infer/fold.h"

#include <cmath>

namespace metate::infer {
namespace {

using ops::ScalarOp;
using types::Constant;
using types::ConstantId;
using types::ConstantKind;
using types::DType;
using types::Type;
using types::TypeKind;

DType dtype_of(const Constant& constant) {
  switch (constant.kind) {
    case ConstantKind::kBool:
      return DType::kBool;
    case ConstantKind::kInt:
      return DType::kI64;
    case ConstantKind::kFloat:
      return DType::kF64;
    case ConstantKind::kComplex:
      return DType::kC128;
    default:
      return constant.dtype;
  }
}

bool is_number(const Constant& constant) {
  switch (constant.kind) {
    case ConstantKind::kBool:
    case ConstantKind::kInt:
    case ConstantKind::kFloat:
    case ConstantKind::kComplex:
    case ConstantKind::kScalar:
      return true;
    default:
      return false;
  }
}

/// The low bits of `value`, as an integer of the dtype has them.
int64_t wrap(int64_t value, DType dtype) {
  int bits = 8 * types::size(dtype);
  if (bits == 64) return value;
  auto low = static_cast<uint64_t>(value) << (64 - bits);
  return types::is_signed(dtype) ? static_cast<int64_t>(low) >> (64 - bits) : static_cast<int64_t>(low >> (64 - bits));
}

ConstantId make(std::complex<double> number, const Type& type, types::ConstantTable& constants) {
  if (!type.weak) return constants.scalar(type.dtype, number);
  return types::is_complex(type.dtype) ? constants.complex(number) : constants.real(number.real());
}

ConstantId make(int64_t integer, const Type& type, types::ConstantTable& constants) {
  if (!type.weak) return constants.scalar(type.dtype, integer);
  return type.dtype == DType::kBool ? constants.boolean(integer != 0) : constants.integer(integer);
}

std::optional<ConstantId> fold_unary(ScalarOp op, const Constant& x, ir::Universe& universe) {
  bool whole = x.kind == ConstantKind::kInt || x.kind == ConstantKind::kBool;
  if (op == ScalarOp::kLogicalNot && x.kind == ConstantKind::kBool) return universe.constants.boolean(!x.integer);
  if (op == ScalarOp::kTruth && whole) return universe.constants.boolean(x.integer != 0);
  if (op == ScalarOp::kIsNotNegative && whole) return universe.constants.boolean(x.integer >= 0);
  return std::nullopt;
}

}  // namespace

std::optional<ConstantId> fold_cast(ConstantId id, types::TypeId type_id, ir::Universe& universe) {
  const Constant constant = universe.constants[id];
  const Type& type = universe.types[type_id];
  if (!is_number(constant) || type.kind != TypeKind::kScalar) return std::nullopt;
  DType from = dtype_of(constant);
  bool from_integer = types::is_integer(from) || from == DType::kBool;

  if (types::is_float(type.dtype) || types::is_complex(type.dtype)) {
    if (from == DType::kU64 && constant.integer < 0) return std::nullopt;
    std::complex<double> number = from_integer ? static_cast<double>(constant.integer) : constant.number;
    if (type.dtype == DType::kF16) return std::nullopt;
    if (types::size(types::is_complex(type.dtype) ? types::real_part(type.dtype) : type.dtype) == 4) {
      // From an integer beyond 2^53 the two roundings could differ from one.
      if (from_integer && std::abs(constant.integer) > (int64_t{1} << 53)) return std::nullopt;
      number = {static_cast<float>(number.real()), static_cast<float>(number.imag())};
    }
    if (!types::is_complex(type.dtype)) number = number.real();
    return make(number, type, universe.constants);
  }
  if (type.dtype == DType::kBool) {
    bool truth = from_integer ? constant.integer != 0 : constant.number != std::complex<double>();
    return make(truth, type, universe.constants);
  }
  if (!from_integer) {
    double number = constant.number.real();
    if (!(std::abs(number) < 0x1p62)) return std::nullopt;  // what happens beyond is the machine's business
    auto truncated = static_cast<int64_t>(number);
    if (wrap(truncated, type.dtype) != truncated) return std::nullopt;
    return make(truncated, type, universe.constants);
  }
  return make(wrap(constant.integer, type.dtype), type, universe.constants);
}

std::optional<ConstantId> fold_op(ScalarOp op, std::span<const ConstantId> operands, types::TypeId result,
                                  ir::Universe& universe) {
  if (operands.size() == 1 && operands[0]) return fold_unary(op, universe.constants[operands[0]], universe);
  if (operands.size() != 2 || !operands[0] || !operands[1]) return std::nullopt;
  const Constant& a = universe.constants[operands[0]];
  const Constant& b = universe.constants[operands[1]];
  if (a.kind != ConstantKind::kInt || b.kind != ConstantKind::kInt) return std::nullopt;
  int64_t x = a.integer, y = b.integer, folded = 0;
  bool overflow = false;
  switch (op) {
    case ScalarOp::kAdd:
      overflow = __builtin_add_overflow(x, y, &folded);
      break;
    case ScalarOp::kSubtract:
      overflow = __builtin_sub_overflow(x, y, &folded);
      break;
    case ScalarOp::kMultiply:
      overflow = __builtin_mul_overflow(x, y, &folded);
      break;
    case ScalarOp::kEqual:
      folded = x == y;
      break;
    case ScalarOp::kNotEqual:
      folded = x != y;
      break;
    case ScalarOp::kLess:
      folded = x < y;
      break;
    case ScalarOp::kLessEqual:
      folded = x <= y;
      break;
    case ScalarOp::kGreater:
      folded = x > y;
      break;
    case ScalarOp::kGreaterEqual:
      folded = x >= y;
      break;
    case ScalarOp::kMaximum:
      folded = std::max(x, y);
      break;
    case ScalarOp::kMinimum:
      folded = std::min(x, y);
      break;
    default:
      return std::nullopt;
  }
  if (overflow) return std::nullopt;
  return make(folded, universe.types[result], universe.constants);
}

}  // namespace metate::infer
