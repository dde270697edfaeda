// launch – one launch of a kernel, and running it on the threads of the machine.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "runtime/ze_software/compiled_kernel.h"
#include "runtime/ze_software/handles.h"

namespace metate::ze_software {

class Program;

/// A launch owns all that it needs: the kernel's arguments may change and its handle go before the launch runs.
struct Launch {
  std::shared_ptr<const Program> program;  // keeps the machine code
  const CompiledKernel* kernel = nullptr;
  LaunchRecord record{};
  std::vector<std::byte> arguments;
  size_t local_bytes = 0;  // of one group: what the kernel declares and what its arguments ask for
};

/// Spreads the work-groups over threads and returns when all are done.
ze_result_t run(const Launch& launch);

}  // namespace metate::ze_software
