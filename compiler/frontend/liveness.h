// liveness.h – which instructions and block parameters a translated function needs.
#pragma once

#include <vector>

#include "compiler/frontend/ssa.h"

namespace metate::frontend {

struct Liveness {
  std::vector<bool> insts;
  std::vector<bool> phis;  // by index into ssa.phis()
};

/// Starts from instructions with an effect; values that only serve others that are not needed are not needed either.
/// A check_bound of what is known to be bound has no effect.
Liveness find_live(const ir::Function& function, const Ssa& ssa);

}  // namespace metate::frontend
