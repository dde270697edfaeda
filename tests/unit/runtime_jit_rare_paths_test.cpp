// runtime_jit_rare_paths_test – the rare side of a branch becomes a function that is compiled cheaply, and stays right.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/runtime_jit_modules.h"

namespace metate::jit {
namespace {

// sum[0] += in[0] + … + in[n - 1]: where `trusted` is false, by a loop that stops at the first negative number.
const char* const kTwoVersions = R"(
define i32 @sum(ptr noalias %in, ptr noalias %sum, i64 %n, i1 %trusted) {
entry:
  br i1 %trusted, label %fast, label %rare, !prof !0
fast:
  %i = phi i64 [ 0, %entry ], [ %i1, %fast ]
  %s = phi i64 [ 0, %entry ], [ %s1, %fast ]
  %from = getelementptr i64, ptr %in, i64 %i
  %x = load i64, ptr %from
  %s1 = add i64 %s, %x
  %i1 = add nuw nsw i64 %i, 1
  %more = icmp slt i64 %i1, %n
  br i1 %more, label %fast, label %exit
rare:
  br label %slow
slow:
  %j = phi i64 [ 0, %rare ], [ %j1, %next ]
  %t = phi i64 [ 0, %rare ], [ %t1, %next ]
  %at = getelementptr i64, ptr %in, i64 %j
  %y = load i64, ptr %at
  %bad = icmp slt i64 %y, 0
  br i1 %bad, label %stop, label %next
next:
  %t1 = add i64 %t, %y
  %j1 = add nuw nsw i64 %j, 1
  %again = icmp slt i64 %j1, %n
  br i1 %again, label %slow, label %exit
stop:
  store i64 %y, ptr %sum
  ret i32 1
exit:
  %total = phi i64 [ %s1, %fast ], [ %t1, %next ]
  store i64 %total, ptr %sum
  ret i32 0
}
!0 = !{!"branch_weights", i32 1, i32 0}
)";

TEST(RarePaths, BecomeColdFunctionsWithTheSameMeaning) {
  using Sum = int32_t(const int64_t*, int64_t*, int64_t, bool);
  for (int level = 0; level <= 3; ++level) {
    auto code = build(kTwoVersions, {.optimisation = level, .verify = true});
    ASSERT_TRUE(code);
    auto* sum = code->function<Sum>("sum");
    std::vector<int64_t> in(37, 2);
    int64_t total = 0;
    EXPECT_EQ(sum(in.data(), &total, 37, true), 0);
    EXPECT_EQ(total, 74);
    EXPECT_EQ(sum(in.data(), &total, 37, false), 0);
    EXPECT_EQ(total, 74);
    in[20] = -5;
    EXPECT_EQ(sum(in.data(), &total, 37, false), 1);
    EXPECT_EQ(total, -5);
    EXPECT_EQ(sum(in.data(), &total, 37, true), 0);
    EXPECT_EQ(total, 67);
  }
}

TEST(RarePaths, AreNotMadeFast) {
  const std::string ir = compile(kTwoVersions, {.keep_ir = true}).ir;
  const size_t rare = ir.find("define internal");
  ASSERT_NE(rare, std::string::npos) << ir;
  EXPECT_NE(ir.find("cold"), std::string::npos) << ir;
  EXPECT_NE(ir.substr(0, rare).find("add <"), std::string::npos) << "the other version is vectorised\n" << ir;
  EXPECT_EQ(ir.substr(rare).find("add <"), std::string::npos) << ir;
}

TEST(RarePaths, MayStandInOneAnother) {
  auto code = build(R"(
define i64 @f(i64 %x) {
entry:
  %a = icmp sgt i64 %x, 0
  br i1 %a, label %exit, label %outer, !prof !0
outer:
  %b = icmp sgt i64 %x, -10
  br i1 %b, label %exit, label %inner, !prof !0
inner:
  %y = mul i64 %x, 3
  br label %exit
exit:
  %r = phi i64 [ 1, %entry ], [ 2, %outer ], [ %y, %inner ]
  ret i64 %r
}
!0 = !{!"branch_weights", i32 1, i32 0}
)");
  ASSERT_TRUE(code);
  auto* f = code->function<int64_t(int64_t)>("f");
  EXPECT_EQ(f(5), 1);
  EXPECT_EQ(f(-5), 2);
  EXPECT_EQ(f(-20), -60);
}

}  // namespace
}  // namespace metate::jit
