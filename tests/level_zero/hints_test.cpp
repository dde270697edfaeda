// hints_test – promises and expectations, which change no result, and the clock.
#include <algorithm>

#include "tests/level_zero/api.h"
#include "tests/level_zero/spirv_text.h"

namespace metate::test {
namespace {

using Hints = KernelTest;

TEST_P(Hints, ChangeNothing) {
  auto *in = shared(std::vector<int>{7, 3, -2, 4}), *out = shared<int>(4);
  run(kernel(build("hints", GetParam()), "expectations"), {4, 1, 1}, {1, 1, 1}, in, out, 3);
  EXPECT_EQ(std::vector<int>(out, out + 4), (std::vector<int>{4, 6, -4, 1}));
}

/// Time goes on within an item, and nobody is behind a barrier before all were there.
TEST_P(Hints, TimeGoesOn) {
  constexpr uint32_t kItems = 40;
  auto* times = shared<uint64_t>(4 * kItems);
  auto* work = shared<int>(kItems);
  run(kernel(build("hints", GetParam()), "times"), {1, 1, 1}, {kItems, 1, 1}, times, work);
  uint64_t last_before = 0, first_behind = UINT64_MAX;
  for (uint32_t i = 0; i < kItems; ++i) {
    const uint64_t* own = times + 4 * i;
    EXPECT_TRUE(std::is_sorted(own, own + 4)) << i;
    EXPECT_LT(own[0], own[1]) << i;
    last_before = std::max(last_before, own[1]);
    first_behind = std::min(first_behind, own[2]);
  }
  EXPECT_LE(last_before, first_behind);
}

INSTANTIATE_TEST_SUITE_P(Levels, Hints, ::testing::Values(0, 2));

/// LLVM 22 writes no OpExpectKHR, other compilers do.
using Expectations = DeviceTest;

TEST_F(Expectations, ChangeNoValue) {
  SpirvText text;
  text.begin_kernel("expected", {"g_i32", "g_i32"});
  text.load("%.x", "i32", "%.p0", "%.id");
  text.line("%.y = OpExpectKHR %i32 %.x " + text.constant("i32", 3));
  text.store("%.y", "i32", "%.p1", "%.id");
  text.end_kernel();
  auto *in = shared(std::vector<int>{3, -5}), *out = shared<int>(2);
  run(kernel(build(text.words()), "expected"), {2, 1, 1}, {1, 1, 1}, in, out);
  EXPECT_EQ(out[0], 3);
  EXPECT_EQ(out[1], -5);
}

}  // namespace
}  // namespace metate::test
