// native_modules – what drivers build out of SPIR-V, kept on disk for later processes.
#pragma once

#include <memory>
#include <span>

#include "runtime/level_zero/module.h"

namespace metate::ext {

/// The module of SPIR-V on a device: from the native binary that an earlier process kept, where the driver takes it, or
/// built and kept now. Throws a Python exception if a signal's handler raises while another process builds it.
base::Result<level_zero::Module> load_or_build(const std::shared_ptr<level_zero::Device>& device,
                                               std::span<const uint32_t> words);

}  // namespace metate::ext
