#include "compiler/ops/fold.h"

#include <array>
#include <bit>
#include <cmath>
#include <deque>
#include <limits>

#include "compiler/ops/expand.h"
#include "compiler/ops/resolve.h"
#include "runtime/abi/complex_functions.h"
#include "runtime/abi/math_functions.h"
#include "runtime/base/assert.h"

// Every product and sum rounds (architecture, decision 11).
#pragma STDC FP_CONTRACT OFF

namespace metate::ops {
namespace {

using types::DType;
using types::Scalar;

template <class T>
T as(const Scalar& x) {
  if constexpr (sizeof(T) == 4) return std::bit_cast<float>(static_cast<uint32_t>(x.bits));
  return std::bit_cast<double>(x.bits);
}
Scalar scalar(float value) { return Scalar::f32(value); }
Scalar scalar(double value) { return Scalar::f64(value); }

template <class T>
Scalar emit_float(Primitive primitive, std::span<const Scalar> operands) {
  T x = as<T>(operands[0]), y = as<T>(operands.size() > 1 ? operands[1] : operands[0]);
  switch (primitive) {
    case Primitive::kAdd:
      return scalar(x + y);
    case Primitive::kSubtract:
      return scalar(x - y);
    case Primitive::kMultiply:
      return scalar(x * y);
    case Primitive::kDivide:
      return scalar(x / y);
    case Primitive::kEqual:
      return Scalar::boolean(x == y);
    case Primitive::kLess:
      return Scalar::boolean(x < y);
    case Primitive::kLessEqual:
      return Scalar::boolean(x <= y);
    case Primitive::kNegate:
      return scalar(-x);
    case Primitive::kAbsolute:
      return scalar(std::fabs(x));
    case Primitive::kCopySign:
      return scalar(std::copysign(x, y));
    case Primitive::kFloor:
      return scalar(std::floor(x));
    case Primitive::kCeil:
      return scalar(std::ceil(x));
    case Primitive::kTruncate:
      return scalar(std::trunc(x));
    case Primitive::kRoundEven:
      return scalar(std::nearbyint(x));
    case Primitive::kSquareRoot:
      return scalar(std::sqrt(x));
    case Primitive::kFusedMultiplyAdd:
      return scalar(std::fma(x, y, as<T>(operands[2])));
    case Primitive::kRemainder:
    case Primitive::kAnd:
    case Primitive::kOr:
    case Primitive::kXor:
    case Primitive::kShiftLeft:
    case Primitive::kShiftRight:
    case Primitive::kPopulationCount:
    case Primitive::kLeadingZeros:
    case Primitive::kSelect:
    case Primitive::kConvert:
    case Primitive::kBitcast:
      break;
  }
  METATE_UNREACHABLE();
}

/// Bools and integers, extended to 64 bits and cut again.
Scalar emit_integer(Primitive primitive, DType dtype, std::span<const Scalar> operands) {
  bool is_signed = types::is_signed(dtype);
  uint64_t x = operands[0].bits, y = operands.size() > 1 ? operands[1].bits : 0;
  int64_t sx = static_cast<int64_t>(x), sy = static_cast<int64_t>(y);
  uint64_t unused_bits = 64 - 8 * static_cast<uint64_t>(size(dtype));
  auto cut = [&](uint64_t value) { return Scalar::integer(dtype, static_cast<int64_t>(value)); };
  switch (primitive) {
    case Primitive::kAdd:
      return cut(x + y);
    case Primitive::kSubtract:
      return cut(x - y);
    case Primitive::kMultiply:
      return cut(x * y);
    case Primitive::kDivide:
      METATE_ASSERT(y != 0 && !(is_signed && sy == -1));
      return cut(is_signed ? static_cast<uint64_t>(sx / sy) : x / y);
    case Primitive::kRemainder:
      METATE_ASSERT(y != 0 && !(is_signed && sy == -1));
      return cut(is_signed ? static_cast<uint64_t>(sx % sy) : x % y);
    case Primitive::kAnd:
      return cut(x & y);
    case Primitive::kOr:
      return cut(x | y);
    case Primitive::kXor:
      return cut(x ^ y);
    case Primitive::kShiftLeft:
      METATE_ASSERT(y < 64 - unused_bits);
      return cut(x << y);
    case Primitive::kShiftRight:
      METATE_ASSERT(y < 64 - unused_bits);
      return cut(is_signed ? static_cast<uint64_t>(sx >> y) : x >> y);
    case Primitive::kEqual:
      return Scalar::boolean(x == y);
    case Primitive::kLess:
      return Scalar::boolean(is_signed ? sx < sy : x < y);
    case Primitive::kLessEqual:
      return Scalar::boolean(is_signed ? sx <= sy : x <= y);
    case Primitive::kPopulationCount:
      return cut(static_cast<uint64_t>(std::popcount(x << unused_bits)));
    case Primitive::kLeadingZeros:
      return cut(static_cast<uint64_t>(
          std::min<uint64_t>(static_cast<uint64_t>(std::countl_zero(x << unused_bits)), 64 - unused_bits)));
    case Primitive::kNegate:
    case Primitive::kAbsolute:
    case Primitive::kCopySign:
    case Primitive::kFloor:
    case Primitive::kCeil:
    case Primitive::kTruncate:
    case Primitive::kRoundEven:
    case Primitive::kSquareRoot:
    case Primitive::kFusedMultiplyAdd:
    case Primitive::kSelect:
    case Primitive::kConvert:
    case Primitive::kBitcast:
      break;
  }
  METATE_UNREACHABLE();
}

int64_t float_to_signed(double value, int bits) {
  double limit = bits == 32 ? 0x1p31 : 0x1p63;
  double whole = std::trunc(value);
  if (whole >= -limit && whole < limit) return static_cast<int64_t>(whole);
  return bits == 32 ? std::numeric_limits<int32_t>::min() : std::numeric_limits<int64_t>::min();
}

Scalar convert_directly(const Scalar& x, DType to) {
  if (is_float(x.dtype)) {
    if (is_float(to)) return Scalar::real(to, x.as_real());
    METATE_ASSERT(to == DType::kI32 || to == DType::kI64);
    return Scalar::integer(to, float_to_signed(x.as_real(), 8 * size(to)));
  }
  if (!is_float(to)) return Scalar::integer(to, x.as_int());
  // Straight to float32: by way of a double a large integer would be rounded twice.
  bool is_unsigned = x.dtype == DType::kU64;
  if (to == DType::kF32)
    return Scalar::f32(is_unsigned ? static_cast<float>(x.as_uint()) : static_cast<float>(x.as_int()));
  METATE_ASSERT(to == DType::kF64);
  return Scalar::f64(is_unsigned ? static_cast<double>(x.as_uint()) : static_cast<double>(x.as_int()));
}

class ValueEmitter : public Emitter {
 public:
  Handle constant(const Scalar& value) override {
    METATE_ASSERT(!is_complex(value.dtype));
    return &values_.emplace_back(value);
  }

