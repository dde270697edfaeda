// vector_test – vectors of every element type and length.
#include <type_traits>

#include "tests/level_zero/api.h"
#include "tests/level_zero/kernel_values.h"

namespace metate::test {
namespace {

constexpr int kRows = 12;
constexpr int kItems = 8;

/// What vectors.cl computes of one pair, row behind row.
template <class T>
std::vector<T> vector_rows(const T* x, const T* y, size_t n, size_t item) {
  std::vector<T> rows(kRows * n);
  bool any_equal = false, all_less = true;
  auto wrapped = [](auto value) { return static_cast<T>(value); };
  std::vector<T> swapped(n);
  for (size_t k = 0; k < n / 2; ++k) {
    swapped[k] = x[n / 2 + k];
    swapped[n / 2 + k] = x[2 * k];
  }
  for (size_t k = 0; k < n; ++k) {
    // Through unsigned numbers, which wrap.
    using Wide = std::conditional_t<std::is_floating_point_v<T>, T, uint64_t>;
    const Wide wx = static_cast<Wide>(x[k]), wy = static_cast<Wide>(y[k]);
    rows[k] = wrapped(wx + wy);
    rows[n + k] = wrapped(wx - wy);
    rows[2 * n + k] = wrapped(wx * wy);
    rows[3 * n + k] = k == 0 ? y[1] : k == 1 ? x[0] : x[k];
    rows[4 * n + k] = x[k] < y[k] ? x[k] : y[k];
    rows[5 * n + k] = item & 1 ? y[k] : x[k];
    rows[6 * n + k] = wrapped(std::is_floating_point_v<T> ? -wx : Wide(0) - wx);
    rows[7 * n + k] = k == item % n ? T(9) : x[k];
    any_equal = any_equal || x[k] == y[k];
    all_less = all_less && x[k] < y[k];
    rows[9 * n + k] = x[k] > y[k] ? y[k] : x[k];
    rows[10 * n + k] = wrapped(static_cast<Wide>(x[1]) + 1);
    const size_t from = static_cast<size_t>(static_cast<int64_t>(y[k])) & (2 * n - 1);
    rows[11 * n + k] = n == 3 ? x[(k + 2) % 3] : from < n ? x[from] : swapped[from - n];
  }
  rows[8 * n] = any_equal;
  rows[8 * n + 1] = all_less;
  return rows;
}

class Vectors : public KernelTest {
 protected:
  template <class T>
  void check(const char* type) {
    for (size_t n : {2, 3, 4, 8, 16}) {
      const std::string name = std::string("vector_") + type + "_" + std::to_string(n);
      auto *a = shared<T>(kItems * n), *b = shared<T>(kItems * n), *out = shared<T>(kItems * n * kRows);
      for (size_t i = 0; i < kItems * n; ++i) {
        // The first item is less than the other in every element, so that `all` has something to find.
        a[i] = static_cast<T>(i < n ? i : (i * 37 + 5) % 101);
        b[i] = static_cast<T>(i < n ? i + 20 : (i * 53 + 11) % 97);
        if (i % 11 == 10) b[i] = a[i];
      }
      run(kernel(module_, name.c_str()), {kItems, 1, 1}, {1, 1, 1}, a, b, out);
      for (size_t item = 0; item < kItems; ++item) {
        const std::vector<T> expected = vector_rows(a + item * n, b + item * n, n, item);
        for (size_t k = 0; k < expected.size(); ++k) {
          ASSERT_EQ(out[item * n * kRows + k], expected[k]) << name << ", item " << item << ", row " << k / n;
        }
      }
    }
  }

  ze_module_handle_t module_ = nullptr;
};

TEST_P(Vectors, OfEveryElementType) {
  module_ = build("vectors", GetParam());
  check<int8_t>("char");
  check<uint8_t>("uchar");
  check<int16_t>("short");
  check<uint16_t>("ushort");
  check<int32_t>("int");
  check<uint32_t>("uint");
  check<int64_t>("long");
  check<uint64_t>("ulong");
  check<float>("float");
  check<double>("double");
}

INSTANTIATE_TEST_SUITE_P(Level, Vectors, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
