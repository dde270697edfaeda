#include "compiler/driver/library.h"

#include <set>

#include "compiler/driver/compile.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/target/cpu/cpu_lowering.h"
#include "runtime/jit/jit.h"

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

std::optional<base::Error> check_interface(const LibraryExport& exported, const Specialisation& root,
                                           const ir::Universe& universe) {
  auto refuse = [&](const std::string& what, types::TypeId type) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       exported.name + "() cannot be exported: " + what + " is " + universe.describe(type) +
                           ", and only numbers and arrays go in and out of a library"};
  };
  for (size_t i = 0; i < root.arguments.size(); ++i)
    if (!codegen::crosses(root.arguments[i], universe, false))
      return refuse("parameter " + exported.parameters[i], root.arguments[i]);
  if (!codegen::crosses(root.return_type, universe, true)) return refuse("its result", root.return_type);
  return std::nullopt;
}

base::Result<std::unique_ptr<jit::Jit>> compiler_for(const std::string& cpu) {
  return cpu.empty() ? jit::Jit::create() : jit::Jit::create_for(cpu);
}

jit::OwnedModule lower(const Specialisations& functions, const std::set<uint32_t>& all,
                       std::span<const LibraryExport> exports, std::span<const Specialisation* const> roots,
                       const LibraryOptions& options, const jit::HostCpu& cpu, ir::Universe& universe) {
  jit::OwnedModule owned{.context = std::make_unique<llvm::LLVMContext>(), .module = nullptr};
  std::unique_ptr<codegen::TargetLowering> target = target::cpu::make_lowering(cpu.triple, cpu.data_layout);
  codegen::ModuleLowering lowering(*owned.context, universe, *target, options.name);
  lowering.embed_frozen_arrays();
  for (uint32_t index : all)
    if (functions[index].is_recursive) lowering.mark_recursive(functions[index].function->name);
  for (uint32_t index : all) lowering.add_function(*functions[index].function);
  std::vector<codegen::StandaloneExport> described;
  for (size_t i = 0; i < exports.size(); ++i) {
    std::string entry = "metate_entry_" + std::to_string(i);
    lowering.add_entry(*roots[i]->function, entry);
    described.push_back({.name = exports[i].name,
                         .entry = std::move(entry),
                         .parameters = exports[i].parameters,
                         .arguments = roots[i]->arguments,
                         .result = roots[i]->return_type,
                         .may_take_long = may_take_long(*roots[i])});
  }
  codegen::add_standalone(lowering, options.name, described, options.interface);
  owned.module = lowering.take_module();
  return owned;
}

}  // namespace

base::Result<Library> compile_library(const Specialisations& functions, std::span<const LibraryExport> exports,
                                      std::span<const Specialisation* const> roots, const LibraryOptions& options,
                                      ir::Universe& universe) {
  std::set<uint32_t> all;
  for (size_t i = 0; i < exports.size(); ++i) {
    if (std::optional<base::Error> error = check_interface(exports[i], *roots[i], universe)) return *error;
    for (uint32_t index : functions.closure(*roots[i])) all.insert(index);
  }
  if (std::optional<base::Error> error = find_obstacle(functions, all, universe)) return *error;
  base::Result<std::unique_ptr<jit::Jit>> jit = compiler_for(options.cpu);
  if (!jit) return jit.take_error();

  jit::CompileOptions compile{.keep_ir = true, .keep_assembly = true};
#ifdef METATE_ASSERTIONS
  compile.verify = true;
#endif
  base::Result<jit::Compiled> compiled =
      (*jit)->compile(lower(functions, all, exports, roots, options, (*jit)->cpu(), universe), compile);
  if (!compiled) return compiled.take_error();
  Library library{.object = std::move(compiled->object),
                  .llvm = std::move(compiled->ir),
                  .assembly = std::move(compiled->assembly),
                  .results = {},
                  .cpu = (*jit)->cpu().name + " " + (*jit)->cpu().features};
  for (const Specialisation* root : roots) library.results.push_back(root->return_type);
  return library;
}

}  // namespace metate::driver
