// kernel_print – what the work-items of a launch have printed comes to Python's sys.stdout.
#pragma once

#include "compiler/driver/artifact.h"
#include "runtime/abi/kernel_error.h"
#include "runtime/abi/kernel_print.h"

namespace metate::ext {

/// Where a kernel that prints leaves its lines.
abi::KernelPrints* prints_behind(abi::KernelErrors& errors);

/// As it is before a launch.
void clear(abi::KernelPrints& prints);

/// Writes it in one piece, in the order of the work-items and, of each, as it printed: what a loop over them would
/// print, whatever ran first. Warns of lines that found no room. The GIL is held; an exception that is set stays so,
/// and one of sys.stdout's goes to sys.unraisablehook.
void show_printed(const abi::KernelPrints& prints, const driver::Artifact& code);

}  // namespace metate::ext
