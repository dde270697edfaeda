// kernel_print.h – how a kernel leaves to its launcher what its work-items print.
//
// A line is a record in memory that host and device share, so that any device can print, in Python's words for numbers
// and on Python's sys.stdout. OpenCL's printf, which some drivers have, knows neither. Records lie one behind the other
// from word 0. A work-item reserves one by adding its words to `used`. Where it does not fit any more it lowers `end`
// to where it would have begun (every later one begins behind that) and counts itself in `dropped`.
#pragma once

#include <cstddef>
#include <cstdint>

namespace metate::abi {

inline constexpr uint32_t kKernelPrintWords = 128 * 1024;

/// Behind the KernelErrors of a launch whose kernel prints. A record is the linear global id of the item, the site with
/// the number of its values in the upper half, and those values.
struct KernelPrints {
  uint32_t used;     // 0 before the launch
  uint32_t end;      // UINT32_MAX before the launch
  uint32_t dropped;  // 0 before the launch
  uint32_t reserved[13];
  int64_t words[kKernelPrintWords];
};

inline constexpr uint32_t kKernelPrintHeader = 2;  // words of a record before its values

static_assert(offsetof(KernelPrints, words) == 64);

}  // namespace metate::abi
