// work_group – kernels, which say what one item does, become functions that run ranges of items.
#pragma once

#include <string>
#include <vector>

#include "runtime/ze_software/compiled_kernel.h"
#include "runtime/ze_software/spirv/module_reader.h"

namespace metate::ze_software::work_group {

/// Adds to the module an exported function of type RunRange for each kernel, and removes what only the bodies needed.
/// The kernels come back in the order of the module, without address; `symbols` holds the functions' names.
///
/// A kernel without barriers becomes loops over items with its body inside, whose innermost LLVM can vectorise. A
/// kernel with barriers is cut there into regions, each with such loops of its own; values that live across a barrier
/// wait in memory of the item.
///
/// With `check`, the kernels tell check::Checker of what they do; the module must have been read for that.
std::vector<CompiledKernel> make_entries(spirv::Module& module, std::vector<std::string>& symbols, bool check = false);

}  // namespace metate::ze_software::work_group
