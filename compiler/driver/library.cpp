#include "compiler/driver/library.h"

#include <algorithm>
#include <optional>
#include <set>

#include "compiler/driver/compile.h"
#include "compiler/driver/library_interface.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/target/cpu/cpu_lowering.h"
#include "runtime/abi/math_functions.h"
#include "runtime/jit/jit.h"
#include "runtime/jit/object_symbols.h"

namespace metate::driver {
namespace {

/// Why an instruction needs what only a process with Metate in it has; null where it does not.
const char* obstacle(const ir::Function& function, ir::Inst inst) {
  if (function.inst(inst).opcode == ir::Opcode::kCallForeign)
    return "it calls a C function at an address of this process";
  if (ir::nest_body(function, inst) && function.nests[function.inst(inst).imm].mode == ir::NestMode::kDevice)
    return "it runs on a device";
  return nullptr;
}

/// The first thing in any of the functions that has no place in a library, as a message.
std::optional<base::Error> find_obstacle(const Specialisations& functions, const std::set<uint32_t>& all,
                                         const ir::Universe& universe) {
  std::optional<base::Error> found;
  for (uint32_t index : all) {
    const ir::Function& function = *functions[index].function;
    ir::walk_insts(function, [&](ir::Inst inst) {
      const char* reason = obstacle(function, inst);
      if (!reason || found) return;
      const ir::SourcePlace& place = function.source(inst);
      std::string text = "cannot be compiled ahead of time: " + std::string(reason);
      if (place.file && place.range.known())
        text += "\n  --> " + std::string(universe.symbols.name(place.file)) + ":" + std::to_string(place.range.line);
      found = base::Error{base::ErrorCode::kInvalidArgument, std::move(text)};
    });
  }
  return found;
}

base::Result<std::unique_ptr<jit::Jit>> compiler_for(const std::string& cpu) {
  return cpu == "native" ? jit::Jit::create() : jit::Jit::create_for(cpu);
}

/// As the psABI of x86-64 counts them; 0 for other names.
int level_of(std::string_view cpu) {
  constexpr std::string_view kLevels[] = {"x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"};
  const auto* found = std::ranges::find(kLevels, cpu);
  return found == std::end(kLevels) ? 0 : static_cast<int>(found - kLevels) + 1;
}

std::optional<base::Error> check_levels(std::span<const std::string> cpus) {
  int before = 0;
  for (const std::string& cpu : cpus) {
    const int level = level_of(cpu);
    if (level <= before)
      return base::Error{
          base::ErrorCode::kInvalidArgument,
          "CPUs to choose from at run time are levels in their order, some of x86-64, x86-64-v2, x86-64-v3 "
          "and x86-64-v4; '" +
              cpu + "' " + (level ? "stands too late" : "is none")};
    before = level;
  }
  return std::nullopt;
}

struct Request {
  const Specialisations& functions;
  std::set<uint32_t> all;  // every function of the library
  std::span<const LibraryExport> exports;
  std::span<const Specialisation* const> roots;
  const LibraryOptions& options;
  ir::Universe& universe;

  /// Of an export, for CPU number `part`; without one, what the description refers to.
  std::string entry(size_t exported, std::optional<size_t> part = std::nullopt) const {
    std::string name = "metate_entry_" + std::to_string(exported);
    return part && options.cpus.size() > 1 ? name + "_" + options.cpus[*part] : name;
  }

  void describe(codegen::ModuleLowering& lowering) const {
    std::vector<codegen::StandaloneExport> described;
    for (size_t i = 0; i < exports.size(); ++i) {
      described.push_back({.name = exports[i].name,
                           .entry = entry(i),
                           .parameters = exports[i].parameters,
                           .arguments = roots[i]->arguments,
                           .result = roots[i]->return_type,
                           .may_take_long = may_take_long(*roots[i])});
      if (options.cpus.size() == 1) continue;
      std::vector<codegen::StandaloneVariant> variants;
      for (size_t part = 0; part < options.cpus.size(); ++part)
        variants.push_back({level_of(options.cpus[part]), entry(i, part)});
      codegen::add_dispatch(lowering, entry(i), variants);
    }
    codegen::hide_definitions(lowering);
    codegen::add_standalone(lowering, options.name, described, options.interface, options.bare_files);
  }

  /// All functions for one CPU. Sites have the same numbers in each, so the first one's description is for all.
  jit::OwnedModule lower(size_t part, const jit::HostCpu& cpu) const {
    jit::OwnedModule owned{.context = std::make_unique<llvm::LLVMContext>(), .module = nullptr};
    std::unique_ptr<codegen::TargetLowering> target = target::cpu::make_lowering(cpu.triple, cpu.data_layout);
    codegen::ModuleLowering lowering(*owned.context, universe, *target, options.name);
    lowering.embed_frozen_arrays();
    for (uint32_t index : all)
      if (functions[index].is_recursive) lowering.mark_recursive(functions[index].function->name);
    for (uint32_t index : all) lowering.add_function(*functions[index].function);
    for (size_t i = 0; i < exports.size(); ++i) lowering.add_entry(*roots[i]->function, entry(i, part));
    if (part == 0)
      describe(lowering);
    else
      codegen::hide_definitions(lowering);
    owned.module = lowering.take_module();
    return owned;
  }

  base::Result<LibraryPart> compile(size_t part) const {
    base::Result<std::unique_ptr<jit::Jit>> jit = compiler_for(options.cpus[part]);
    if (!jit) return jit.take_error();
    jit::CompileOptions how{.keep_ir = true, .keep_assembly = true};
#ifdef METATE_ASSERTIONS
    how.verify = true;
#endif
    base::Result<jit::Compiled> compiled = (*jit)->compile(lower(part, (*jit)->cpu()), how);
    if (!compiled) return compiled.take_error();
    return LibraryPart{std::move(compiled->object), std::move(compiled->ir), std::move(compiled->assembly)};
  }
};

}  // namespace

base::Result<Library> compile_library(const Specialisations& functions, std::span<const LibraryExport> exports,
                                      std::span<const Specialisation* const> roots, const LibraryOptions& options,
                                      ir::Universe& universe) {
  Request request{functions, {}, exports, roots, options, universe};
  for (size_t i = 0; i < exports.size(); ++i) {
    if (std::optional<base::Error> error = check_interface(exports[i], *roots[i], options.interface, universe))
      return *error;
    for (uint32_t index : functions.closure(*roots[i])) request.all.insert(index);
  }
  if (std::optional<base::Error> error = find_obstacle(functions, request.all, universe)) return *error;
  if (options.cpus.size() > 1)
    if (std::optional<base::Error> error = check_levels(options.cpus)) return *error;
  Library library;
  for (size_t part = 0; part < options.cpus.size(); ++part) {
    base::Result<LibraryPart> compiled = request.compile(part);
    if (!compiled) return compiled.take_error();
    base::Result<std::vector<std::string>> called = jit::undefined_symbols(compiled->object);
    if (!called) return called.take_error();
    for (const std::string& symbol : *called) {
      const abi::MathFunction* mathematics = abi::find_math_function_of(symbol);
      library.uses_sleef |= mathematics && mathematics->is_of_sleef;
      library.uses_threads |= symbol == "metate_parallel";
    }
    library.parts.push_back(std::move(*compiled));
  }
  for (const Specialisation* root : roots) library.results.push_back(root->return_type);
  return library;
}

}  // namespace metate::driver
