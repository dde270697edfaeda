// compile – loop-stage functions become an artifact, for each target.
#pragma once

#include "compiler/driver/artifact.h"
#include "compiler/driver/session.h"
#include "compiler/driver/specialisations.h"
#include "runtime/jit/jit.h"

namespace metate::driver {

/// The LLVM module of a specialisation with all that it calls, for the CPU, not optimised; its sites in `artifact`.
jit::OwnedModule lower_for_cpu(const Specialisations& functions, const Specialisation& root, ir::Universe& universe,
                               const jit::Jit& jit, Artifact& artifact);

base::Result<Artifact> compile_for_cpu(const Specialisations& functions, const Specialisation& root,
                                       ir::Universe& universe, jit::Jit& jit);

base::Result<CompiledKernel> compile_for_spirv(const Specialisations& functions, const Specialisation& root,
                                               ir::Universe& universe);

}  // namespace metate::driver
