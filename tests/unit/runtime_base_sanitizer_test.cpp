// runtime_base_sanitizer_test – each sanitizer build ends the process at a planted fault; other builds plant nothing.
#include <gtest/gtest.h>

#include <climits>
#include <thread>

namespace metate::base {
namespace {

#if __has_feature(address_sanitizer)
TEST(SanitizerDeathTest, AddressFindsAnOverflow) {
  volatile int index = 4;
  EXPECT_DEATH(
      {
        int* block = new int[4]();
        block[index] = 1;
      },
      "heap-buffer-overflow");
}
#endif

#if __has_feature(undefined_behavior_sanitizer)
TEST(SanitizerDeathTest, UndefinedFindsASignedOverflow) {
  volatile int value = INT_MAX;
  EXPECT_DEATH(value = value + 1, "signed integer overflow");
}
#endif

#if __has_feature(thread_sanitizer)
TEST(SanitizerDeathTest, ThreadFindsARace) {
  EXPECT_DEATH(
      {
        int shared = 0;
        std::thread other([&] { shared = 1; });
        shared = 2;
        other.join();
      },
      "data race");
}
#endif

}  // namespace
}  // namespace metate::base
