// arithmetic_test – operations and functions, row by row, against C++.
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

template <class T>
struct WithWideType;
template <>
struct WithWideType<int32_t> {
  using Unsigned = uint32_t;
  using Wide = int64_t;
};
template <>
struct WithWideType<int64_t> {
  using Unsigned = uint64_t;
  using Wide = __int128;
};

/// What integers.cl computes in its rows.
template <class T>
std::vector<T> integer_rows(T x, T y) {
  using U = typename WithWideType<T>::Unsigned;
  using Wide = typename WithWideType<T>::Wide;
  constexpr int bits = std::numeric_limits<U>::digits;
  const U ux = static_cast<U>(x), uy = static_cast<U>(y);
  const Wide wx = x, wy = y;
  auto saturated = [](Wide value) {
    return static_cast<T>(
        std::min<Wide>(std::max<Wide>(value, std::numeric_limits<T>::min()), std::numeric_limits<T>::max()));
  };
  auto of = [](U value) { return static_cast<T>(value); };
  const int shift = static_cast<int>(uy & (bits - 1));
  return {of(ux + uy),
          of(ux - uy),
          of(ux * uy),
          y ? of(ux / uy) : T(0),
          y > 0 ? static_cast<T>(x / y) : T(0),
          y > 0 ? static_cast<T>(x % y) : T(0),
          static_cast<T>(x & y),
          static_cast<T>((x | y) ^ ~x),
          of(ux << shift),
          static_cast<T>(x >> shift),
          of(ux >> shift),
          of(static_cast<U>(std::min(x, y)) + static_cast<U>(std::max(x, y))),
          static_cast<T>(std::countl_zero(ux) + std::popcount(uy)),
          static_cast<T>((wx * wy) >> bits),
          saturated(wx + wy),
          saturated(wx - wy),
          static_cast<T>(((wx + wy) >> 1) - ((wx + wy + 1) >> 1)),
          of(std::rotl(ux, shift)),
          static_cast<T>(wx > wy ? wx - wy : wy - wx),
          x < y ? T(2) : (ux > uy ? T(3) : T(4))};
}

template <class T>
std::vector<T> integer_samples() {
  std::vector<T> samples = {0,
                            1,
                            -1,
                            2,
                            -2,
                            7,
                            -13,
                            std::numeric_limits<T>::max(),
                            std::numeric_limits<T>::min(),
                            static_cast<T>(std::numeric_limits<T>::max() - 1),
                            static_cast<T>(1) << 16};
  std::mt19937_64 random(1);
  for (int i = 0; i < 12; ++i) samples.push_back(static_cast<T>(random()) >> (i * 2));
  return samples;
}

/// Every pair of samples, as two arrays.
template <class T>
std::pair<std::vector<T>, std::vector<T>> pairs(const std::vector<T>& samples) {
  std::pair<std::vector<T>, std::vector<T>> result;
  for (T x : samples) {
    for (T y : samples) {
      result.first.push_back(x);
      result.second.push_back(y);
    }
  }
  return result;
}

class Arithmetic : public KernelTest {
 protected:
  template <class T>
  void check_integers(const char* name) {
    ze_kernel_handle_t integers = kernel(build("integers", GetParam()), name);
    auto [xs, ys] = pairs(integer_samples<T>());
    const auto n = static_cast<uint32_t>(xs.size());
    auto *a = shared(xs), *b = shared(ys), *out = shared<T>(20 * n);
    run(integers, {n, 1, 1}, {1, 1, 1}, a, b, out, n);
    for (uint32_t i = 0; i < n; ++i) {
      const std::vector<T> expected = integer_rows(xs[i], ys[i]);
      for (size_t row = 0; row < expected.size(); ++row) {
        ASSERT_EQ(out[row * n + i], expected[row]) << "row " << row << " of " << xs[i] << ", " << ys[i];
      }
    }
  }

  template <class T>
  void check_floats(const char* name);
};

TEST_P(Arithmetic, Of32BitIntegers) { check_integers<int32_t>("integers_i32"); }
TEST_P(Arithmetic, Of64BitIntegers) { check_integers<int64_t>("integers_i64"); }

// SPIR-V leaves the results open, but the process must live.
TEST_P(Arithmetic, DivisionByZeroDoesNotTrap) {
  ze_kernel_handle_t division = kernel(build("integers", GetParam()), "unguarded_division");
  auto* a = shared(std::vector<int>{1, 0, INT32_MIN, 100});
  auto* b = shared(std::vector<int>{0, 0, -1, 7});
  auto* out = shared<int>(4);
  run(division, {4, 1, 1}, {1, 1, 1}, a, b, out);
  EXPECT_EQ(out[3], 16);
}

TEST_P(Arithmetic, ConversionsSaturateAndRound) {
  ze_kernel_handle_t conversions = kernel(build("integers", GetParam()), "conversions");
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values = {0,    -0.0f, 1.5f,  2.5f,   -1.5f, -2.5f, 300, -300,
                                     1e6f, -1e6f, 1e20f, -1e20f, inf,   -inf,  nan};
  const auto n = static_cast<uint32_t>(values.size());
  auto* in = shared(values);
  auto* out = shared<int>(8 * n);
  run(conversions, {n, 1, 1}, {1, 1, 1}, in, out, n);
  auto saturate = [](double x, double low, double high) {
    return std::isnan(x) ? 0 : static_cast<int>(std::trunc(std::min(std::max(x, low), high)));
  };
  for (uint32_t i = 0; i < n; ++i) {
    const float x = values[i];
    const int as_integer = saturate(x, INT32_MIN, INT32_MAX);
    EXPECT_EQ(out[0 * n + i], as_integer) << x;
    EXPECT_EQ(out[1 * n + i], saturate(x, 0, 255)) << x;
    EXPECT_EQ(out[2 * n + i], saturate(std::nearbyint(x), -32768, 32767)) << x;
    EXPECT_EQ(out[4 * n + i], std::max(saturate(x, 0, 127), 0)) << x;
    EXPECT_EQ(out[5 * n + i], saturate(as_integer, 0, 65535)) << x;
    EXPECT_EQ(out[6 * n + i], std::bit_cast<int>(x)) << x;
    const int kind = std::isnan(x) + 2 * std::isinf(x) + 4 * std::signbit(x) + 8 * std::isfinite(x);
    // The sign of a NaN is its own business.
    EXPECT_EQ(out[7 * n + i] & (std::isnan(x) ? ~4 : ~0), kind & (std::isnan(x) ? ~4 : ~0)) << x;
  }
}