  Handle emit(Primitive primitive, DType dtype, DType result, std::span<const Handle> operands) override {
    std::array<Scalar, 3> x;
    for (size_t i = 0; i < operands.size(); ++i) x[i] = value(operands[i]);
    std::span<const Scalar> all(x.data(), operands.size());
    if (primitive == Primitive::kSelect) return constant(x[0].bits ? x[1] : x[2]);
    if (primitive == Primitive::kConvert) return constant(convert_directly(x[0], result));
    if (primitive == Primitive::kBitcast) return constant(bit_cast(x[0], result));
    METATE_ASSERT(dtype != DType::kF16);
    if (dtype == DType::kF32) return constant(emit_float<float>(primitive, all));
    if (dtype == DType::kF64) return constant(emit_float<double>(primitive, all));
    return constant(emit_integer(primitive, dtype, all));
  }

  Handle call(Math function, DType dtype, std::span<const Handle> operands) override {
    const abi::MathFunction* row = abi::find_math_function(name(function), dtype == DType::kF32);
    double y = 0;
    if (operands.size() > 1) {
      const Scalar& second = value(operands[1]);
      y = is_float(second.dtype) ? second.as_real() : static_cast<double>(second.as_int());
    }
    return constant(Scalar::real(dtype, abi::evaluate_math(*row, value(operands[0]).as_real(), y)));
  }

  ComplexHandle call(ComplexMath function, DType dtype, std::span<const Handle> operands) override {
    return dtype == DType::kF32 ? call_complex<float>(function, operands) : call_complex<double>(function, operands);
  }

  void loop(std::span<Handle> state, std::span<const DType>, const LoopCondition& condition,
            const LoopStep& step) override {
    while (value(condition(state)).bits != 0) step(state);
  }

  Term term(const Scalar& x) {
    if (!is_complex(x.dtype)) return {this, x.dtype, constant(x)};
    return {this, x.dtype, constant(x.real_part()), constant(x.imaginary_part())};
  }

  Scalar scalar(const Term& term) const {
    const Scalar& x = value(term.handle);
    return is_complex(term.dtype) ? Scalar{term.dtype, x.bits, value(term.imaginary_handle).bits} : x;
  }

 private:
  const Scalar& value(Handle handle) const { return *static_cast<const Scalar*>(handle); }

  static Scalar bit_cast(const Scalar& x, DType to) {
    return is_float(to) ? Scalar{to, x.bits & (~uint64_t{0} >> (64 - 8 * size(to)))}
                        : Scalar::integer(to, static_cast<int64_t>(x.bits));
  }

  template <class T>
  ComplexHandle call_complex(ComplexMath function, std::span<const Handle> operands) {
    using Routine = void (*)(const T*, T*);
    static constexpr Routine kRoutines[] = {
#define COMPLEX_FUNCTION(name, arity)      \
  [] {                                     \
    if constexpr (sizeof(T) == 4)          \
      return &metate_complex_##name##_f32; \
    else                                   \
      return &metate_complex_##name##_f64; \
  }(),
#include "runtime/abi/complex_functions.def"
    };
    std::array<T, 4> parts;
    for (size_t i = 0; i < operands.size(); ++i) parts[i] = as<T>(value(operands[i]));
    T result[2];
    kRoutines[static_cast<size_t>(function)](parts.data(), result);
    return {constant(ops::scalar(result[0])), constant(ops::scalar(result[1]))};
  }

  std::deque<Scalar> values_;
};

}  // namespace

Scalar evaluate(ScalarOp op, std::span<const Scalar> operands) {
  ValueEmitter emitter;
  std::array<Term, kMaxArity> terms;
  for (size_t i = 0; i < operands.size(); ++i) terms[i] = emitter.term(operands[i]);
  return emitter.scalar(expand(op, std::span<const Term>(terms.data(), operands.size())));
}

Scalar cast(const Scalar& value, DType dtype) {
  ValueEmitter emitter;
  return emitter.scalar(convert(emitter.term(value), dtype));
}

}  // namespace metate::ops
