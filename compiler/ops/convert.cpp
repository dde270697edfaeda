// convert – `astype` between any two dtypes, out of the few conversions that emitters know.
//
// What C leaves undefined has one meaning here, that of NumPy on x86-64: floats become narrow integers through int32,
// uint32 through int64, of which the low bits are taken; a float beyond these, and nan, gives their least value.
#include <limits>

#include "compiler/ops/term.h"
#include "runtime/base/assert.h"

namespace metate::ops {
namespace {

using types::DType;

Term convert_directly(Term x, DType dtype) {
  return {x.emitter, dtype, x.emitter->emit(Primitive::kConvert, x.dtype, dtype, std::span(&x.handle, 1))};
}

/// From 2^63 on the number without it is converted.
Term float_to_uint64(Term x) {
  Term low = convert_directly(x, DType::kI64);
  Term high = convert_directly(x - 0x1p63, DType::kI64) ^ integer_literal(low, std::numeric_limits<int64_t>::min());
  return convert_directly(select(x >= 0x1p63, high, low), DType::kU64);
}

Term float_to_integer(Term x, DType dtype) {
  if (x.dtype == DType::kF16) x = convert_directly(x, DType::kF32);
  if (dtype == DType::kU64) return float_to_uint64(x);
  DType through = size(dtype) == 8 || dtype == DType::kU32 ? DType::kI64 : DType::kI32;
  Term whole = convert_directly(x, through);
  return through == dtype ? whole : convert_directly(whole, dtype);
}

}  // namespace

Term convert(Term x, DType dtype) {
  if (x.dtype == dtype) return x;
  if (dtype == DType::kBool) return truth(x);
  if (is_complex(dtype)) {
    DType part = types::real_part(dtype);
    Term imaginary_part = is_complex(x.dtype) ? convert(imaginary(x), part) : constant(x, types::Scalar::real(part, 0));
    return make_complex(convert(real(x), part), imaginary_part);
  }
  if (is_complex(x.dtype)) return convert(real(x), dtype);
  if (is_float(x.dtype) && !is_float(dtype)) return float_to_integer(x, dtype);
  // Integers become halves through float32, as NumPy's casts do.
  if (dtype == DType::kF16 && !is_float(x.dtype)) return convert_directly(convert_directly(x, DType::kF32), dtype);
  return convert_directly(x, dtype);
}

}  // namespace metate::ops
