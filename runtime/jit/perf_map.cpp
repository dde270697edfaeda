#include "runtime/jit/perf_map.h"

#include <fcntl.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>

namespace metate::jit {

bool is_perf_map_wanted() {
  static const bool kIsWanted = [] {
    const char* value = std::getenv("METATE_PERF_MAP");
    return value && std::string_view(value) != "" && std::string_view(value) != "0";
  }();
  return kIsWanted;
}

void PerfMapLines::add(uint64_t address, uint64_t size, std::string_view name) {
  char numbers[2 * 16 + 3];
  std::snprintf(numbers, sizeof(numbers), "%" PRIx64 " %" PRIx64 " ", address, size);
  text_ += numbers;
  text_ += "metate::";
  text_ += name;
  text_ += '\n';
}

void PerfMapLines::write() const {
  const std::string path = "/tmp/perf-" + std::to_string(getpid()) + ".map";
  // The folder is everybody's: no link that somebody has laid there is followed.
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return;
  [[maybe_unused]] const ssize_t written = ::write(file, text_.data(), text_.size());
  close(file);
}

}  // namespace metate::jit
