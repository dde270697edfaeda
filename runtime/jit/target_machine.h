// target_machine – LLVM's description of the machine that code is generated for.
#pragma once

#include <memory>
#include <string>

#include "runtime/base/result.h"

namespace llvm {
class TargetMachine;
}

namespace metate::jit {

struct HostCpu;

/// A target machine is not safe to share between threads: each compile borrows one.
base::Result<std::unique_ptr<llvm::TargetMachine>> make_target_machine(const HostCpu& cpu, int optimisation);

std::string data_layout_of(const llvm::TargetMachine& machine);

}  // namespace metate::jit
