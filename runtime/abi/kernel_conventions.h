// kernel_conventions – what a SPIR-V module of ours and a device that understands it say to each other.
#pragma once

namespace metate::abi {

/// Texts of an OpModuleProcessed: a failing item begins its report with an atomic minimum at the kernel's last
/// parameter (kernel_error.h) and returns.
inline constexpr char kReportsFailures[] = "metate: failures are reported";
/// The same, and a check of the index stands before every access of an array. An access whose index depends on nothing
/// that was read may then be made as soon as its index is known to pass, though other checks before it have not been.
inline constexpr char kChecksIndices[] = "metate: failures are reported, indices are checked";

/// What the software driver's error says of a group whose items part.
inline constexpr char kDivergentBarrier[] =
    "the items of a work-group wait at different barriers, or some end while others wait";

}  // namespace metate::abi
