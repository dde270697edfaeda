#include "compiler/types/half.h"

#include <bit>
#include <cmath>

namespace metate::types {
namespace {

constexpr int kMantissaBits = 10;
constexpr int kBias = 15;
constexpr uint16_t kInfinity = 0x7c00;
constexpr uint16_t kQuiet = 0x0200;

}  // namespace

double half_to_double(uint16_t half) {
  uint64_t sign = uint64_t{half & 0x8000u} << 48;
  int exponent = (half >> kMantissaBits) & 0x1f;
  uint64_t mantissa = half & 0x3ffu;
  if (exponent == 0x1f) return std::bit_cast<double>(sign | 0x7ff0000000000000u | mantissa << 42);
  double magnitude = exponent == 0
                         ? std::ldexp(static_cast<double>(mantissa), 1 - kBias - kMantissaBits)
                         : std::ldexp(static_cast<double>(mantissa | 0x400), exponent - kBias - kMantissaBits);
  return std::bit_cast<double>(std::bit_cast<uint64_t>(magnitude) | sign);
}

uint16_t double_to_half(double value) {
  uint64_t bits = std::bit_cast<uint64_t>(value);
  uint16_t sign = static_cast<uint16_t>(bits >> 48 & 0x8000);
  double magnitude = std::fabs(value);
  if (std::isnan(value)) return static_cast<uint16_t>(sign | kInfinity | kQuiet | (bits >> 42 & 0x1ff));
  if (magnitude >= 65520.0) return sign | kInfinity;  // halfway between the largest half and 2^16
  // The mantissa as an integer, rounded; a carry out of it moves the exponent up by itself.
  if (magnitude < 0x1p-14) return sign | static_cast<uint16_t>(std::nearbyint(std::ldexp(magnitude, 24)));
  int exponent = std::ilogb(magnitude);
  int mantissa = static_cast<int>(std::nearbyint(std::ldexp(magnitude, kMantissaBits - exponent))) - 0x400;
  return static_cast<uint16_t>(sign | (((exponent + kBias) << kMantissaBits) + mantissa));
}

}  // namespace metate::types
