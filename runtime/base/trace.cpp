#include "runtime/base/trace.h"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "runtime/base/trace_recorder.h"

namespace metate::base {

std::atomic<uint32_t> trace_listeners = 0;

namespace {

/// A span under way.
struct Open {
  Span span;
  int64_t inside = 0;  // of its time, that of spans in it
};

// By depth and not by address: where LLVM crashes, spans are left without an end, and the one around them ends them.
thread_local std::vector<Open> open_spans;
thread_local SpanCollector* collector = nullptr;

int64_t now() {
  static const auto start = std::chrono::steady_clock::now();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start).count();
}

uint32_t thread_number() {
  static std::atomic<uint32_t> next = 0;
  thread_local const uint32_t number = next.fetch_add(1, std::memory_order_relaxed);
  return number;
}

}  // namespace

void TimedSpan::begin(SpanKind kind, std::string_view name, std::string_view subject, int64_t items) {
  std::string about(subject);
  if (about.empty() && !open_spans.empty()) about = open_spans.back().span.subject;
  open_spans.push_back({.span = {.kind = kind,
                                 .name = std::string(name),
                                 .subject = std::move(about),
                                 .thread = thread_number(),
                                 .begin = now(),
                                 .duration = 0,
                                 .own = 0,
                                 .items = items}});
  depth_ = open_spans.size();
}

void TimedSpan::end() {
  if (open_spans.size() < depth_) return;
  open_spans.resize(depth_);
  Open open = std::move(open_spans.back());
  open_spans.pop_back();
  open.span.duration = now() - open.span.begin;
  open.span.own = open.span.duration - open.inside;
  if (!open_spans.empty()) open_spans.back().inside += open.span.duration;
  if (TraceRecorder* recorder = TraceRecorder::get()) recorder->add(open.span);
  if (collector) collector->spans_.push_back(std::move(open.span));
}

SpanCollector::SpanCollector() : outer_(std::exchange(collector, this)) { ++trace_listeners; }

SpanCollector::~SpanCollector() {
  --trace_listeners;
  collector = outer_;
}

std::vector<StageTime> stage_times() {
  TraceRecorder* recorder = TraceRecorder::get();
  return recorder ? recorder->times() : std::vector<StageTime>();
}

void write_traces() {
  if (TraceRecorder* recorder = TraceRecorder::get()) recorder->write();
}

}  // namespace metate::base
