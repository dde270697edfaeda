// perf_map – names of linked code for Linux's profiler: with METATE_PERF_MAP=1 in the environment, lines of the file
// /tmp/perf-<pid>.map, where perf looks for them (tools/perf/Documentation/jit-interface.txt in Linux's sources).
// CPython writes there too (`python -X perf`).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace metate::jit {

bool is_perf_map_wanted();

class PerfMapLines {
 public:
  void add(uint64_t address, uint64_t size, std::string_view name);
  /// Appends them to the file of this process. What cannot be written is no reason to fail.
  void write() const;

 private:
  std::string text_;
};

}  // namespace metate::jit
