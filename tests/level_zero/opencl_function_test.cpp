// opencl_function_test – every function of OpenCL C on numbers and vectors, within OpenCL's bounds.
//
// As clang writes them; opencl_std_test has the instructions themselves.
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "tests/level_zero/api.h"
#include "tests/level_zero/kernel_values.h"
#include "tests/level_zero/opencl_reference.h"

namespace metate::test {
namespace {

template <class T>
R multiply_subtract(R x, R y, R z) {
  volatile T product = static_cast<T>(x) * static_cast<T>(y);
  return product - static_cast<T>(z);
}

template <class T>
using Wide = std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>;

template <class T>
T low(Wide<T> x) {
  return static_cast<T>(static_cast<std::make_unsigned_t<T>>(x));
}

template <class T>
T saturated(Wide<T> x) {
  using Limits = std::numeric_limits<T>;
  return static_cast<T>(std::min<Wide<T>>(std::max<Wide<T>>(x, Limits::min()), Limits::max()));
}

template <class T>
std::make_unsigned_t<T> unsigned_of(Wide<T> x) {
  return static_cast<std::make_unsigned_t<T>>(x);
}

/// How far off a result is, in units of the last place of T. Results next to the smallest normal number may be off by
/// one more, as nothing below it has all digits.
template <class T>
bool within(T actual, R expected, double ulp) {
  const T rounded = static_cast<T>(expected);
  if (std::isnan(expected)) return std::isnan(actual);
  if (actual == rounded) return true;
  if (ulp == 0 || std::isnan(actual)) return false;
  const R largest = std::numeric_limits<T>::max();
  const R unit = std::max<R>(
      std::ldexp(R(1), std::ilogb(std::min(std::fabs(expected), largest)) + 1 - std::numeric_limits<T>::digits),
      std::numeric_limits<T>::denorm_min());
  // Beyond the largest number infinity is as good as any, and the other way round.
  if (std::isinf(actual)) return std::fabs(expected) + R(ulp) * unit > largest && (actual > 0) == (expected > 0);
  if (std::isinf(expected)) return false;
  if (std::fabs(expected) < 1024 * std::numeric_limits<T>::min()) ulp += 1;
  return std::fabs(R(actual) - expected) <= R(ulp) * unit;
}

class OpenCLFunctions : public KernelTest {
 protected:
  /// Triples of numbers: every value meets some others of every kind.
  template <class T>
  void fill(std::vector<T> values) {
    constexpr size_t kCount = 3072;
    std::vector<T> triples[3];
    for (size_t i = 0; i < kCount; ++i) {
      triples[0].push_back(values[i % values.size()]);
      triples[1].push_back(values[(i / values.size() * 7 + i * 5 + 3) % values.size()]);
      triples[2].push_back(values[(i * 11 + 2) % values.size()]);
    }
    for (int k = 0; k < 3; ++k) inputs_[k] = shared(triples[k]);
    outputs_ = allocate(2 * kCount * sizeof(T));
    count_ = kCount;
  }

  template <class T>
  void fill_floats() {
    std::vector<T> values = corner_values<T>(90);
    std::mt19937_64 random(5);
    while (values.size() < 211) {
      const double unit = static_cast<double>(random() >> 11) * 0x1p-52 - 1;
      const int kind = static_cast<int>(values.size() % 3);
      values.push_back(static_cast<T>(kind == 0 ? unit : kind == 1 ? 30 * unit : std::trunc(12 * unit)));
    }
    fill(values);
  }

  /// Runs a kernel of the table and compares numbers and vectors, with `differs` to say whether a result is wrong.
  template <class T, class Differs>
  void check(const std::string& name, Differs differs) {
    auto* out = static_cast<T*>(outputs_);
    std::fill(out, out + 2 * count_, T(77));
    auto input = [&](int k) { return static_cast<T*>(inputs_[k]); };
    run(kernel(module_, name.c_str()), {count_ / 64, 1, 1}, {64, 1, 1}, input(0), input(1), input(2), out, count_);
    for (uint32_t i = 0; i < 2 * count_; ++i) {
      const T x = input(0)[i % count_], y = input(1)[i % count_], z = input(2)[i % count_];
      if (std::string expected = differs(out[i], x, y, z); !expected.empty()) {
        ADD_FAILURE() << name << (i < count_ ? "" : " in a vector") << " of " << +x << ", " << +y << ", " << +z << ": "
                      << std::to_string(out[i]) << " for " << expected;
        return;
      }
    }
  }

