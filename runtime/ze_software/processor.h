// processor – what the operating system says of the machine's processor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace metate::ze_software {

/// Zero and empty where the system does not say.
struct Processor {
  std::string name = "CPU";
  uint32_t vendor_id = 0;             // as on the PCI bus
  uint32_t clock_mhz = 0;             // the highest
  std::vector<uint64_t> cache_bytes;  // of data, of one core; the last level first
  size_t cache_line_bytes = 64;
  uint64_t memory_bytes = 0;
};

Processor read_processor();

}  // namespace metate::ze_software
