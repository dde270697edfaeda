// module_reader – SPIR-V of the kernel flavour becomes LLVM IR for the CPU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace llvm {
class Function;
class GlobalVariable;
class Module;
class Type;
}  // namespace llvm

namespace metate::ze_software::spirv {

struct SpecializationConstant {
  uint32_t id;
  const void* value;  // as many bytes as the constant's type has
};

enum class ParameterKind : uint8_t { kPointer, kLocalPointer, kValue };

struct KernelInfo {
  std::string name;
  std::string attributes;
  llvm::Function* body = nullptr;  // one item's work; a by-value structure is a pointer parameter with `byval`
  std::vector<ParameterKind> parameters;
  std::vector<llvm::Type*> by_value_types;  // of each parameter: the structure behind a `byval` pointer, or null
  uint32_t required_group_size[3] = {0, 0, 0};
  uint32_t required_sub_group_size = 0;
};

/// A variable of the work-group's memory.
struct LocalVariable {
  uint64_t size;
  uint64_t alignment;
};

/// A variable that the API finds by name; LLVM knows it by another, since some names mean something there.
struct ExportedGlobal {
  std::string name;
  llvm::GlobalVariable* variable;
};

/// What the module says of itself: runtime/abi/kernel_conventions.h.
struct Conventions {
  bool failures = false;  // are reported as ours are
  bool indices = false;   // are checked
};

struct Module {
  std::unique_ptr<llvm::Module> module;
  std::vector<KernelInfo> kernels;
  std::vector<LocalVariable> locals;
  std::vector<ExportedGlobal> exported_globals;
  Conventions conventions;
};

/// Reads into an empty module, whose data layout is that of the CPU. All pointers of the IR are of address space 0, and
/// work-items show as the placeholders of items.h. Nothing when the SPIR-V has no clear meaning or uses what is not
/// there yet; `log` then says what, and has a note when the validator of SPIRV-Tools would have refused the module.
std::optional<Module> read_module(std::unique_ptr<llvm::Module> empty, std::span<const std::byte> spirv,
                                  std::span<const SpecializationConstant> constants, std::string& log);

}  // namespace metate::ze_software::spirv