/// The distance in units of the last place of the expected value.
template <class T>
double ulp_distance(T actual, T expected) {
  if (std::isnan(expected)) return std::isnan(actual) ? 0 : HUGE_VAL;
  if (actual == expected) return 0;
  if (std::isinf(expected) || std::isinf(actual) || std::isnan(actual)) return HUGE_VAL;
  const T unit = std::nextafter(std::fabs(expected), std::numeric_limits<T>::infinity()) - std::fabs(expected);
  return std::fabs(static_cast<double>(actual) - static_cast<double>(expected)) / static_cast<double>(unit);
}

template <class T>
struct FloatRow {
  std::function<T(T, T)> compute;
  double ulp;
};

/// What floats.cl computes. The bounds are OpenCL's for the full profile (OpenCL C, section 7.4).
template <class T>
std::vector<FloatRow<T>> float_rows() {
  using std::fabs;
  return {{[](T x, T y) { return x + y * x - y / x; }, 0},
          {[](T x, T) { return std::sqrt(fabs(x)); }, 0},
          {[](T x, T y) { return std::floor(x) + std::ceil(y); }, 0},
          {[](T x, T y) { return std::trunc(x) + std::nearbyint(y); }, 0},
          {[](T x, T) { return std::round(x); }, 0},
          {[](T x, T y) { return std::fmin(x, y); }, 0},
          {[](T x, T y) { return std::fmax(x, y); }, 0},
          {[](T x, T y) { return std::fma(x, y, x); }, 0},
          {[](T x, T y) { return std::copysign(x, y); }, 0},
          {[](T x, T y) { return std::fmod(x, y); }, 0},
          {[](T x, T) { return std::sin(x); }, 4},
          {[](T x, T) { return std::cos(x); }, 4},
          {[](T x, T) { return std::tan(x); }, 5},
          {[](T x, T) { return std::exp(x); }, 3},
          {[](T x, T) { return std::log(fabs(x)); }, 3},
          {[](T x, T y) { return std::pow(fabs(x), y); }, 16},
          {[](T x, T y) { return std::atan2(x, y); }, 6},
          {[](T x, T) { return std::tanh(x); }, 5},
          {[](T x, T y) { return std::hypot(x, y); }, 4},
          {[](T x, T) { return std::cbrt(x); }, 2},
          {[](T x, T) { return std::exp2(x); }, 3},
          {[](T x, T) { return std::log2(fabs(x)); }, 3},
          {[](T x, T) { return std::asin(x / 32); }, 4},
          {[](T x, T) { return std::sinh(x); }, 4},
          {[](T x, T) { return std::erf(x); }, 16},
          {[](T x, T) { return std::ldexp(x, 3); }, 0},
          {[](T x, T y) { return std::fdim(x, y); }, 0},
          {[](T x, T y) { return std::min(std::max(x, T(-1)), T(1)) + (x + (y - x) * T(0.25)); }, 0},
          {[](T, T y) { return std::expm1(y); }, 3},
          {[](T, T y) { return std::log10(fabs(y)); }, 3},
          {[](T, T y) { return std::acos(y / 32); }, 4}};
}

template <class T>
void Arithmetic::check_floats(const char* name) {
  ze_kernel_handle_t floats = kernel(build("floats", GetParam()), name);
  std::vector<T> samples = {T(0.5),  T(-0.5),  T(1),      T(-1),    T(2.5), T(-3.5),
                            T(1e-3), T(-7.25), T(20.125), T(-11.5), T(3)};
  std::mt19937 random(3);
  std::uniform_real_distribution<T> uniform(T(-12), T(12));
  for (int i = 0; i < 20; ++i) samples.push_back(uniform(random));
  auto [xs, ys] = pairs(samples);
  const auto n = static_cast<uint32_t>(xs.size());
  const std::vector<FloatRow<T>> rows = float_rows<T>();
  auto *a = shared(xs), *b = shared(ys), *out = shared<T>(rows.size() * n);
  run(floats, {n, 1, 1}, {1, 1, 1}, a, b, out, n);
  for (size_t row = 0; row < rows.size(); ++row) {
    for (uint32_t i = 0; i < n; ++i) {
      const T expected = rows[row].compute(xs[i], ys[i]);
      ASSERT_LE(ulp_distance(out[row * n + i], expected), rows[row].ulp)
          << "row " << row << " of " << xs[i] << ", " << ys[i] << ": " << out[row * n + i] << " for " << expected;
    }
  }
}

TEST_P(Arithmetic, Of32BitFloats) { check_floats<float>("floats_f32"); }
TEST_P(Arithmetic, Of64BitFloats) { check_floats<double>("floats_f64"); }

INSTANTIATE_TEST_SUITE_P(Level, Arithmetic, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
