#include "runtime/base/trace_recorder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "runtime/base/at_fork.h"

namespace metate::base {
namespace {

// A trace is looked at by people, in a viewer that has trouble with more. Some 150 MB here.
constexpr size_t kMostSpans = size_t{1} << 20;

TraceRecorder* recorder = nullptr;

const char* wanted(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value && std::string_view(value) != "0" ? value : nullptr;
}

/// Processes that this one starts inherit its environment, and must not write over its files.
bool is_descendant() {
  constexpr const char* kOwner = "METATE_TRACE_OWNER";
  const std::string self = std::to_string(getpid());
  const char* owner = std::getenv(kOwner);
  if (owner && self != owner) return true;
  setenv(kOwner, self.c_str(), 1);
  return false;
}

void write_file(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "we");
  const bool whole = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = file && std::fclose(file) == 0;
  if (!whole || !closed) std::fprintf(stderr, "metate: cannot write %s: %s\n", path.c_str(), std::strerror(errno));
}

}  // namespace

/// Reads the environment when the library is loaded.
struct TraceStart {
  TraceStart() {
    const char* trace = wanted("METATE_TRACE");
    const char* times = wanted("METATE_TIMES");
    if (!trace && !times) return;
    recorder = new TraceRecorder(trace, times);  // never freed
    ++trace_listeners;
    // A thread that records while another one forks would leave its child a lock that nobody opens.
    const AtFork holds_recorder([] { recorder->lock(); }, [] { recorder->unlock(); }, [] { recorder->begin_child(); });
    std::atexit([] {
      recorder->write();
      recorder->print_table();
    });
  }
} const start;

TraceRecorder* TraceRecorder::get() { return recorder; }

TraceRecorder::TraceRecorder(const char* trace, const char* times)
    : trace_path_(trace ? trace : ""), counts_times_(times), is_child_(is_descendant()) {
  prints_table_ = times && std::string_view(times) == "1";
  if (times && !prints_table_) times_path_ = times;
}

void TraceRecorder::begin_child() {
  is_child_ = true;
  spans_.clear();
  times_.clear();
  times_of_.clear();
  dropped_ = 0;
  unlock();
}

void TraceRecorder::add(const Span& span) {
  std::lock_guard guard(mutex_);
  if (counts_times_ && span.kind == SpanKind::kStage) add_time(span);
  if (trace_path_.empty()) return;
  if (spans_.size() < kMostSpans) {
    spans_.push_back(span);
  } else {
    ++dropped_;
  }
}

void TraceRecorder::add_time(const Span& span) {
  auto [entry, fresh] = times_of_.try_emplace({span.subject, span.name}, times_.size());
  if (fresh) times_.push_back({.function = span.subject, .stage = span.name, .nanoseconds = 0, .runs = 0});
  times_[entry->second].nanoseconds += span.own;
  ++times_[entry->second].runs;
}

std::vector<StageTime> TraceRecorder::times() {
  std::lock_guard guard(mutex_);
  return times_;
}

/// "trace.json", and "trace.4711.json" for a child with that number.
std::string TraceRecorder::file_name(const std::string& wanted) const {
  if (!is_child_) return wanted;
  const size_t dot = wanted.rfind('.');
  const bool has_ending = dot != std::string::npos && wanted.find('/', dot) == std::string::npos;
  const size_t at = has_ending ? dot : wanted.size();
  return wanted.substr(0, at) + "." + std::to_string(getpid()) + wanted.substr(at);
}

void TraceRecorder::write() {
  std::lock_guard guard(mutex_);
  // A child that did nothing of interest leaves no file.
  if (!trace_path_.empty() && !(is_child_ && spans_.empty()))
    write_file(file_name(trace_path_), chrome_trace(spans_, dropped_));
  if (!times_path_.empty() && !(is_child_ && times_.empty())) write_file(file_name(times_path_), times_as_json(times_));
}

void TraceRecorder::print_table() {
  std::lock_guard guard(mutex_);
  if (!prints_table_ || times_.empty()) return;
  const std::string table = times_as_table(times_);
  std::fwrite(table.data(), 1, table.size(), stderr);
}

}  // namespace metate::base
