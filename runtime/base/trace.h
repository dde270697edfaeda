// trace – how long what takes: spans of time for the table of METATE_TIMES, the file of METATE_TRACE, and collectors.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/api.h"

namespace metate::base {

enum class SpanKind : uint8_t {
  kStage,   // of a compile: what the table of times counts
  kPass,    // one of LLVM's, inside of a stage
  kCall,    // of compiled code by Python, where the code may take long
  kRegion,  // parallel work of one thread
  kLaunch,  // of a kernel
};

struct Span {
  SpanKind kind;
  std::string name;
  std::string subject;  // the function; that of the span around it where none was given
  uint32_t thread;      // a small number
  int64_t begin;        // nanoseconds since the library was loaded
  int64_t duration;     // nanoseconds, and …
  int64_t own;          // … without the spans inside
  int64_t items;        // how many iterations or work-items; -1 where there are none
};

/// How many ask for spans. Zero, a single load, is all that a span costs where nobody does.
METATE_API extern std::atomic<uint32_t> trace_listeners;
#ifdef METATE_NO_TRACE  // in what is shipped without Metate
inline bool is_traced() { return false; }
#else
inline bool is_traced() { return trace_listeners.load(std::memory_order_relaxed) != 0; }
#endif

/// Measures the time from its making to its end, on one thread; spans nest.
class METATE_API TimedSpan {
 public:
  TimedSpan(SpanKind kind, std::string_view name, std::string_view subject = {}, int64_t items = -1) {
    if (is_traced()) [[unlikely]]
      begin(kind, name, subject, items);
  }
  ~TimedSpan() {
    if (depth_ != 0) [[unlikely]]
      end();
  }
  TimedSpan(const TimedSpan&) = delete;

  /// Ends it before its time.
  void stop() {
    if (depth_ != 0) end();
    depth_ = 0;
  }

 private:
#ifdef METATE_NO_TRACE
  void begin(SpanKind, std::string_view, std::string_view, int64_t) {}
  void end() {}
#else
  void begin(SpanKind kind, std::string_view name, std::string_view subject, int64_t items);
  void end();
#endif

  size_t depth_ = 0;  // 0: nobody asks
};

/// Takes the spans of this thread while it lives, besides what else becomes of them. Collectors nest.
class METATE_API SpanCollector {
 public:
  SpanCollector();
  ~SpanCollector();
  SpanCollector(const SpanCollector&) = delete;
  const std::vector<Span>& spans() const { return spans_; }

 private:
  friend class TimedSpan;
  std::vector<Span> spans_;  // by their ends
  SpanCollector* outer_;
};

/// What METATE_TIMES counts: the time of one stage of the compiler on one function.
struct StageTime {
  std::string function;
  std::string stage;
  int64_t nanoseconds;  // without the stages inside
  uint64_t runs;
};

/// In the order in which functions and their stages first ran. Empty unless METATE_TIMES is set.
METATE_API std::vector<StageTime> stage_times();

/// Writes what METATE_TRACE and METATE_TIMES ask for into their files. The process does so itself when it exits; it may
/// be done before, by one that will be ended in another way.
METATE_API void write_traces();

}  // namespace metate::base
