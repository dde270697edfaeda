// program – SPIR-V becomes kernels that can run.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/ze_software/compiled_kernel.h"
#include "runtime/ze_software/spirv/module_reader.h"

namespace metate::jit {
class LinkedCode;
}

namespace metate::ze_software {

struct Driver;

struct ProgramOptions {
  std::vector<spirv::SpecializationConstant> constants;
  bool optimise = true;  // -ze-opt-disable turns it off
};

struct ProgramGlobal {
  std::string name;
  void* address = nullptr;
  size_t size = 0;
};

/// The machine code of one module. Immutable once built.
class Program {
 public:
  /// Null when it cannot be built; `log` then says why. Notes and warnings go there too.
  static std::shared_ptr<const Program> build(Driver& driver, std::span<const std::byte> spirv,
                                              const ProgramOptions& options, std::string& log);
  ~Program();

  std::span<const CompiledKernel> kernels() const { return kernels_; }
  const CompiledKernel* find_kernel(std::string_view name) const;
  const ProgramGlobal* find_global(std::string_view name) const;

 private:
  Program() = default;

  std::vector<CompiledKernel> kernels_;
  std::vector<ProgramGlobal> globals_;
  std::unique_ptr<jit::LinkedCode> code_;
};

}  // namespace metate::ze_software
