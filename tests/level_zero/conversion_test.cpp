// conversion_test – conversions of numbers, with rounding and saturation, and floats in 16 bits of memory.
#include <cfenv>

#include "tests/level_zero/api.h"
#include "tests/level_zero/kernel_values.h"

namespace metate::test {
namespace {

constexpr int kModes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD};

/// Holds every number of every type; x86's has 64 bits of precision.
using Wide = long double;
static_assert(std::numeric_limits<Wide>::digits >= 64);

template <class To>
To convert(Wide x, int mode) {
  std::fesetround(mode);
  To result{};
  if constexpr (std::is_floating_point_v<To>) {
    volatile Wide exact = x;  // or the compiler converts before the mode is set
    volatile To rounded = static_cast<To>(exact);
    result = rounded;
  } else if (!std::isnan(x)) {
    const Wide lowest = std::numeric_limits<To>::min(), largest = std::numeric_limits<To>::max();
    volatile Wide exact = x;
    const Wide rounded = std::rint(exact);
    result = rounded < lowest    ? std::numeric_limits<To>::min()
             : rounded > largest ? std::numeric_limits<To>::max()
                                 : static_cast<To>(rounded);
  }
  std::fesetround(FE_TONEAREST);
  return result;
}

/// Half precision by C++'s own type.
uint16_t to_half(Wide x, int mode) {
  if (std::isnan(x)) return 0x7e00;
  const Wide size = std::fabs(x);
  // Units of the last place; those of the smallest normal numbers reach down to zero.
  int exponent = 0;
  std::frexp(size, &exponent);
  const Wide unit = std::ldexp(Wide(1), std::max(exponent - 11, -24));
  std::fesetround(mode);
  volatile Wide quotient = x / unit;
  const Wide rounded = std::isinf(x) ? x : std::rint(quotient) * unit;
  std::fesetround(FE_TONEAREST);
  const uint16_t sign = std::signbit(x) ? 0x8000 : 0;
  const Wide magnitude = std::fabs(rounded);
  if (magnitude > 65504) {
    const bool inwards = mode == FE_TOWARDZERO || (mode == FE_UPWARD && sign) || (mode == FE_DOWNWARD && !sign);
    return sign | (inwards && !std::isinf(x) ? 0x7bff : 0x7c00);
  }
  if (magnitude == 0) return sign;
  std::frexp(magnitude, &exponent);
  if (exponent < -13) return sign | static_cast<uint16_t>(magnitude * 0x1p24L);
  const auto digits = static_cast<uint16_t>(std::ldexp(magnitude, 11 - exponent));  // 1024 to 2047
  return sign | static_cast<uint16_t>((exponent + 14) << 10 | (digits & 0x3ff));
}

float from_half(uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const float digits = static_cast<float>(bits & 0x3ff);
  const float size = exponent == 0    ? std::ldexp(digits, -24)
                     : exponent == 31 ? (digits == 0 ? HUGE_VALF : std::numeric_limits<float>::quiet_NaN())
                                      : std::ldexp(digits + 1024, exponent - 25);
  return bits & 0x8000 ? -size : size;
}

class Conversions : public KernelTest {
 protected:
  template <class To, class From>
  void check(const char* to, const char* from) {
    const std::string name = std::string(to) + "_from_" + from;
    const std::vector<From> values = corner_values<From>(80);
    const auto n = static_cast<uint32_t>(values.size());
    auto* in = shared(values);
    auto* out = shared<To>(8 * n);
    run(kernel(module_, name.c_str()), {n, 1, 1}, {1, 1, 1}, in, out, n);
    for (uint32_t row = 0; row < 8; ++row) {
      for (uint32_t i = 0; i < n; ++i) {
        const To expected = convert<To>(values[i], kModes[row % 4]);
        ASSERT_TRUE(same_number(out[row * n + i], expected))
            << name << " row " << row << " of " << +values[i] << ": " << +out[row * n + i] << " for " << +expected;
      }
    }
  }

  template <class From>
  void check_from(const char* from) {
    constexpr bool floating = std::is_floating_point_v<From>;
    if constexpr (floating || std::is_unsigned_v<From>) {
      check<int8_t, From>("char", from);
      check<int16_t, From>("short", from);
      check<int32_t, From>("int", from);
      check<int64_t, From>("long", from);
    }
    if constexpr (floating || std::is_signed_v<From>) {
      check<uint8_t, From>("uchar", from);
      check<uint16_t, From>("ushort", from);
      check<uint32_t, From>("uint", from);
      check<uint64_t, From>("ulong", from);
    }
    check<float, From>("float", from);
    check<double, From>("double", from);
  }

  template <class T>
  void check_halves(const char* name) {
    std::vector<T> values = corner_values<T>(200);
    while (values.size() % 3 != 0) values.push_back(T(1));
    const auto n = static_cast<uint32_t>(values.size());
    values.resize(3 * n, T(0.1));
    auto* in = shared(values);
    auto *out = shared<uint16_t>(4 * n), *vectors = shared<uint16_t>(8 * n);
    run(kernel(build("halves", GetParam()), name), {n, 1, 1}, {1, 1, 1}, in, out, vectors, n);
    auto same = [](uint16_t a, uint16_t b) { return a == b || ((a & 0x7fff) > 0x7c00 && (b & 0x7fff) > 0x7c00); };
    for (uint32_t i = 0; i < n; ++i) {
      for (uint32_t mode = 0; mode < 4; ++mode) {
        const uint16_t expected = to_half(values[i], kModes[mode]);
        ASSERT_TRUE(same(out[mode * n + i], expected))
            << name << " mode " << mode << " of " << values[i] << ": " << out[mode * n + i] << " for " << expected;
      }
      for (uint32_t k = 0; k < 3; ++k) {
        const uint16_t expected = to_half(values[3 * i + k], FE_TONEAREST);
        ASSERT_TRUE(same(vectors[3 * i + k], expected)) << i;
        ASSERT_TRUE(same(vectors[4 * n + 4 * i + k], expected)) << i;
      }
    }
  }

  ze_module_handle_t module_ = nullptr;
};

TEST_P(Conversions, SaturateAndRound) {
  module_ = build("conversions", GetParam());
  check_from<int8_t>("char");
  check_from<uint8_t>("uchar");
  check_from<int16_t>("short");
  check_from<uint16_t>("ushort");
  check_from<int32_t>("int");
  check_from<uint32_t>("uint");
  check_from<int64_t>("long");
  check_from<uint64_t>("ulong");
  check_from<float>("float");
  check_from<double>("double");
}

TEST_P(Conversions, FloatsToHalves) { check_halves<float>("halves_float"); }
TEST_P(Conversions, DoublesToHalves) { check_halves<double>("halves_double"); }

TEST_P(Conversions, HalvesToFloats) {
  constexpr uint32_t n = 1 << 16;
  auto* in = shared<uint16_t>(n);
  auto* out = shared<float>(3 * n);
  for (uint32_t i = 0; i < n; ++i) in[i] = static_cast<uint16_t>(i);
  run(kernel(build("halves", GetParam()), "halves_to_float"), {n / 64, 1, 1}, {64, 1, 1}, in, out, n);
  for (uint32_t i = 0; i < n; ++i) {
    ASSERT_TRUE(same_number(out[i], from_half(in[i]))) << i;
    ASSERT_TRUE(same_number(out[n + i], from_half(in[i]))) << i;
    ASSERT_TRUE(same_number(out[2 * n + i], from_half(in[i]))) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Level, Conversions, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
