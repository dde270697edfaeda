// compare – order and equality of terms, between different dtypes too.
#include "compiler/ops/term.h"
#include "runtime/base/assert.h"

namespace metate::ops {
namespace {

using types::DType;

Term compare(Primitive primitive, Term x, Term y) {
  METATE_ASSERT(x.dtype == y.dtype);
  if (x.dtype == DType::kF16) return compare(primitive, convert(x, DType::kF32), convert(y, DType::kF32));
  if (x.dtype == DType::kBool) return compare(primitive, convert(x, DType::kU8), convert(y, DType::kU8));
  Handle operands[] = {x.handle, y.handle};
  return {x.emitter, DType::kBool, x.emitter->emit(primitive, x.dtype, DType::kBool, operands)};
}

// Terms of bool with the value that a comparison has when the first, or second, integer operand is negative.
Term boolean(Term like, bool value) { return constant(like, types::Scalar::boolean(value)); }

/// Integers of different signs: where the signed one is not negative, compare as unsigned.
Term compare_signs(Primitive primitive, Term x, Term y) {
  bool x_is_signed = is_signed(x.dtype);
  Term negative = x_is_signed ? x < 0 : y < 0;
  bool if_negative = primitive != Primitive::kEqual && x_is_signed;  // negative < unsigned
  return select(negative, boolean(x, if_negative), compare(primitive, as_unsigned(x), as_unsigned(y)));
}

/// int64 with float64. Let d be the int as a double. d == y leaves the question to the integers, as y is whole then;
/// 2^63 is the one such y that no int64 is, and greater than all.
Term compare_int_float(Primitive primitive, Term x, Term y) {
  bool int_first = is_integer(x.dtype);
  Term i = int_first ? x : y, f = int_first ? y : x;
  Term d = convert(i, DType::kF64);
  Term too_large = f == 0x1p63;
  Term whole = convert(f, DType::kI64);
  Term integers = int_first ? compare(primitive, i, whole) : compare(primitive, whole, i);
  bool if_too_large = primitive != Primitive::kEqual && int_first;
  Term same = select(too_large, boolean(x, if_too_large), integers);
  return select(d == f, same, int_first ? compare(primitive, d, f) : compare(primitive, f, d));
}

Term compare_any(Primitive primitive, Term x, Term y) {
  if (x.dtype == y.dtype) return compare(primitive, x, y);
  if (is_integer(x.dtype) && is_integer(y.dtype)) return compare_signs(primitive, x, y);
  return compare_int_float(primitive, x, y);
}

/// Lexicographic; nan in an imaginary part makes the order of the real parts false, as NumPy has it.
Term compare_complex(Primitive primitive, Term x, Term y) {
  Term numbers = ~(is_nan(imaginary(x)) | is_nan(imaginary(y)));
  return ((real(x) < real(y)) & numbers) | ((real(x) == real(y)) & compare(primitive, imaginary(x), imaginary(y)));
}

}  // namespace

Term operator==(Term x, Term y) {
  if (is_complex(x.dtype)) return (real(x) == real(y)) & (imaginary(x) == imaginary(y));
  return compare_any(Primitive::kEqual, x, y);
}

Term operator!=(Term x, Term y) { return ~(x == y); }

Term operator<(Term x, Term y) {
  return is_complex(x.dtype) ? compare_complex(Primitive::kLess, x, y) : compare_any(Primitive::kLess, x, y);
}

Term operator<=(Term x, Term y) {
  return is_complex(x.dtype) ? compare_complex(Primitive::kLessEqual, x, y) : compare_any(Primitive::kLessEqual, x, y);
}

Term truth(Term x) { return x.dtype == DType::kBool ? x : x != 0; }

}  // namespace metate::ops
