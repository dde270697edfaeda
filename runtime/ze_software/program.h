// program – SPIR-V as kernels that can run, or that wait for others to define what they import.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/jit/linker.h"
#include "runtime/ze_software/compiled_kernel.h"
#include "runtime/ze_software/spirv/module_reader.h"

namespace metate::ze_software {

class AllocationMap;
class Program;
struct Driver;

/// A variable that the API finds by name.
struct ProgramGlobal {
  std::string name;
  std::string symbol;  // in the machine code
  size_t size = 0;
  void* address = nullptr;
};

/// Who defines an import.
struct Exporter {
  std::shared_ptr<const Program> program;  // null: the program of the importer itself
  unsigned unit = 0;
};

/// One SPIR-V module of a program. It is kept: functions that kernels of other programs call are compiled with these.
struct ProgramUnit {
  std::vector<std::byte> spirv;
  std::vector<spirv::ConstantBytes> constants;  // by which it is specialised
  std::vector<spirv::Export> exports;
  std::vector<std::string> imports;           // that it uses
  std::map<std::string, Exporter> exporters;  // of the imports that somebody defines
  std::vector<CompiledKernel> kernels;        // no more than their names until the program is linked
  std::vector<ProgramGlobal> globals;         // without address until then

  const CompiledKernel* find_kernel(std::string_view name) const;
  const ProgramGlobal* find_global(std::string_view name) const;
};

/// The unit as it was before anything was built of it.
ProgramUnit source_of(const ProgramUnit& unit);

/// Immutable once it is shared.
class Program {
 public:
  std::span<const ProgramUnit> units() const { return units_; }
  bool is_optimised() const { return optimised_; }
  /// The memory that its kernels may use, where they are checked; else null.
  const AllocationMap* checked_memory() const { return checked_memory_; }

  /// There is machine code: nothing is missing.
  bool is_linked() const { return code_ != nullptr; }
  const void* find_symbol(std::string_view name) const { return code_ ? code_->lookup(name) : nullptr; }

  /// The machine code before it was linked; empty where it refers to other programs.
  std::span<const std::byte> object() const { return object_; }

 private:
  friend class ProgramBuilder;
  friend std::shared_ptr<const Program> read_native_binary(std::span<const std::byte>, Driver&, std::string&);
  Program() = default;

  /// Finds the kernels and variables of the units in the machine code.
  void bind(std::unique_ptr<jit::LinkedCode> code);

  std::vector<ProgramUnit> units_;
  bool optimised_ = true;
  const AllocationMap* checked_memory_ = nullptr;  // of the context, which outlives the program
  jit::ObjectBytes object_;
  std::unique_ptr<jit::LinkedCode> code_;
};

/// The symbol of a program's kernel, counted through all units.
std::string kernel_symbol(size_t index);

}  // namespace metate::ze_software
