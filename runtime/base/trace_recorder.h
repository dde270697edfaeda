// trace_recorder – keeps the spans that the environment asks for, and writes them.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/base/trace.h"

namespace metate::base {

/// One a process, made where METATE_TRACE or METATE_TIMES is set when the library is loaded. It stays until the process
/// ends, since other threads may go on to the last moment. A forked child has one of its own, without what its parent
/// recorded.
class TraceRecorder {
 public:
  /// Null where nothing is to be recorded.
  static TraceRecorder* get();

  void add(const Span& span);
  std::vector<StageTime> times();
  /// The files; the whole of them each time.
  void write();
  void print_table();

 private:
  friend struct TraceStart;
  TraceRecorder(const char* trace, const char* times);
  void add_time(const Span& span);
  std::string file_name(const std::string& wanted) const;
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }
  void begin_child();

  std::mutex mutex_;
  std::string trace_path_;  // empty: no trace
  std::string times_path_;  // empty: no file
  bool counts_times_ = false;
  bool prints_table_ = false;
  bool is_child_ = false;  // another process of the same program writes the files of these names
  std::vector<Span> spans_;
  size_t dropped_ = 0;
  std::vector<StageTime> times_;
  std::map<std::pair<std::string, std::string>, size_t> times_of_;  // (function, stage): their place in `times_`
};

/// The spans as Chrome's and Perfetto's viewers read them: https://ui.perfetto.dev, "Trace Event Format".
std::string chrome_trace(const std::vector<Span>& spans, size_t dropped);

std::string times_as_json(const std::vector<StageTime>& times);
/// A table for people, with milliseconds; what took longest first.
std::string times_as_table(const std::vector<StageTime>& times);

}  // namespace metate::base
