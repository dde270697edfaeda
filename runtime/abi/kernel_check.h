// kernel_check.h – what compilers tell the software driver's kernel checker, and how its reports are known.
#pragma once

#include <cstdlib>
#include <string_view>

namespace metate::abi {

/// The build flag by which a module's kernels are checked while they run; the environment variable does it for all.
inline constexpr char kKernelCheckFlag[] = "-metate-kernel-check";
inline constexpr char kKernelCheckVariable[] = "METATE_KERNEL_CHECK";

inline bool is_kernel_check_wanted() {
  const char* value = std::getenv(kKernelCheckVariable);
  return value && *value && std::string_view(value) != "0";
}

/// With these words begins what the driver has to say of a checked kernel with faults.
inline constexpr std::string_view kKernelCheckReport = "kernel check: ";

/// SPIR-V has no names for what it leaves out, so a compiler may call imported functions that only the checker knows,
/// and that run no code. Their linkage names are `kCheckMark`, a word of these, and a text:
///
///     line FILE        (i32 line)                         of the memory accesses and barriers behind it in the block
///     kernel NAME      (i32 dimensions)                   ids are counted as Python does, slowest dimension first
///     array S NAME     (ptr, i64 begin, i64 end, i32 element)   the memory that an array argument spans
///     storage S NAME FILE  (ptr, i32 line, i32 element)   an array of the kernel's own or of the module, and where it
///                                                         is declared; NAME may be ?, and `line` 0
///     internal         (ptr)                              memory of the launcher, which nobody watches
///
/// `element` is the size of one in bytes. S is the storage class as a number, since a function has one type.
inline constexpr std::string_view kCheckMark = "metate check ";

}  // namespace metate::abi
