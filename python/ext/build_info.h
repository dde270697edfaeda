// build_info.h – shows to Python how the library was built.
#pragma once

#include <nanobind/nanobind.h>

namespace metate::ext {

/// Adds `build_info() -> dict` with the keys version, llvm, threads, sanitizers, assertions and python
/// (the CPython that the extension was compiled for).
void add_build_info(nanobind::module_& module);

}  // namespace metate::ext
