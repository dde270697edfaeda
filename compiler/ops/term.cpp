#include "compiler/ops/term.h"

#include <array>
#include <bit>
#include <limits>
#include <vector>

#include "compiler/ops/complex_forms.h"
#include "runtime/base/assert.h"

namespace metate::ops {
namespace {

using types::DType;
using types::Kind;
using types::Scalar;

Term emit(Primitive primitive, DType result, std::initializer_list<Term> operands) {
  std::array<Handle, 3> handles;
  size_t count = 0;
  for (const Term& operand : operands) {
    METATE_ASSERT(!is_complex(operand.dtype));
    handles[count++] = operand.handle;
  }
  const Term& last = *(operands.end() - 1);  // of kSelect a value, not the condition
  return {last.emitter, result, last.emitter->emit(primitive, last.dtype, result, std::span(handles.data(), count))};
}

Term emit(Primitive primitive, std::initializer_list<Term> operands) {
  return emit(primitive, operands.begin()->dtype, operands);
}

bool is_half(Term x) { return x.dtype == DType::kF16; }
Term widen(Term x) { return convert(x, DType::kF32); }

/// A primitive on floats, where halves take the way through float32.
template <class... Terms>
Term emit_float(Primitive primitive, Term x, Terms... rest) {
  METATE_ASSERT(is_float(x.dtype));
  if (!is_half(x)) return emit(primitive, {x, rest...});
  return convert(emit(primitive, {widen(x), widen(rest)...}), DType::kF16);
}

Term arithmetic(Primitive primitive, Term x, Term y) {
  METATE_ASSERT(x.dtype == y.dtype);
  return is_float(x.dtype) ? emit_float(primitive, x, y) : emit(primitive, {x, y});
}

bool is_bool(Term x) { return x.dtype == DType::kBool; }
bool is_integral(Term x) { return is_bool(x) || is_integer(x.dtype); }

Term rounded(Primitive primitive, Term x) { return is_integral(x) ? x : emit_float(primitive, x); }

constexpr std::string_view kMathNames[] = {
#define MATH_SLEEF(name, ...) #name,
#define MATH_FULL_RANGE(name, ...) #name,
#define MATH_SCALAR(name, ...) #name,
#include "runtime/abi/math_symbols.def"
};

}  // namespace

std::string_view name(Math function) { return kMathNames[static_cast<size_t>(function)]; }

Term constant(Term like, const Scalar& value) {
  if (!is_complex(value.dtype)) return {like.emitter, value.dtype, like.emitter->constant(value)};
  return {like.emitter, value.dtype, like.emitter->constant(value.real_part()),
          like.emitter->constant(value.imaginary_part())};
}

Term literal(Term like, double value) {
  if (is_float(like.dtype)) return constant(like, Scalar::real(like.dtype, value));
  if (is_complex(like.dtype)) return constant(like, Scalar::complex(like.dtype, value, 0));
  return integer_literal(like, static_cast<int64_t>(value));
}

Term integer_literal(Term like, int64_t value) { return constant(like, Scalar::integer(like.dtype, value)); }

Term operator+(Term x, Term y) {
  if (is_bool(x)) return x | y;
  if (is_complex(x.dtype)) return make_complex(real(x) + real(y), imaginary(x) + imaginary(y));
  return arithmetic(Primitive::kAdd, x, y);
}

Term operator-(Term x, Term y) {
  METATE_ASSERT(!is_bool(x));
  if (is_complex(x.dtype)) return make_complex(real(x) - real(y), imaginary(x) - imaginary(y));
  return arithmetic(Primitive::kSubtract, x, y);
}

Term operator*(Term x, Term y) {
  if (is_bool(x)) return x & y;
  if (is_complex(x.dtype)) return complex_multiply(x, y);
  return arithmetic(Primitive::kMultiply, x, y);
}

Term operator/(Term x, Term y) {
  if (is_complex(x.dtype)) return complex_divide(x, y);
  METATE_ASSERT(is_float(x.dtype));
  return arithmetic(Primitive::kDivide, x, y);
}

Term operator-(Term x) {
  if (is_complex(x.dtype)) return make_complex(-real(x), -imaginary(x));
  return is_float(x.dtype) ? emit_float(Primitive::kNegate, x) : integer_literal(x, 0) - x;
}

Term operator&(Term x, Term y) { return emit(Primitive::kAnd, {x, y}); }
Term operator|(Term x, Term y) { return emit(Primitive::kOr, {x, y}); }
Term operator^(Term x, Term y) { return emit(Primitive::kXor, {x, y}); }
Term operator~(Term x) { return x ^ integer_literal(x, -1); }

Term select(Term condition, Term if_true, Term if_false) {
  METATE_ASSERT(if_true.dtype == if_false.dtype);
  if (is_complex(if_true.dtype))
    return make_complex(select(condition, real(if_true), real(if_false)),
                        select(condition, imaginary(if_true), imaginary(if_false)));
  return emit(Primitive::kSelect, if_true.dtype, {condition, if_true, if_false});
}

Term bit_cast(Term x, DType dtype) {
  METATE_ASSERT(size(x.dtype) == size(dtype));
  if (is_float(x.dtype) == is_float(dtype)) return convert(x, dtype);  // integers of one size
  return emit(Primitive::kBitcast, dtype, {x});
}

Term quotient(Term x, Term y) { return emit(Primitive::kDivide, {x, y}); }
Term remaining(Term x, Term y) { return emit(Primitive::kRemainder, {x, y}); }
Term shift_left(Term x, Term count) { return emit(Primitive::kShiftLeft, {x, count}); }
Term shift_right(Term x, Term count) { return emit(Primitive::kShiftRight, {x, count}); }
Term population_count(Term x) { return emit(Primitive::kPopulationCount, {x}); }
Term leading_zeros(Term x) { return emit(Primitive::kLeadingZeros, {x}); }

Term as_unsigned(Term x) {
  constexpr DType kUnsigned[] = {DType::kU8, DType::kU16, DType::kU32, DType::kU64};
  return convert(x, kUnsigned[std::countr_zero(static_cast<unsigned>(size(x.dtype)))]);
}

Term as_signed(Term x) {
  constexpr DType kSigned[] = {DType::kI8, DType::kI16, DType::kI32, DType::kI64};
  return convert(x, kSigned[std::countr_zero(static_cast<unsigned>(size(x.dtype)))]);
}

Term absolute(Term x) {
  if (is_complex(x.dtype)) return complex_absolute(x);
  if (is_float(x.dtype)) return emit_float(Primitive::kAbsolute, x);
  return is_signed(x.dtype) ? select(x < 0, -x, x) : x;
}

Term copy_sign(Term x, Term y) { return emit_float(Primitive::kCopySign, x, y); }
Term floor(Term x) { return rounded(Primitive::kFloor, x); }
Term ceil(Term x) { return rounded(Primitive::kCeil, x); }
Term trunc(Term x) { return rounded(Primitive::kTruncate, x); }

Term rint(Term x) {
  if (is_complex(x.dtype)) return make_complex(rint(real(x)), rint(imaginary(x)));
  return rounded(Primitive::kRoundEven, x);
}

Term sqrt(Term x) {
  if (is_complex(x.dtype)) return complex_call(ComplexMath::sqrt, std::span(&x, 1));
  return emit_float(Primitive::kSquareRoot, x);
}

Term fused_multiply_add(Term x, Term y, Term z) { return emit_float(Primitive::kFusedMultiplyAdd, x, y, z); }

Term sign_bit(Term x) {
  if (is_float(x.dtype))
    return bit_cast(x, size(x.dtype) == 2 ? DType::kI16 : size(x.dtype) == 4 ? DType::kI32 : DType::kI64) < 0;
  return x < literal(x, 0);
}

Term is_nan(Term x) {
  if (is_complex(x.dtype)) return is_nan(real(x)) | is_nan(imaginary(x));
  if (is_integral(x)) return constant(x, Scalar::boolean(false));
  return ~(x == x);
}

Term is_infinite(Term x) {
  if (is_complex(x.dtype)) return is_infinite(real(x)) | is_infinite(imaginary(x));
  if (is_integral(x)) return constant(x, Scalar::boolean(false));
  return absolute(x) == std::numeric_limits<double>::infinity();
}

Term is_finite(Term x) {
  if (is_complex(x.dtype)) return is_finite(real(x)) & is_finite(imaginary(x));
  if (is_integral(x)) return constant(x, Scalar::boolean(true));
  return absolute(x) < std::numeric_limits<double>::infinity();
}

Term real(Term x) { return is_complex(x.dtype) ? Term{x.emitter, real_part(x.dtype), x.handle} : x; }

Term imaginary(Term x) {
  if (is_complex(x.dtype)) return {x.emitter, real_part(x.dtype), x.imaginary_handle};
  return constant(x, Scalar::of(x.dtype, 0));
}

Term make_complex(Term real, Term imaginary) {
  METATE_ASSERT(real.dtype == imaginary.dtype);
  return {real.emitter, types::complex_of(real.dtype), real.handle, imaginary.handle};
}

void loop(std::span<Term> state, const std::function<Term(std::span<const Term>)>& condition,
          const std::function<void(std::span<Term>)>& step) {
  std::vector<Handle> handles;
  std::vector<DType> dtypes;
  for (const Term& term : state) {
    METATE_ASSERT(!is_complex(term.dtype));
    handles.push_back(term.handle);
    dtypes.push_back(term.dtype);
  }
  auto take = [&](std::span<const Handle> current) {
    for (size_t i = 0; i < state.size(); ++i) state[i].handle = current[i];
  };
  state[0].emitter->loop(
      handles, dtypes,
      [&](std::span<const Handle> current) {
        take(current);
        return condition(state).handle;
      },
      [&](std::span<Handle> current) {
        take(current);
        step(state);
        for (size_t i = 0; i < state.size(); ++i) {
          METATE_ASSERT(state[i].dtype == dtypes[i]);
          current[i] = state[i].handle;
        }
      });
  take(handles);
}

Term call(Math function, std::span<const Term> operands) {
  Term first = operands[0];
  if (is_complex(first.dtype)) return complex_call(function, operands);
  std::array<Term, 2> wide{first, operands.back()};
  if (is_half(first))
    for (Term& operand : wide)
      if (is_half(operand)) operand = widen(operand);
  std::array<Handle, 2> handles{wide[0].handle, wide[1].handle};
  Term result{first.emitter, wide[0].dtype,
              first.emitter->call(function, wide[0].dtype, std::span(handles.data(), operands.size()))};
  return convert(result, first.dtype);
}

}  // namespace metate::ops
