// trace_text – spans and times as JSON and as a table.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <string_view>

#include "runtime/base/trace_recorder.h"

namespace metate::base {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      out += code;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string number(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string_view category(SpanKind kind) {
  switch (kind) {
    case SpanKind::kStage:
      return "compile";
    case SpanKind::kPass:
      return "llvm";
    case SpanKind::kCall:
      return "call";
    case SpanKind::kRegion:
      return "parallel";
    case SpanKind::kLaunch:
      return "kernel";
  }
  return "";
}

std::string microseconds(int64_t nanoseconds) { return number("%.3f", static_cast<double>(nanoseconds) / 1e3); }

std::string event(const Span& span, const std::string& process) {
  std::string text = R"({"ph":"X","pid":)" + process + ",\"tid\":" + std::to_string(span.thread);
  text += ",\"cat\":" + quoted(category(span.kind)) + ",\"name\":" + quoted(span.name);
  text += ",\"ts\":" + microseconds(span.begin) + ",\"dur\":" + microseconds(span.duration) + ",\"args\":{";
  if (!span.subject.empty()) text += "\"function\":" + quoted(span.subject);
  if (span.items >= 0) text += (span.subject.empty() ? "\"items\":" : ",\"items\":") + std::to_string(span.items);
  return text + "}}";
}

/// So many bytes as their UTF-8 text has columns.
std::string padded(const std::string& text, size_t width) {
  const auto columns = static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  return text + std::string(width > columns ? width - columns : 0, ' ');
}

}  // namespace

std::string chrome_trace(const std::vector<Span>& spans, size_t dropped) {
  const std::string process = std::to_string(getpid());
  std::string text =
      "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"dropped\":" + std::to_string(dropped) + "},\"traceEvents\":[\n";
  text += R"({"ph":"M","pid":)" + process + R"(,"name":"process_name","args":{"name":"Metate"}})";
  std::set<uint32_t> threads;
  for (const Span& span : spans) threads.insert(span.thread);
  for (const uint32_t thread : threads)
    text += ",\n{\"ph\":\"M\",\"pid\":" + process + ",\"tid\":" + std::to_string(thread) +
            R"(,"name":"thread_name","args":{"name":"thread )" + std::to_string(thread) + "\"}}";
  for (const Span& span : spans) text += ",\n" + event(span, process);
  return text + "\n]}\n";
}

std::string times_as_json(const std::vector<StageTime>& times) {
  std::string text = "[";
  for (const StageTime& time : times) {
    text += text.size() > 1 ? ",\n " : "\n ";
    text += "{\"function\": " + quoted(time.function) + ", \"stage\": " + quoted(time.stage) +
            ", \"seconds\": " + number("%.9f", static_cast<double>(time.nanoseconds) / 1e9) +
            ", \"runs\": " + std::to_string(time.runs) + "}";
  }
  return text + "\n]\n";
}

std::string times_as_table(const std::vector<StageTime>& times) {
  constexpr std::string_view kTitle = "metate: time to compile";
  constexpr size_t kWidest = 60;  // longer names stick out
  std::map<std::string, int64_t> totals;
  size_t width = kTitle.size();
  int64_t total = 0;
  for (const StageTime& time : times) {
    totals[time.function] += time.nanoseconds;
    total += time.nanoseconds;
    width = std::max({width, time.stage.size() + 2, std::min(time.function.size(), kWidest)});
  }
  std::vector<std::pair<int64_t, std::string>> functions;
  for (const auto& [function, nanoseconds] : totals) functions.emplace_back(-nanoseconds, function);
  std::ranges::sort(functions);
  auto row = [&](const std::string& name, int64_t nanoseconds) {
    return padded(name, width) + number("%10.3f ms", static_cast<double>(nanoseconds) / 1e6);
  };
  std::string text = row(std::string(kTitle), total) + "\n";
  for (const auto& [nanoseconds, function] : functions) {
    text += row(function, -nanoseconds) + "\n";
    for (const StageTime& time : times) {
      if (time.function != function) continue;
      text += row("  " + time.stage, time.nanoseconds);
      if (time.runs > 1) text += "  in " + std::to_string(time.runs) + " runs";
      text += "\n";
    }
  }
  return text;
}

}  // namespace metate::base
