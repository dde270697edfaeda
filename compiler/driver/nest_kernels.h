// nest_kernels – the parallel nests of compiled functions: where they run, and the kernels of those that a device runs.
#pragma once

#include "compiler/codegen/module_lowering.h"
#include "compiler/driver/artifact.h"
#include "compiler/driver/specialisations.h"
#include "runtime/base/result.h"

namespace metate::driver {

/// The arguments of a SPIR-V kernel that a value of this type becomes, which is its parameter number `parameter` and
/// whose slots begin at `slot`: its leaves, without the owner of an array. Moves `slot` behind it.
void append_kernel_arguments(types::TypeId type, const ir::Universe& universe, uint32_t parameter, uint32_t& slot,
                             std::vector<KernelArgument>& out);

/// Says in the artifact where each parallel nest of a specialisation and of what it calls runs.
void report_nests(const Specialisations& functions, const Specialisation& root,
                  std::span<const codegen::DeviceNest> device_nests, Artifact& artifact);

/// Compiles the nests that a device runs, `checked` by the software driver. Their sites come behind those of the host's
/// code.
base::Status add_nest_kernels(const Specialisations& functions, ir::Universe& universe,
                              std::span<const codegen::DeviceNest> nests, Artifact& artifact, bool checked);

}  // namespace metate::driver
