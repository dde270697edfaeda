// emit_spirv – words for devices, validated as the environment asks for.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/target/spirv/emit.h"

namespace metate::driver {

/// As target::spirv::emit, and where METATE_VALIDATE_SPIRV names a version of SPIR-V ("1.4"), the module is written in
/// that one too, and has to be valid in both. What comes from the cache on disk was emitted before, and is not looked
/// at. The variable is read at each call; one that names no version is an error.
base::Result<std::vector<uint32_t>> emit_spirv(const target::spirv::MakeModule& make,
                                               target::spirv::EmitOptions options);

}  // namespace metate::driver
