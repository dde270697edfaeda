// program_builder – compiles SPIR-V modules, together with what they import of other programs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/ze_software/program.h"

namespace metate::jit {
class Jit;
struct OwnedModule;
}  // namespace metate::jit

namespace metate::ze_software {

struct Driver;
struct Translation;

/// Linking is done before code generation: a function of another program is read again and compiled with those that
/// call it, so that it may ask for its item and wait at barriers like any other. Variables stay what they are: one
/// place in memory, where the program that defines them has it.
class ProgramBuilder {
 public:
  ProgramBuilder(Driver& driver, std::string& log) : driver_(driver), log_(log) {}

  /// A module to compile. The values of `constants` come before those that the unit has.
  void add(ProgramUnit unit, std::vector<spirv::SpecializationConstant> constants = {}) {
    units_.push_back(std::move(unit));
    given_.push_back(std::move(constants));
  }
  /// A module whose exports may be imported.
  void offer(std::shared_ptr<const Program> program, unsigned unit) { offers_.push_back({std::move(program), unit}); }

  /// Kernels are watched while they run; they may use this memory.
  void check(const AllocationMap* memory) { checked_memory_ = memory; }

  /// Null when it cannot be built; the log says why, and has notes and warnings. A program whose imports are not all
  /// there is an error if they `must_link`, else it is not linked and says what it lacks.
  std::shared_ptr<const Program> build(bool optimise, bool must_link);

  /// In place of all this: a program that has nothing but the machine code of one function that is exported by what is
  /// on offer, as kFunctionSymbol. It cannot be one that asks for its work-item: a call by address says nothing of it.
  std::shared_ptr<const Program> build_function(const std::string& name, bool optimise);
  static constexpr char kFunctionSymbol[] = "metate.function";

 private:
  std::optional<unsigned> find_import(unsigned part, const std::string& name);
  std::optional<unsigned> find_export(unsigned importer, const std::string& name);
  unsigned borrow(const Exporter& exporter);
  const ProgramUnit& unit_of(unsigned part) const;
  void translate(Translation& translation);
  bool read_parts(spirv::Module& module);
  bool export_function(spirv::Module& module);
  bool asks_for_no_item(llvm::Module& module);
  bool is_of_use() const;
  bool check_imports(const spirv::Module& module, bool must_link);
  bool compile(jit::Jit& jit, jit::OwnedModule module, bool optimise);
  const void* find_symbol(std::string_view name) const;
  void write_error(const std::string& reason) { log_.append("error: ").append(reason).append("\n"); }

  Driver& driver_;
  std::string& log_;
  std::vector<ProgramUnit> units_;
  std::vector<std::vector<spirv::SpecializationConstant>> given_;  // for each of them
  std::vector<Exporter> offers_;
  std::vector<Exporter> borrowed_;  // the parts behind the units
  bool ambiguous_ = false;
  std::string function_;  // to be exported by its address
  const AllocationMap* checked_memory_ = nullptr;
  std::shared_ptr<Program> program_;
};

/// What kernels call besides mathematics.
const void* find_runtime_symbol(std::string_view name);

}  // namespace metate::ze_software
