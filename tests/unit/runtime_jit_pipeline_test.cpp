// runtime_jit_pipeline_test – what the pass list of level 2 has to make of a function, seen in its optimised IR.
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/runtime_jit_modules.h"

namespace metate::jit {
namespace {

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// y[i] = 0.9 * y[i - 1] + x[i] for i = 1 … n - 1
TEST(Pipeline, RecurrencesStayInRegisters) {
  const std::string ir = compile(R"(
define void @filter(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  %some = icmp sgt i64 %n, 1
  br i1 %some, label %loop, label %exit
loop:
  %i = phi i64 [ 1, %entry ], [ %next, %loop ]
  %before = add nsw i64 %i, -1
  %from = getelementptr double, ptr %y, i64 %before
  %last = load double, ptr %from
  %kept = fmul double %last, 9.000000e-01
  %at = getelementptr double, ptr %x, i64 %i
  %added = load double, ptr %at
  %sum = fadd double %kept, %added
  %to = getelementptr double, ptr %y, i64 %i
  store double %sum, ptr %to
  %next = add nuw nsw i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
})",
                                 {.keep_ir = true})
                             .ir;
  // One load before the loop; in it, unrolled or not, as many loads as stores: those of x.
  EXPECT_EQ(count(ir, "= load double"), count(ir, "store double") + 1) << ir;
}

TEST(Pipeline, NeighboursOutsideOfLoopsBecomeVectors) {
  const std::string ir = compile(R"(
define void @twice(ptr noalias %x, ptr noalias %y) {
  %x1 = getelementptr double, ptr %x, i64 1
  %y1 = getelementptr double, ptr %y, i64 1
  %a = load double, ptr %x
  %b = load double, ptr %x1
  %c = fadd double %a, %a
  %d = fadd double %b, %b
  store double %c, ptr %y
  store double %d, ptr %y1
  ret void
})",
                                 {.keep_ir = true})
                             .ir;
  EXPECT_NE(ir.find("fadd <2 x double>"), std::string::npos) << ir;
}

}  // namespace
}  // namespace metate::jit
