// build_id – tells one build of the library that holds the driver from every other.
#pragma once

#include <string>

namespace metate::ze_software {

/// The linker's build id of this library, or its version and LLVM's where the linker has not left one.
std::string build_id();

}  // namespace metate::ze_software
