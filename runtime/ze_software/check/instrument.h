// instrument – kernels tell the checker of every access to memory, before it is made, and of every barrier.
#pragma once

#include <memory>

#include "runtime/ze_software/check/kernel_check.h"
#include "runtime/ze_software/spirv/module_reader.h"

namespace metate::ze_software::check {

/// The body must be complete: everything is inlined, and scalars are values. What no pass may leave out or change is
/// done before any: code that breaks a rule has no meaning for LLVM. Takes the placeholders of check_notes.h out.
std::shared_ptr<const KernelCheck> instrument(spirv::Module& module, const spirv::KernelInfo& kernel);

}  // namespace metate::ze_software::check
