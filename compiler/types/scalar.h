// scalar.h – one value of any dtype, bit for bit: what folding and the interpreter compute with.
#pragma once

#include <bit>
#include <complex>
#include <cstdint>
#include <optional>
#include <string>

#include "compiler/types/constant.h"
#include "compiler/types/dtype.h"

namespace metate::types {

struct Scalar {
  DType dtype = DType::kBool;
  /// bool: 0 or 1. Integers: the value in 64 bits, sign-extended where signed. Floats: the IEEE encoding. Complex: that
  /// of the real part.
  uint64_t bits = 0;
  uint64_t imaginary_bits = 0;  // of complex values

  static Scalar boolean(bool value) { return {DType::kBool, value}; }
  static Scalar integer(DType dtype, int64_t value);  // bool (not zero) or integer; wraps
  static Scalar real(DType dtype, double value);      // f16, f32, f64; rounds to nearest even
  static Scalar f32(float value) { return {DType::kF32, std::bit_cast<uint32_t>(value)}; }
  static Scalar f64(double value) { return {DType::kF64, std::bit_cast<uint64_t>(value)}; }
  static Scalar complex(DType dtype, double real, double imaginary);
  /// A value of any dtype that stands for a small whole number: 0, 1, -1 …
  static Scalar of(DType dtype, int64_t value);

  // Each requires a dtype of its kind.
  int64_t as_int() const { return static_cast<int64_t>(bits); }  // bool, signed; u64 reinterpreted
  uint64_t as_uint() const { return bits; }
  double as_real() const;  // exact
  std::complex<double> as_complex() const;
  Scalar real_part() const;
  Scalar imaginary_part() const;
  /// bool(x): true unless zero; nan is true.
  bool truth() const;

  /// The same bits: nan equals itself, 0.0 and -0.0 differ.
  bool operator==(const Scalar&) const = default;
};

/// As it stands in memory.
Scalar load(DType dtype, const void* memory);
void store(const Scalar& value, void* memory);

/// The value of a number (kBool, kInt, kFloat, kComplex, kScalar); none for other constants.
std::optional<Scalar> to_scalar(const Constant& constant);
/// `weak` makes a Python number of a bool, i64, f64 or c128; else a NumPy scalar.
ConstantId to_constant(const Scalar& value, bool weak, ConstantTable& constants);

/// "i8(-3)", "f32(1.5)", "c128((1.0+2.0j))": as constants print.
std::string to_text(const Scalar& value);

}  // namespace metate::types
