// emit – LLVM IR for a SPIR-V device becomes SPIR-V words, behind a fence: the back end may exit or abort.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"

namespace llvm {
class LLVMContext;
class Module;
}  // namespace llvm

namespace metate::target::spirv {

struct EmitOptions {
  int optimisation = 2;
  bool validate = true;             // by SPIRV-Tools, for OpenCL 2.2
  std::string_view processed = {};  // what the module's OpModuleProcessed says
  uint32_t version = 2;             // of SPIR-V 1: at least this one, a later one where the module needs it
  uint32_t sub_group_size = 0;      // that the kernels ask for; 0: none
  uint32_t also_valid_as = 0;       // a later one, in which the module is written once more only to be validated
  std::string* llvm_ir = nullptr;   // for the text of the module as the back end gets it
};

using MakeModule = std::function<std::unique_ptr<llvm::Module>(llvm::LLVMContext&)>;

/// Builds the module with `make` (inside the fence, in a context of its own), optimises it for no particular device and
/// emits it. A fault of the back end or an invalid module is an internal error with the reason that LLVM or the
/// validator gives.
base::Result<std::vector<uint32_t>> emit(const MakeModule& make, const EmitOptions& options);

/// SPIR-V as SPIRV-Tools' assembly text, for inspection.
std::string disassemble(const std::vector<uint32_t>& words);

}  // namespace metate::target::spirv
