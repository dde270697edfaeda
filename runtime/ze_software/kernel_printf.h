// kernel_printf – what kernels print.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace metate::ze_software {

/// The name by which compiled kernels call kernel_printf.
inline constexpr char kKernelPrintfSymbol[] = "metate_kernel_printf";

/// The text of a format of OpenCL C (section 6.15.14). An argument, or an element of a vector, is a slot of 64 bits:
/// an integer with its sign, the bits of a double, or an address. Slots that are missing print as nothing.
std::string format_kernel_text(const char* format, std::span<const uint64_t> slots);

/// Prints to standard output, in one piece. Zero, or -1 when there is no format.
extern "C" int32_t metate_kernel_printf(const char* format, const uint64_t* slots, uint32_t count);

}  // namespace metate::ze_software