  template <class T>
  void check_float(const char* name, double ulp, R (*meaning)(R, R, R)) {
    const std::string kernel = std::string(name) + (sizeof(T) == 4 ? "_float" : "_double");
    check<T>(kernel, [&](T actual, T x, T y, T z) {
      const R expected = meaning(x, y, z);
      if (within(actual, expected, ulp)) return std::string();
      char text[128];
      std::snprintf(text, sizeof(text), "%.21Lg (got %a)", expected, static_cast<double>(actual));
      return std::string(text);
    });
  }

  template <class T>
  void check_integer(const char* name, const char* type, T (*meaning)(Wide<T>, Wide<T>, Wide<T>)) {
    check<T>(std::string(name) + "_" + type, [&](T actual, T x, T y, T z) {
      const T expected = meaning(x, y, z);
      return actual == expected ? std::string() : std::to_string(expected);
    });
  }

  template <class T>
  void check_floats();
  template <class T>
  void check_integers(const char* type);
  template <class T>
  void check_geometry(const char* type, uint32_t n);

  ze_module_handle_t module_ = nullptr;

 private:
  void* inputs_[3] = {};
  void* outputs_ = nullptr;
  uint32_t count_ = 0;
};

template <class T>
void OpenCLFunctions::check_floats() {
  module_ = build("float_functions", GetParam());
  fill_floats<T>();
#define FLOAT_FUNCTION(name, opencl, ulp32, ulp64, cpp)                          \
  check_float<T>(#name, sizeof(T) == 4 ? ulp32 : ulp64, [](R x, R y, R z) -> R { \
    (void)x, (void)y, (void)z;                                                   \
    return cpp;                                                                  \
  });
#define INTEGER_FUNCTION(name, opencl, cpp)
#include "tests/level_zero/kernels/opencl_functions.def"
}

TEST_P(OpenCLFunctions, OfFloats) { check_floats<float>(); }
TEST_P(OpenCLFunctions, OfDoubles) { check_floats<double>(); }

template <class T>
void OpenCLFunctions::check_integers(const char* type) {
  fill(corner_values<T>(211));
#define FLOAT_FUNCTION(name, opencl, ulp32, ulp64, cpp)
#define INTEGER_FUNCTION(name, opencl, cpp)                                \
  check_integer<T>(#name, type, [](Wide<T> x, Wide<T> y, Wide<T> z) -> T { \
    using W = Wide<T>;                                                     \
    constexpr int bits = 8 * sizeof(T);                                    \
    (void)x, (void)y, (void)z, (void)bits, (void)sizeof(W);                \
    return cpp;                                                            \
  });
#include "tests/level_zero/kernels/opencl_functions.def"
}

TEST_P(OpenCLFunctions, OfIntegers) {
  module_ = build("integer_functions", GetParam());
  check_integers<int8_t>("char");
  check_integers<uint8_t>("uchar");
  check_integers<int16_t>("short");
  check_integers<uint16_t>("ushort");
  check_integers<int32_t>("int");
  check_integers<uint32_t>("uint");
  check_integers<int64_t>("long");
  check_integers<uint64_t>("ulong");
}

TEST_P(OpenCLFunctions, OfWiderAndNarrowerIntegers) {
  module_ = build("integer_functions", GetParam());
  constexpr uint32_t kCount = 64;
  auto upsample = [&]<class T, class W>(const char* name, T, W) {
    using U = std::make_unsigned_t<T>;
    auto* high = shared(corner_values<T>(kCount));
    auto* out = shared<W>(kCount);
    auto* lows = shared(corner_values<U>(kCount));
    run(kernel(module_, name), {kCount, 1, 1}, {1, 1, 1}, high, static_cast<void*>(lows), out);
    for (uint32_t i = 0; i < kCount; ++i) {
      ASSERT_EQ(out[i], static_cast<W>(static_cast<W>(high[i]) * (W(1) << 8 * sizeof(T)) + lows[i]))
          << name << " " << i;
    }
  };
  upsample("upsample_char", int8_t(), int16_t());
  upsample("upsample_uchar", uint8_t(), uint16_t());
  upsample("upsample_short", int16_t(), int32_t());
  upsample("upsample_ushort", uint16_t(), uint32_t());
  upsample("upsample_int", int32_t(), int64_t());
  upsample("upsample_uint", uint32_t(), uint64_t());
  auto multiply = [&]<class T>(const char* name, T least, T most) {
    std::vector<T> values = {least, most, T(0), T(1), T(1234567), T(least + 1)};
    auto *a = shared(values), *b = shared(std::vector<T>(values.rbegin(), values.rend())), *out = shared<T>(6);
    run(kernel(module_, name), {6, 1, 1}, {1, 1, 1}, a, b, out);
    for (int i = 0; i < 6; ++i) {
      const auto product = static_cast<uint32_t>(static_cast<int64_t>(a[i]) * static_cast<int64_t>(b[i]));
      ASSERT_EQ(static_cast<uint32_t>(out[i]), product ^ (product + 77)) << name << " " << i;
    }
  };
  multiply("multiply_24_int", -(1 << 23), (1 << 23) - 1);
  multiply("multiply_24_uint", 0u, (1u << 24) - 1);
}

