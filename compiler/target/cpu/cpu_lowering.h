// cpu_lowering – what codegen needs to know of the CPU that runs this process.
#pragma once

#include <memory>
#include <string>

#include "compiler/codegen/target_lowering.h"

namespace metate::target::cpu {

/// Errors go to the context, parallel nests to the runtime, mathematics to calls that runtime/jit binds.
std::unique_ptr<codegen::TargetLowering> make_lowering(std::string triple, std::string data_layout);

}  // namespace metate::target::cpu
