// kernel_interface – what a program has to know that launches a kernel's SPIR-V without Metate.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <vector>

#include "compiler/driver/artifact.h"

namespace metate::ext {

/// A place that raises, or is passed by an exception on its way out (then without texts).
struct KernelSite {
  std::string exception;  // "ValueError"
  std::string message;    // "bad {int32}": the type of a value in its place
  int line;
};

/// With the session's lock held.
std::vector<KernelSite> sites_of(const driver::CompiledKernel& code, const ir::Universe& universe);

/// The words, the kernel's name in them, its arguments as (parameter, slot, bytes, is data), and how it says what its
/// work-items raise. The first `skipped` parameters are no arguments.
nanobind::dict describe_interface(const driver::CompiledKernel& code, const std::vector<KernelSite>& sites,
                                  uint32_t skipped);

}  // namespace metate::ext
