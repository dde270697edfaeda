// module_reader – SPIR-V of the kernel flavour becomes LLVM IR for the CPU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/ze_software/spirv/check_notes.h"

namespace llvm {
class Function;
class GlobalValue;
class GlobalVariable;
class Module;
class Type;
}  // namespace llvm

namespace metate::ze_software::spirv {

struct SpecializationConstant {
  uint32_t id;
  const void* value;  // as many bytes as the constant's type has
};

/// The same once the type is known.
struct ConstantBytes {
  uint32_t id;
  std::vector<std::byte> value;
};

enum class ParameterKind : uint8_t { kPointer, kLocalPointer, kValue };

struct KernelInfo {
  std::string name;
  unsigned part = 0;  // of the module that it was read in
  std::string attributes;
  llvm::Function* body = nullptr;  // one item's work; a by-value structure is a pointer parameter with `byval`
  std::vector<ParameterKind> parameters;
  std::vector<llvm::Type*> by_value_types;  // of each parameter: the structure behind a `byval` pointer, or null
  uint32_t required_group_size[3] = {0, 0, 0};
  uint32_t required_sub_group_size = 0;
  std::string refusal;  // why the device cannot run it; it has no body then
};

/// A variable of the work-group's memory.
struct LocalVariable {
  uint64_t size;
  uint64_t alignment;
  std::string name;  // empty where the module has none
};

/// A variable that the API finds by name; LLVM knows it by another, since some names mean something there.
struct ExportedGlobal {
  std::string name;
  unsigned part;
  llvm::GlobalVariable* variable;
};

/// What the module says of itself: runtime/abi/kernel_conventions.h.
struct Conventions {
  bool failures = false;  // are reported as ours are
  bool indices = false;   // are checked
};

/// A function or variable that a part uses and another one should define.
struct Import {
  std::string name;
  unsigned part;
  bool resolved;  // another part does
};

/// One or more SPIR-V modules as one module of LLVM.
struct Module {
  std::unique_ptr<llvm::Module> module;
  std::vector<KernelInfo> kernels;
  std::vector<LocalVariable> locals;
  std::vector<ExportedGlobal> exported_globals;
  Conventions conventions;
  std::vector<Import> imports;
  std::vector<ConstantBytes> used_constants;  // by which the last part that was read is specialised
  /// Where parts meet: what link_key names, declared or defined.
  std::map<std::string, llvm::GlobalValue*> links;
  CheckNotes notes;  // empty unless asked for
};

/// What a part is to the module that it is read into.
struct ReadOptions {
  std::span<const SpecializationConstant> constants;
  unsigned part = 0;  // no other one has that number
  /// Its variables live elsewhere and are only declared, as `variable_symbol` says; its kernels are not wanted.
  bool borrowed = false;
  /// The part that defines what this one imports under that name; none where nobody does.
  std::function<std::optional<unsigned>(std::string_view name)> find_import = {};
  bool for_check = false;  // bodies have the placeholders of check_notes.h besides
};

/// The key in Module::links of what that part exports.
std::string link_key(unsigned part, std::string_view name);

/// Under which name the machine code has a variable that others may find.
std::string variable_symbol(unsigned part, uint32_t id);

/// Reads one SPIR-V module as a part of `into`, whose LLVM module has the data layout of the CPU. All pointers of the
/// IR are of address space 0, and work-items show as the placeholders of items.h. False when the SPIR-V has no clear
/// meaning; `log` then says why. Kernels that need what the device lacks are listed with their refusal. `log` has a
/// note of each, and one when the validator of SPIRV-Tools would have refused the module.
bool read_module(Module& into, std::span<const std::byte> spirv, const ReadOptions& options, std::string& log);

/// The names that a SPIR-V module exports, as far as it can be read at all.
struct Export {
  std::string name;
  bool is_function;
  bool may_repeat;  // LinkOnceODR: all definitions are the same
};
std::vector<Export> read_exports(std::span<const std::byte> spirv);

}  // namespace metate::ze_software::spirv
