#include "runtime/ze_software/module.h"

#include <string_view>

#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"

namespace metate::ze_software {
namespace {

/// Reads "-ze-opt-disable -ze-opt-level=2 …"; what does not matter to a CPU is accepted and named in the log.
void read_build_flags(const char* flags, ProgramOptions& options, std::string& log) {
  std::string_view rest = flags ? flags : "";
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view flag = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (flag.empty()) continue;
    if (flag == "-ze-opt-disable" || flag == "-ze-opt-level=0") {
      options.optimise = false;
    } else if (!flag.starts_with("-ze-opt-level=")) {
      log.append("note: build flag ").append(flag).append(" has no meaning for this device\n");
    }
  }
}

bool read_constants(const ze_module_constants_t* constants, ProgramOptions& options) {
  if (!constants || constants->numConstants == 0) return true;
  if (!constants->pConstantIds || !constants->pConstantValues) return false;
  for (uint32_t i = 0; i < constants->numConstants; ++i) {
    if (!constants->pConstantValues[i]) return false;
    options.constants.push_back({constants->pConstantIds[i], constants->pConstantValues[i]});
  }
  return true;
}

}  // namespace

ze_result_t zeModuleCreate(ze_context_handle_t context, ze_device_handle_t device, const ze_module_desc_t* desc,
                           ze_module_handle_t* module, ze_module_build_log_handle_t* build_log) {
  if (ze_result_t bad = require({context, device}, {desc, desc ? desc->pInputModule : nullptr, module})) return bad;
  if (desc->format > ZE_MODULE_FORMAT_NATIVE) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  if (desc->format != ZE_MODULE_FORMAT_IL_SPIRV) return ZE_RESULT_ERROR_INVALID_NATIVE_BINARY;
  if (desc->inputSize == 0) return ZE_RESULT_ERROR_INVALID_SIZE;
  std::string log;
  ProgramOptions options;
  read_build_flags(desc->pBuildFlags, options, log);
  if (!read_constants(desc->pConstants, options)) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
  std::shared_ptr<const Program> program =
      Program::build(static_cast<Context*>(context)->driver,
                     std::as_bytes(std::span(desc->pInputModule, desc->inputSize)), options, log);
  if (build_log) {
    auto* made = new ModuleBuildLog;
    made->text = std::move(log);
    *build_log = made;
  }
  if (!program) return ZE_RESULT_ERROR_MODULE_BUILD_FAILURE;
  auto* made = new Module;
  made->program = std::move(program);
  *module = made;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeModuleDestroy(ze_module_handle_t module) {
  if (ze_result_t bad = require({module})) return bad;
  delete static_cast<Module*>(module);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeModuleBuildLogDestroy(ze_module_build_log_handle_t log) {
  if (ze_result_t bad = require({log})) return bad;
  delete static_cast<ModuleBuildLog*>(log);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeModuleBuildLogGetString(ze_module_build_log_handle_t log, size_t* size, char* text) {
  if (ze_result_t bad = require({log}, {size})) return bad;
  return_text(static_cast<ModuleBuildLog*>(log)->text, size, text);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeModuleGetGlobalPointer(ze_module_handle_t module, const char* name, size_t* size, void** pointer) {
  if (ze_result_t bad = require({module}, {name})) return bad;
  const ProgramGlobal* global = static_cast<Module*>(module)->program->find_global(name);
  if (!global) return ZE_RESULT_ERROR_INVALID_GLOBAL_NAME;
  if (size) *size = global->size;
  if (pointer) *pointer = global->address;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeModuleGetKernelNames(ze_module_handle_t module, uint32_t* count, const char** names) {
  if (ze_result_t bad = require({module}, {count})) return bad;
  std::vector<const char*> all;
  for (const CompiledKernel& kernel : static_cast<Module*>(module)->program->kernels()) {
    all.push_back(kernel.name.c_str());
  }
  return return_list(std::span<const char* const>(all), count, names);
}

ze_result_t zeModuleGetProperties(ze_module_handle_t module, ze_module_properties_t* properties) {
  if (ze_result_t bad = require({module}, {properties})) return bad;
  properties->flags = 0;  // nothing is imported: a module is linked when it is built
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
