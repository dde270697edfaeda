// kernel_clock – the clock of running kernels.
#pragma once

#include <cstdint>

namespace metate::ze_software {

/// The name by which kernels call it.
inline constexpr char kKernelClockSymbol[] = "metate_kernel_clock";

}  // namespace metate::ze_software

/// The device's own timer, so that kernels and the host tell the same time.
extern "C" uint64_t metate_kernel_clock();
