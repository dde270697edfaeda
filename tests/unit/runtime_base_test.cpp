// runtime_base_test – Result carries a value or an error, never both.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "runtime/base/result.h"

namespace metate::base {
namespace {

Result<std::unique_ptr<int>> half(int value) {
  if (value % 2 != 0) return Error{ErrorCode::kInvalidArgument, std::to_string(value) + " is odd"};
  return std::make_unique<int>(value / 2);
}

TEST(Result, HoldsAMoveOnlyValue) {
  Result<std::unique_ptr<int>> result = half(84);
  ASSERT_TRUE(result);
  std::unique_ptr<int> value = *std::move(result);
  EXPECT_EQ(*value, 42);
}

TEST(Result, HoldsTheErrorWithItsCode) {
  Result<std::unique_ptr<int>> result = half(7);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(result.take_error().message, "7 is odd");
}

TEST(Result, StatusIsSuccessByDefaultValue) {
  Status status = Success{};
  EXPECT_TRUE(status);
}

}  // namespace
}  // namespace metate::base
