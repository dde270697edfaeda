// normalise – rewrites what compilers emit and the validator refuses, where its meaning is clear.
#pragma once

#include <cstdint>
#include <vector>

namespace metate::ze_software::spirv {

/// LLVM writes the integer constant 0 as OpConstantNull, which may not index a structure: it becomes OpConstant.
/// Modules that are damaged or of the other byte order are left alone.
void normalise(std::vector<uint32_t>& words);

}  // namespace metate::ze_software::spirv
