// spirv_lowering – what codegen needs to know of an OpenCL-flavoured SPIR-V device.
#pragma once

#include <memory>

#include "compiler/codegen/target_lowering.h"
#include "runtime/abi/device_features.h"

namespace metate::target::spirv {

/// Errors go to the launch's KernelErrors, mathematics to OpenCL's built-in functions, nests run as loops.
/// `launch_rank`: the dimensions of every launch; 0 where each function's options say it. `features`: what the devices
/// have that are to run it.
std::unique_ptr<codegen::TargetLowering> make_lowering(uint8_t launch_rank = 0, abi::DeviceFeatures features = {});

}  // namespace metate::target::spirv
