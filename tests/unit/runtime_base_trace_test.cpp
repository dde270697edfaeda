// runtime_base_trace_test – spans nest, belong to threads and functions, and become JSON that can be read.
#include <gtest/gtest.h>

#include <thread>

#include "runtime/base/trace.h"
#include "runtime/base/trace_recorder.h"

namespace metate::base {
namespace {

TEST(Trace, IsOffUnlessSomebodyListens) {
  if (TraceRecorder::get()) GTEST_SKIP() << "the environment asks for a trace";
  EXPECT_FALSE(is_traced());
  {
    SpanCollector collector;
    EXPECT_TRUE(is_traced());
  }
  EXPECT_FALSE(is_traced());
  TimedSpan span(SpanKind::kStage, "nobody sees it");
  SpanCollector collector;
  span.stop();
  EXPECT_TRUE(collector.spans().empty());
}

TEST(Trace, SpansNest) {
  SpanCollector collector;
  {
    TimedSpan outer(SpanKind::kStage, "infer", "f(f64)");
    {
      TimedSpan inner(SpanKind::kStage, "pass");
    }
    TimedSpan other(SpanKind::kStage, "infer", "g(f64)", 7);
  }
  ASSERT_EQ(collector.spans().size(), 3u);
  const Span& inner = collector.spans()[0];
  const Span& other = collector.spans()[1];
  const Span& outer = collector.spans()[2];
  EXPECT_EQ(inner.name, "pass");
  EXPECT_EQ(inner.subject, "f(f64)");  // that of the span around it
  EXPECT_EQ(other.subject, "g(f64)");
  EXPECT_EQ(other.items, 7);
  EXPECT_EQ(outer.items, -1);
  EXPECT_EQ(outer.own, outer.duration - inner.duration - other.duration);
  EXPECT_LE(outer.begin, inner.begin);
  EXPECT_LE(inner.begin + inner.duration, outer.begin + outer.duration);
}

TEST(Trace, ASpanThatWasLeftEndsWithTheOneAroundIt) {
  SpanCollector collector;
  // As where LLVM crashes: the guard leaves without running destructors.
  alignas(TimedSpan) char lost[sizeof(TimedSpan)];
  {
    TimedSpan outer(SpanKind::kStage, "optimise", "f");
    new (lost) TimedSpan(SpanKind::kPass, "crashes");
  }
  TimedSpan next(SpanKind::kStage, "infer", "g");
  next.stop();
  ASSERT_EQ(collector.spans().size(), 2u);
  EXPECT_EQ(collector.spans()[0].name, "optimise");
  EXPECT_EQ(collector.spans()[1].subject, "g");
}

TEST(Trace, ACollectorTakesThoseOfItsThread) {
  SpanCollector collector;
  std::thread([] { TimedSpan elsewhere(SpanKind::kRegion, "piece"); }).join();
  {
    SpanCollector inside;
    {
      TimedSpan here(SpanKind::kRegion, "piece");
    }
    EXPECT_EQ(inside.spans().size(), 1u);
  }
  EXPECT_TRUE(collector.spans().empty());
  {
    TimedSpan here(SpanKind::kRegion, "piece");
  }
  EXPECT_EQ(collector.spans().size(), 1u);
}

TEST(Trace, TextIsEscaped) {
  Span span{SpanKind::kLaunch, "a\"b\\c\n", "f", 3, 1500, 2500, 2500, 12};
  const std::string text = chrome_trace({span}, 0);
  EXPECT_NE(text.find(R"("name":"a\"b\\c\u000a","ts":1.500,"dur":2.500,"args":{"function":"f","items":12})"),
            std::string::npos)
      << text;
}

TEST(Trace, TheTableHasWhatTookLongestFirst) {
  const std::string table =
      times_as_table({{"f", "infer", 1'000'000, 1}, {"g", "infer", 5'000'000, 2}, {"f", "emit", 2'000'000, 1}});
  EXPECT_EQ(table,
            "metate: time to compile     8.000 ms\n"
            "g                           5.000 ms\n"
            "  infer                     5.000 ms  in 2 runs\n"
            "f                           3.000 ms\n"
            "  infer                     1.000 ms\n"
            "  emit                      2.000 ms\n");
}

}  // namespace
}  // namespace metate::base
