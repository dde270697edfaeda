// build_id – which build of this library runs: the linker's hash of its content, and no version number.
#pragma once

#include <string>

namespace metate::cache {

/// The GNU build id of the program or library that holds this function, in hexadecimal; empty where it has none.
std::string build_id();

}  // namespace metate::cache