TEST_P(OpenCLFunctions, ForSpeed) {
  module_ = build("float_functions", GetParam());
  constexpr uint32_t kCount = 64;
  auto *a = shared<float>(kCount), *b = shared<float>(kCount), *out = shared<float>(17 * kCount);
  for (uint32_t i = 0; i < kCount; ++i) {
    a[i] = static_cast<float>(i) * 0.21f - 6;
    b[i] = static_cast<float>(i) * 0.37f + 0.01f;
  }
  run(kernel(module_, "fast_functions"), {kCount, 1, 1}, {1, 1, 1}, a, b, out, kCount);
  for (uint32_t i = 0; i < kCount; ++i) {
    for (uint32_t row = 0; row < 14; ++row) ASSERT_EQ(out[row * kCount + i], 0) << "row " << row;
    ASSERT_TRUE(within(out[14 * kCount + i], std::sin(R(a[i])), 4)) << a[i];
    ASSERT_TRUE(within(out[15 * kCount + i], std::pow(R(b[i]), R(a[i])), 16)) << a[i];
    ASSERT_TRUE(within(out[16 * kCount + i], 1 / std::sqrt(R(b[i])), 2)) << b[i];
  }
}

template <class T>
void OpenCLFunctions::check_geometry(const char* type, uint32_t n) {
  constexpr uint32_t kCount = 9;
  const T largest = std::numeric_limits<T>::max() / 4, smallest = std::numeric_limits<T>::min() * 4;
  auto *a = shared<T>(kCount * n), *b = shared<T>(kCount * n), *out = shared<T>(kCount * n * 3);
  for (uint32_t i = 0; i < kCount * n; ++i) {
    const uint32_t vector = i / n;
    a[i] = static_cast<T>(static_cast<int>(i * 37 % 19) - 9) * (vector == 1   ? largest / 16
                                                                : vector == 2 ? smallest
                                                                              : T(0.3));
    b[i] = static_cast<T>(static_cast<int>(i * 53 % 23) - 11) * T(0.7);
    if (vector == 3) a[i] = 0;
  }
  const std::string name = std::string("geometry_") + type + std::to_string(n);
  run(kernel(module_, name.c_str()), {kCount, 1, 1}, {1, 1, 1}, a, b, out);
  for (uint32_t i = 0; i < kCount; ++i) {
    const T *x = a + i * n, *y = b + i * n, *row = out + i * 3 * n;
    R length = 0, distance = 0;
    for (uint32_t k = 0; k < n; ++k) {
      length = std::hypot(length, R(x[k]));
      distance = std::hypot(distance, R(x[k]) - R(y[k]));
    }
    EXPECT_TRUE(within(row[n], length, 3 + 0.5 * n)) << name << " " << i << ": " << row[n];
    EXPECT_TRUE(within(row[n + 1], distance, 3 + 2 * n)) << name << " " << i << ": " << row[n + 1];
    for (uint32_t k = 0; k < n; ++k) {
      EXPECT_TRUE(within(row[k], length == 0 ? R(0) : x[k] / length, 2 + n)) << name << " " << i << ": " << row[k];
    }
    if (n < 3 || i == 1) continue;  // products of the largest numbers overflow
    for (uint32_t k = 0; k < n; ++k) {
      const uint32_t j = (k + 1) % 3, l = (k + 2) % 3;
      const R left = k < 3 ? R(x[j]) * y[l] : 0, right = k < 3 ? R(x[l]) * y[j] : 0;
      // Each product and their difference are rounded.
      const R bound = (std::fabs(left) + std::fabs(right)) * 2 * std::numeric_limits<T>::epsilon() + smallest;
      EXPECT_LE(std::fabs(row[2 * n + k] - (left - right)), bound) << name << " " << i;
    }
  }
}

TEST_P(OpenCLFunctions, OfGeometry) {
  module_ = build("float_functions", GetParam());
  for (uint32_t n : {2, 3, 4}) {
    check_geometry<float>("float", n);
    check_geometry<double>("double", n);
  }
}

INSTANTIATE_TEST_SUITE_P(Level, OpenCLFunctions, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
