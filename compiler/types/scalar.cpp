#include "compiler/types/scalar.h"

#include <cstring>

#include "compiler/types/half.h"
#include "runtime/base/assert.h"

namespace metate::types {
namespace {

uint64_t encode(int bytes, double value) {
  if (bytes == 2) return double_to_half(value);
  if (bytes == 4) return std::bit_cast<uint32_t>(static_cast<float>(value));
  return std::bit_cast<uint64_t>(value);
}

double decode(int bytes, uint64_t bits) {
  if (bytes == 2) return half_to_double(static_cast<uint16_t>(bits));
  if (bytes == 4) return std::bit_cast<float>(static_cast<uint32_t>(bits));
  return std::bit_cast<double>(bits);
}

}  // namespace

Scalar Scalar::integer(DType dtype, int64_t value) {
  if (dtype == DType::kBool) return boolean(value != 0);
  METATE_ASSERT(is_integer(dtype));
  int unused = 64 - 8 * size(dtype);
  uint64_t top = static_cast<uint64_t>(value) << unused;
  return {dtype, is_signed(dtype) ? static_cast<uint64_t>(static_cast<int64_t>(top) >> unused) : top >> unused};
}

Scalar Scalar::real(DType dtype, double value) {
  METATE_ASSERT(is_float(dtype));
  return {dtype, encode(size(dtype), value)};
}

Scalar Scalar::complex(DType dtype, double real, double imaginary) {
  METATE_ASSERT(is_complex(dtype));
  return {dtype, encode(size(dtype) / 2, real), encode(size(dtype) / 2, imaginary)};
}

Scalar Scalar::of(DType dtype, int64_t value) {
  if (is_float(dtype)) return real(dtype, static_cast<double>(value));
  if (is_complex(dtype)) return complex(dtype, static_cast<double>(value), 0);
  return integer(dtype, value);
}

double Scalar::as_real() const {
  METATE_ASSERT(is_float(dtype));
  return decode(size(dtype), bits);
}

std::complex<double> Scalar::as_complex() const {
  METATE_ASSERT(is_complex(dtype));
  return {decode(size(dtype) / 2, bits), decode(size(dtype) / 2, imaginary_bits)};
}

Scalar Scalar::real_part() const { return {types::real_part(dtype), bits}; }
Scalar Scalar::imaginary_part() const { return {types::real_part(dtype), imaginary_bits}; }

bool Scalar::truth() const {
  if (is_float(dtype)) return as_real() != 0;
  if (is_complex(dtype)) return as_complex() != 0.0;
  return bits != 0;
}

Scalar load(DType dtype, const void* memory) {
  Scalar value{dtype};
  if (is_complex(dtype)) {  // little-endian, as every target of LLVM that we build for
    size_t half = static_cast<size_t>(size(dtype)) / 2;
    std::memcpy(&value.bits, memory, half);
    std::memcpy(&value.imaginary_bits, static_cast<const char*>(memory) + half, half);
    return value;
  }
  std::memcpy(&value.bits, memory, static_cast<size_t>(size(dtype)));
  return is_integer(dtype) ? Scalar::integer(dtype, value.as_int()) : value;
}

void store(const Scalar& value, void* memory) {
  size_t bytes = static_cast<size_t>(size(value.dtype));
  if (is_complex(value.dtype)) {
    bytes /= 2;
    std::memcpy(static_cast<char*>(memory) + bytes, &value.imaginary_bits, bytes);
  }
  std::memcpy(memory, &value.bits, bytes);
}

std::optional<Scalar> to_scalar(const Constant& c) {
  switch (c.kind) {
    case ConstantKind::kBool:
      return Scalar::boolean(c.integer != 0);
    case ConstantKind::kInt:
      return Scalar::integer(DType::kI64, c.integer);
    case ConstantKind::kLargeInt:
      return Scalar::integer(DType::kU64, c.integer);
    case ConstantKind::kFloat:
      return Scalar::f64(c.number.real());
    case ConstantKind::kComplex:
      return Scalar::complex(DType::kC128, c.number.real(), c.number.imag());
    case ConstantKind::kScalar:
      if (is_complex(c.dtype)) return Scalar::complex(c.dtype, c.number.real(), c.number.imag());
      if (is_float(c.dtype)) return Scalar::real(c.dtype, c.number.real());
      return Scalar::integer(c.dtype, c.integer);
    case ConstantKind::kNone:
    case ConstantKind::kString:
    case ConstantKind::kEllipsis:
    case ConstantKind::kTuple:
    case ConstantKind::kDType:
    case ConstantKind::kModule:
    case ConstantKind::kEntity:
    case ConstantKind::kCallee:
    case ConstantKind::kException:
    case ConstantKind::kArray:
    case ConstantKind::kForeign:
    case ConstantKind::kObject:
      return std::nullopt;
  }
  METATE_UNREACHABLE();
}

namespace {

Constant constant_of(const Scalar& value, bool weak) {
  Constant c{.kind = ConstantKind::kScalar, .dtype = value.dtype};
  if (is_complex(value.dtype)) {
    c.number = value.as_complex();
  } else if (is_float(value.dtype)) {
    c.number = value.as_real();
  } else {
    c.integer = value.as_int();
  }
  if (!weak) return c;
  c.dtype = DType::kBool;  // Python numbers leave it unset
  switch (kind(value.dtype)) {
    case Kind::kBool:
      c.kind = ConstantKind::kBool;
      break;
    case Kind::kSigned:
    case Kind::kUnsigned:
      METATE_ASSERT(value.dtype == DType::kI64);
      c.kind = ConstantKind::kInt;
      break;
    case Kind::kFloat:
      METATE_ASSERT(value.dtype == DType::kF64);
      c.kind = ConstantKind::kFloat;
      break;
    case Kind::kComplex:
      METATE_ASSERT(value.dtype == DType::kC128);
      c.kind = ConstantKind::kComplex;
      break;
  }
  return c;
}

}  // namespace

ConstantId to_constant(const Scalar& value, bool weak, ConstantTable& constants) {
  return constants.intern(constant_of(value, weak));
}

std::string to_text(const Scalar& value) {
  static const ConstantTable kNoConstants;
  static const support::SymbolTable kNoSymbols;
  return to_text(constant_of(value, false), kNoConstants, kNoSymbols);
}

}  // namespace metate::types
