// runtime_jit_trim_loops_test – loops that leave out what does nothing at their ends do the rest, and nothing else.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "tests/unit/runtime_jit_modules.h"

namespace metate::jit {
namespace {

constexpr int64_t kElements = 48;

/// for (i = first; i < end; ++i) if (i `predicate` bound) ++out[i + 8], where the branch leads to the work if it is
/// `taken`, or else past it.
std::string loop_with(std::string_view predicate, bool taken) {
  std::string text = R"(
define void @count(ptr noalias %out, i64 %first, i64 %end, i64 %bound) {
entry:
  %any = icmp slt i64 %first, %end
  br i1 %any, label %loop, label %exit
loop:
  %i = phi i64 [ %first, %entry ], [ %next, %latch ]
  %asked = icmp PREDICATE i64 %i, %bound
  br i1 %asked, label %YES, label %NO
work:
  %at = add i64 %i, 8
  %place = getelementptr i64, ptr %out, i64 %at
  %old = load i64, ptr %place
  %new = add i64 %old, 1
  store i64 %new, ptr %place
  br label %latch
latch:
  %next = add FLAGS i64 %i, 1
  %more = icmp slt i64 %next, %end
  br i1 %more, label %loop, label %exit
exit:
  ret void
}
)";
  auto replace = [&](std::string_view what, std::string_view by) { text.replace(text.find(what), what.size(), by); };
  replace("PREDICATE", predicate);
  replace("YES", taken ? "work" : "latch");
  replace("NO", taken ? "latch" : "work");
  // Only counters that begin at 0 or above do not wrap as unsigned numbers.
  replace("FLAGS", predicate[0] == 'u' ? "nuw nsw" : "nsw");
  return text;
}

struct Comparison {
  std::string predicate;
  std::function<bool(int64_t, int64_t)> holds;
};

bool is_below(int64_t a, int64_t b) { return static_cast<uint64_t>(a) < static_cast<uint64_t>(b); }

const Comparison kComparisons[] = {
    {"eq", [](int64_t a, int64_t b) { return a == b; }},
    {"ne", [](int64_t a, int64_t b) { return a != b; }},
    {"slt", [](int64_t a, int64_t b) { return a < b; }},
    {"sle", [](int64_t a, int64_t b) { return a <= b; }},
    {"sgt", [](int64_t a, int64_t b) { return a > b; }},
    {"sge", [](int64_t a, int64_t b) { return a >= b; }},
    {"ult", [](int64_t a, int64_t b) { return is_below(a, b); }},
    {"ule", [](int64_t a, int64_t b) { return !is_below(b, a); }},
    {"ugt", [](int64_t a, int64_t b) { return is_below(b, a); }},
    {"uge", [](int64_t a, int64_t b) { return !is_below(a, b); }},
};

TEST(TrimLoops, DoWhatTheBoundLetsThrough) {
  for (const auto& [predicate, holds] : kComparisons) {
    for (const bool taken : {true, false}) {
      auto code = build(loop_with(predicate, taken), {.optimisation = 2, .verify = true});
      ASSERT_TRUE(code);
      auto* count = code->function<void(int64_t*, int64_t, int64_t, int64_t)>("count");
      const int64_t least = predicate[0] == 'u' ? 0 : -8;
      for (const int64_t first : {least, int64_t{0}, int64_t{5}}) {
        for (const int64_t end : {first - 1, first, first + 1, first + 4, int64_t{40}}) {
          for (const int64_t bound :
               {INT64_MIN, INT64_MIN + 1, int64_t{-9}, int64_t{-3}, int64_t{-1}, int64_t{0}, int64_t{1}, int64_t{4},
                int64_t{5}, int64_t{6}, int64_t{8}, int64_t{17}, end - 1, end, end + 1, INT64_MAX - 1, INT64_MAX}) {
            std::array<int64_t, kElements> out{}, expected{};
            for (int64_t i = first; i < end; ++i)
              if (holds(i, bound) == taken) ++expected[static_cast<size_t>(i + 8)];
            count(out.data(), first, end, bound);
            ASSERT_EQ(out, expected) << predicate << (taken ? "" : ", not taken") << ": " << first << " to " << end
                                     << ", bound " << bound;
          }
        }
      }
    }
  }
}

TEST(TrimLoops, NeedNoMasks) {
  for (const auto& [predicate, holds] : kComparisons) {
    const std::string ir = compile(loop_with(predicate, predicate != "ne"), {.optimisation = 2, .keep_ir = true}).ir;
    EXPECT_EQ(ir.find("masked"), std::string::npos) << predicate << "\n" << ir;
    if (predicate != "eq" && predicate != "ne")
      EXPECT_NE(ir.find("store <"), std::string::npos) << predicate << " is vectorised\n" << ir;
  }
}

}  // namespace
}  // namespace metate::jit
