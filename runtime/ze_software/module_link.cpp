// module_link – modules that use one another, and what they let the host find by name.
#include <algorithm>
#include <set>

#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/last_error.h"
#include "runtime/ze_software/messages.h"
#include "runtime/ze_software/module.h"
#include "runtime/ze_software/native_binary.h"
#include "runtime/ze_software/program_builder.h"

namespace metate::ze_software {
namespace {

const Module& module_of(ze_module_handle_t handle) { return *static_cast<const Module*>(handle); }

/// Each module once, in their order; false when a handle is null.
bool read_modules(uint32_t count, ze_module_handle_t* handles, std::vector<Module*>& modules) {
  for (uint32_t i = 0; i < count; ++i) {
    if (!handles[i]) return false;
    auto* module = static_cast<Module*>(handles[i]);
    if (std::find(modules.begin(), modules.end(), module) == modules.end()) modules.push_back(module);
  }
  return true;
}

/// The modules that lack something become one program, with what the others export.
std::shared_ptr<const Program> link(std::span<Module* const> modules, std::span<Module* const> unlinked,
                                    std::string& log) {
  ProgramBuilder builder(unlinked.front()->context.driver, log);
  bool optimise = true;
  for (const Module* module : unlinked) {
    optimise &= module->program->is_optimised();
    if (const AllocationMap* memory = module->program->checked_memory()) builder.check(memory);
    for (const ProgramUnit& unit : module->units()) builder.add(source_of(unit));
  }
  for (const Module* module : modules) {
    if (!module->program->is_linked()) continue;
    for (size_t i = 0; i < module->unit_count; ++i) {
      builder.offer(module->program, static_cast<unsigned>(module->first_unit + i));
    }
  }
  return builder.build(optimise, /*must_link=*/true);
}

bool exports(const Module& module, const std::string& name) {
  for (const ProgramUnit& unit : module.units()) {
    for (const spirv::Export& exported : unit.exports) {
      if (exported.name == name) return true;
    }
  }
  return false;
}

bool somebody_exports(std::span<Module* const> modules, const std::string& name) {
  return std::any_of(modules.begin(), modules.end(), [&](const Module* module) { return exports(*module, name); });
}

void write_names(std::string& log, size_t number, const char* what, const std::set<std::string>& names) {
  log.append("module " + std::to_string(number) + " " + what + ":");
  for (const std::string& name : names) log.append(" ").append(name);
  log.append("\n");
}

void inspect(const Module& module, size_t number, std::span<Module* const> modules,
             ze_linkage_inspection_ext_flags_t flags, std::string& log) {
  const std::vector<std::string> imports = module.imports();
  if (flags & ZE_LINKAGE_INSPECTION_EXT_FLAG_IMPORTS) {
    write_names(log, number, "imports", {imports.begin(), imports.end()});
  }
  if (flags & ZE_LINKAGE_INSPECTION_EXT_FLAG_UNRESOLVABLE_IMPORTS) {
    std::set<std::string> missing;
    for (const std::string& name : imports) {
      if (!module.program->is_linked() && !somebody_exports(modules, name)) missing.insert(name);
    }
    write_names(log, number, "unresolvable imports", missing);
  }
  if (flags & ZE_LINKAGE_INSPECTION_EXT_FLAG_EXPORTS) {
    std::set<std::string> names;
    for (const ProgramUnit& unit : module.units()) {
      for (const spirv::Export& exported : unit.exports) names.insert(exported.name);
    }
    write_names(log, number, "exports", names);
  }
}

/// Where the unit, or who exports it to the unit, has that variable.
const ProgramGlobal* find_global(const Program& program, const ProgramUnit& unit, const std::string& name) {
  if (const ProgramGlobal* own = unit.find_global(name)) return own;
  auto found = unit.exporters.find(name);
  if (found == unit.exporters.end()) return nullptr;
  const Program& home = found->second.program ? *found->second.program : program;
  return home.units()[found->second.unit].find_global(name);
}

/// The unit that exports a function of that name; the number of units when none does.
size_t find_function(const Module& module, std::string_view name) {
  const std::span<const ProgramUnit> units = module.units();
  auto found = std::find_if(units.begin(), units.end(), [&](const ProgramUnit& unit) {
    return std::any_of(unit.exports.begin(), unit.exports.end(),
                       [&](const spirv::Export& exported) { return exported.is_function && exported.name == name; });
  });
  return static_cast<size_t>(found - units.begin());
}

/// The machine code of a function, null when there can be none.
const void* function_address(Module& module, size_t unit, const std::string& name) {
  std::lock_guard lock(module.functions_mutex);
  std::shared_ptr<const Program>& known = module.functions[name];
  if (!known) {
    std::string log;
    ProgramBuilder builder(module.context.driver, log);
    builder.offer(module.program, static_cast<unsigned>(module.first_unit + unit));
    known = builder.build_function(name, module.program->is_optimised());
    if (!known) report("function '" + name + "' has no address: " + log);
  }
  return known ? known->find_symbol(ProgramBuilder::kFunctionSymbol) : nullptr;
}

}  // namespace

ze_result_t zeModuleGetFunctionPointer(ze_module_handle_t handle, const char* name, void** function) {
  if (ze_result_t bad = require({handle}, {name, function})) return bad;
  auto& module = *static_cast<Module*>(handle);
  const CompiledKernel* kernel = module.find_kernel(name);
  const size_t unit = find_function(module, name);
  if (!kernel && unit == module.unit_count) return ZE_RESULT_ERROR_INVALID_FUNCTION_NAME;
  if (kernel && !kernel->refusal.empty()) return explain_refusal(*kernel);
  if (!module.program->is_linked()) return ZE_RESULT_ERROR_INVALID_MODULE_UNLINKED;
  const void* address = kernel ? reinterpret_cast<const void*>(kernel->run) : function_address(module, unit, name);
  if (!address) return ZE_RESULT_ERROR_UNSUPPORTED_FEATURE;
  *function = const_cast<void*>(address);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeModuleDynamicLink(uint32_t count, ze_module_handle_t* handles, ze_module_build_log_handle_t* log_handle) {
  if (ze_result_t bad = require({}, {handles})) return bad;
  if (count == 0) return ZE_RESULT_ERROR_INVALID_SIZE;
  std::vector<Module*> modules, unlinked;
  if (!read_modules(count, handles, modules)) return ZE_RESULT_ERROR_INVALID_NULL_HANDLE;
  std::copy_if(modules.begin(), modules.end(), std::back_inserter(unlinked),
               [](const Module* module) { return !module->program->is_linked(); });
  std::string log;
  std::shared_ptr<const Program> program = unlinked.empty() ? nullptr : link(modules, unlinked, log);
  const bool failed = !unlinked.empty() && !program;
  if (failed) explain_error(ZE_RESULT_ERROR_MODULE_LINK_FAILURE, log);
  return_log(std::move(log), log_handle);
  if (failed) return ZE_RESULT_ERROR_MODULE_LINK_FAILURE;
  size_t first = 0;
  for (Module* module : unlinked) {
    module->program = program;
    module->first_unit = first;
    first += module->unit_count;
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeModuleInspectLinkageExt(ze_linkage_inspection_ext_desc_t* desc, uint32_t count,
                                      ze_module_handle_t* handles, ze_module_build_log_handle_t* log_handle) {
  if (ze_result_t bad = require({}, {desc, handles, log_handle})) return bad;
  constexpr ze_linkage_inspection_ext_flags_t known = ZE_LINKAGE_INSPECTION_EXT_FLAG_IMPORTS |
                                                      ZE_LINKAGE_INSPECTION_EXT_FLAG_UNRESOLVABLE_IMPORTS |
                                                      ZE_LINKAGE_INSPECTION_EXT_FLAG_EXPORTS;
  if (desc->flags & ~known) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  std::vector<Module*> modules;
  if (!read_modules(count, handles, modules)) return ZE_RESULT_ERROR_INVALID_NULL_HANDLE;
  std::string log;
  for (size_t i = 0; i < modules.size(); ++i) inspect(*modules[i], i, modules, desc->flags, log);
  return_log(std::move(log), log_handle);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeModuleGetGlobalPointer(ze_module_handle_t handle, const char* name, size_t* size, void** pointer) {
  if (ze_result_t bad = require({handle}, {name})) return bad;
  const Module& module = module_of(handle);
  for (const ProgramUnit& unit : module.units()) {
    const ProgramGlobal* global = find_global(*module.program, unit, name);
    if (!global) continue;
    if (!global->address) return ZE_RESULT_ERROR_INVALID_MODULE_UNLINKED;
    if (size) *size = global->size;
    if (pointer) *pointer = global->address;
    return ZE_RESULT_SUCCESS;
  }
  return ZE_RESULT_ERROR_INVALID_GLOBAL_NAME;
}

ze_result_t zeModuleGetNativeBinary(ze_module_handle_t handle, size_t* size, uint8_t* bytes) {
  if (ze_result_t bad = require({handle}, {size})) return bad;
  const Module& module = module_of(handle);
  const std::vector<std::byte> binary = write_native_binary(*module.program, module.units(), module.context.driver);
  if (bytes && *size < binary.size()) return ZE_RESULT_ERROR_INVALID_SIZE;
  *size = binary.size();
  if (bytes) std::memcpy(bytes, binary.data(), binary.size());
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
