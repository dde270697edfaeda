#include "compiler/ir/interpret/python_text.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace metate::ir {
namespace {

using types::DType;

/// "d.ddde±dd", shortest for the dtype's width. A float16 is written with the digits that tell it from its neighbours.
std::string scientific(const types::Scalar& value) {
  char buffer[40];
  double number = std::fabs(value.as_real());
  std::to_chars_result written{};
  if (value.dtype == DType::kF64) {
    written = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific);
  } else if (value.dtype == DType::kF32) {
    written = std::to_chars(buffer, buffer + sizeof buffer, static_cast<float>(number), std::chars_format::scientific);
  } else {
    for (int precision = 0; precision <= 5; ++precision) {
      written = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific, precision);
      double read = 0;
      std::from_chars(buffer, written.ptr, read);
      if (types::Scalar::real(DType::kF16, read).bits == types::Scalar::real(DType::kF16, number).bits) break;
    }
  }
  return std::string(buffer, written.ptr);
}

/// From where on numbers are written with an exponent; NumPy 2.4 has limits of their own for narrow floats.
double positional_limit(DType dtype) { return dtype == DType::kF16 ? 1e3 : dtype == DType::kF32 ? 1e6 : 1e16; }

std::string real_text(const types::Scalar& value, bool point) {
  double number = value.as_real();
  if (std::isnan(number)) return "nan";
  std::string sign = std::signbit(number) ? "-" : "";
  if (std::isinf(number)) return sign + "inf";

  std::string text = scientific(value);
  size_t e = text.find('e');
  int exponent = std::atoi(text.c_str() + e + 1);
  std::string digits = text.substr(0, 1) + (e > 2 ? text.substr(2, e - 2) : "");
  auto count = static_cast<int>(digits.size());
  double magnitude = std::fabs(number);
  if (magnitude != 0 && (magnitude < 1e-4 || magnitude >= positional_limit(value.dtype))) return sign + text;
  if (exponent < 0) return sign + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  if (count <= exponent + 1)
    return sign + digits + std::string(static_cast<size_t>(exponent + 1 - count), '0') + (point ? ".0" : "");
  return sign + digits.substr(0, static_cast<size_t>(exponent + 1)) + "." +
         digits.substr(static_cast<size_t>(exponent + 1));
}

std::string complex_text(const types::Scalar& value) {
  types::Scalar real = value.real_part(), imaginary = value.imaginary_part();
  std::string second = real_text(imaginary, false) + "j";
  if (real.as_real() == 0 && !std::signbit(real.as_real())) return second;
  bool signed_already = second[0] == '-';
  return "(" + real_text(real, false) + (signed_already ? "" : "+") + second + ")";
}

}  // namespace

std::string python_text(const types::Scalar& value) {
  switch (types::kind(value.dtype)) {
    case types::Kind::kBool:
      return value.bits ? "True" : "False";
    case types::Kind::kSigned:
      return std::to_string(value.as_int());
    case types::Kind::kUnsigned:
      return std::to_string(value.as_uint());
    case types::Kind::kFloat:
      return real_text(value, true);
    case types::Kind::kComplex:
      return complex_text(value);
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::ir
