#include "runtime/ze_software/processor.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace metate::ze_software {
namespace {

/// The first word of a file of Linux's /sys; empty where there is none.
std::string first_word(const std::string& path) {
  std::ifstream file(path);
  std::string word;
  file >> word;
  return word;
}

/// "512K"
uint64_t bytes_of(const std::string& text) {
  char* end = nullptr;
  const uint64_t number = std::strtoull(text.c_str(), &end, 10);
  return *end == 'K' ? number << 10 : *end == 'M' ? number << 20 : number;
}

void read_cpuinfo(Processor& processor) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line) && !line.empty();) {
    const size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    const std::string value = line.substr(colon + 2);
    if (line.starts_with("model name")) processor.name = value;
    if (line.starts_with("cpu MHz")) processor.clock_mhz = static_cast<uint32_t>(std::strtod(value.c_str(), nullptr));
    if (line.starts_with("vendor_id") && value == "GenuineIntel") processor.vendor_id = 0x8086;
    if (line.starts_with("vendor_id") && value == "AuthenticAMD") processor.vendor_id = 0x1022;
  }
}

/// /sys tells more rightly than sysconf, which takes the cache of all sockets of a host for that of its guest.
void read_caches(Processor& processor) {
  const std::string folder = "/sys/devices/system/cpu/cpu0/cache/index";
  for (int index = 0; index < 8; ++index) {
    const std::string cache = folder + std::to_string(index);
    const std::string type = first_word(cache + "/type");
    if (type.empty()) break;
    if (type == "Instruction") continue;
    processor.cache_bytes.push_back(bytes_of(first_word(cache + "/size")));
    if (const uint64_t line = bytes_of(first_word(cache + "/coherency_line_size"))) processor.cache_line_bytes = line;
  }
#ifdef _SC_LEVEL3_CACHE_SIZE
  if (processor.cache_bytes.empty()) {
    for (int level : {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE, _SC_LEVEL3_CACHE_SIZE}) {
      if (const long bytes = sysconf(level); bytes > 0) processor.cache_bytes.push_back(static_cast<uint64_t>(bytes));
    }
  }
#endif
  std::reverse(processor.cache_bytes.begin(), processor.cache_bytes.end());
}

}  // namespace

Processor read_processor() {
  Processor processor;
  read_cpuinfo(processor);
  read_caches(processor);
  const uint64_t highest_khz = bytes_of(first_word("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq"));
  if (highest_khz) processor.clock_mhz = static_cast<uint32_t>(highest_khz / 1000);
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_size = sysconf(_SC_PAGESIZE);
  if (pages > 0 && page_size > 0)
    processor.memory_bytes = static_cast<uint64_t>(pages) * static_cast<uint64_t>(page_size);
  return processor;
}

}  // namespace metate::ze_software
