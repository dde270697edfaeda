// small_numbers_test – what devices may claim of bytes and halves: dot products and atomic operations.
#include <algorithm>
#include <limits>
#include <random>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class SmallNumbers : public KernelTest {};

/// The exact sum of the products of the bytes.
template <class A, class B>
int64_t dot(uint32_t a, uint32_t b) {
  int64_t sum = 0;
  for (int i = 0; i < 4; ++i) sum += int64_t{static_cast<A>(a >> 8 * i)} * static_cast<B>(b >> 8 * i);
  return sum;
}

template <class T>
int32_t saturated(int64_t sum) {
  return static_cast<int32_t>(
      static_cast<T>(std::clamp<int64_t>(sum, std::numeric_limits<T>::min(), std::numeric_limits<T>::max())));
}

TEST_P(SmallNumbers, DotProducts) {
  std::vector<uint32_t> as = {0, 0x80808080, 0xffffffff, 0x7f7f7f7f, 0x01020304, 0x80808080};
  std::vector<uint32_t> bs = {1, 0x80808080, 0xffffffff, 0x80808080, 0xfffefdfc, 0x7f7f7f7f};
  std::vector<int32_t> sums = {5, INT32_MAX, -1, INT32_MIN, INT32_MAX - 3, INT32_MIN + 100};
  std::mt19937 random(5);
  while (as.size() < 128) {
    as.push_back(random());
    bs.push_back(random());
    sums.push_back(static_cast<int32_t>(random()));
  }
  auto* out = shared<int32_t>(11 * as.size());
  run(kernel(build("integer_dots", GetParam()), "dots"), {2, 1, 1}, {64, 1, 1}, shared(as), shared(bs), shared(sums),
      out);
  for (size_t i = 0; i < as.size(); ++i) {
    const int64_t ss = dot<int8_t, int8_t>(as[i], bs[i]), su = dot<int8_t, uint8_t>(as[i], bs[i]);
    const int64_t uu = dot<uint8_t, uint8_t>(as[i], bs[i]);
    const int64_t signed_sum = sums[i], unsigned_sum = static_cast<uint32_t>(sums[i]);
    const int64_t expected[11] = {ss,
                                  su,
                                  uu,
                                  ss,
                                  su,
                                  uu,
                                  saturated<int32_t>(ss + signed_sum),
                                  saturated<int32_t>(su + signed_sum),
                                  saturated<uint32_t>(uu + unsigned_sum),
                                  saturated<int32_t>(ss + signed_sum),
                                  saturated<uint32_t>(uu + unsigned_sum)};
    for (int k = 0; k < 11; ++k) ASSERT_EQ(out[11 * i + k], expected[k]) << "row " << i << ", product " << k;
  }
}

TEST_P(SmallNumbers, AtomicHalves) {
  // Small integers: every sum on the way is exact, in whatever order.
  constexpr int kItems = 1024;
  std::vector<_Float16> values(kItems);
  for (int i = 0; i < kItems; ++i) values[i] = static_cast<_Float16>(i % 5 - 2);
  values[700] = 9;
  values[3] = -7;
  float sum = 0;
  for (_Float16 value : values) sum += static_cast<float>(value);
  auto* out = shared<_Float16>(4);
  out[3] = 42;
  run(kernel(build("half_atomics", GetParam()), "half_atomics"), {kItems / 64, 1, 1}, {64, 1, 1}, shared(values), out);
  EXPECT_EQ(static_cast<float>(out[0]), sum);
  EXPECT_EQ(static_cast<float>(out[1]), -7.0f);
  EXPECT_EQ(static_cast<float>(out[2]), 9.0f);
  EXPECT_EQ(static_cast<float>(out[3]), 42.0f);  // the neighbour in the word is left alone
}

INSTANTIATE_TEST_SUITE_P(Levels, SmallNumbers, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
