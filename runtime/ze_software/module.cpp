#include "runtime/ze_software/module.h"

#include <string_view>

#include "runtime/abi/kernel_check.h"
#include "runtime/base/byte_stream.h"
#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/last_error.h"
#include "runtime/ze_software/native_binary.h"
#include "runtime/ze_software/program_builder.h"

namespace metate::ze_software {
namespace {

/// Reads "-ze-opt-disable -ze-opt-level=2 …"; what does not matter to a CPU is accepted and named in the log.
void read_build_flags(const char* flags, bool& optimise, bool& check, std::string& log) {
  std::string_view rest = flags ? flags : "";
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view flag = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (flag.empty()) continue;
    if (flag == "-ze-opt-disable" || flag == "-ze-opt-level=0") {
      optimise = false;
    } else if (flag == abi::kKernelCheckFlag) {
      check = true;
    } else if (!flag.starts_with("-ze-opt-level=")) {
      log.append("note: build flag ").append(flag).append(" has no meaning for this device\n");
    }
  }
}

bool read_constants(const ze_module_constants_t* constants, std::vector<spirv::SpecializationConstant>& read) {
  if (!constants || constants->numConstants == 0) return true;
  if (!constants->pConstantIds || !constants->pConstantValues) return false;
  for (uint32_t i = 0; i < constants->numConstants; ++i) {
    if (!constants->pConstantValues[i]) return false;
    read.push_back({constants->pConstantIds[i], constants->pConstantValues[i]});
  }
  return true;
}

/// What one input of a module is built from.
struct Input {
  std::span<const uint8_t> bytes;
  const char* flags;
  const ze_module_constants_t* constants;
};

/// The input of the description, or the several ones of the structure behind it, which takes its place.
ze_result_t read_inputs(const ze_module_desc_t& desc, std::vector<Input>& inputs) {
  const auto* several =
      find_extension<const ze_module_program_exp_desc_t>(desc.pNext, ZE_STRUCTURE_TYPE_MODULE_PROGRAM_EXP_DESC);
  if (!several) {
    if (!desc.pInputModule) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
    if (desc.inputSize == 0) return ZE_RESULT_ERROR_INVALID_SIZE;
    inputs.push_back({{desc.pInputModule, desc.inputSize}, desc.pBuildFlags, desc.pConstants});
    return ZE_RESULT_SUCCESS;
  }
  if (several->count == 0) return ZE_RESULT_ERROR_INVALID_SIZE;
  if (!several->inputSizes || !several->pInputModules) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
  for (uint32_t i = 0; i < several->count; ++i) {
    if (!several->pInputModules[i]) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
    if (several->inputSizes[i] == 0) return ZE_RESULT_ERROR_INVALID_SIZE;
    inputs.push_back({{several->pInputModules[i], several->inputSizes[i]},
                      several->pBuildFlags ? several->pBuildFlags[i] : nullptr,
                      several->pConstants ? several->pConstants[i] : nullptr});
  }
  return ZE_RESULT_SUCCESS;
}

/// Builds the inputs as one program; each may import what another one exports.
ze_result_t build(Context& context, std::span<const Input> inputs, std::shared_ptr<const Program>& program,
                  std::string& log) {
  ProgramBuilder builder(context.driver, log);
  bool optimise = true, check = abi::is_kernel_check_wanted();
  for (const Input& input : inputs) {
    std::vector<spirv::SpecializationConstant> constants;
    if (!read_constants(input.constants, constants)) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
    read_build_flags(input.flags, optimise, check, log);
    const std::span<const std::byte> bytes = std::as_bytes(input.bytes);
    ProgramUnit unit;
    unit.spirv.assign(bytes.begin(), bytes.end());
    unit.exports = spirv::read_exports(bytes);
    builder.add(std::move(unit), std::move(constants));
  }
  if (check) {
    log.append("note: kernels of this module are checked while they run\n");
    builder.check(&context.allocations);
  }
  program = builder.build(optimise, /*must_link=*/false);
  return program ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_MODULE_BUILD_FAILURE;
}

/// Native binaries are what they were when they were made: no constant and no flag can change them.
ze_result_t load(Context& context, std::span<const Input> inputs, std::shared_ptr<const Program>& program,
                 std::string& log) {
  if (inputs.size() > 1 || (inputs[0].constants && inputs[0].constants->numConstants)) {
    log.append("error: a native binary stands alone, and is specialised already\n");
    return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  }
  program = read_native_binary(std::as_bytes(inputs[0].bytes), context.driver, log);
  return program ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_INVALID_NATIVE_BINARY;
}

}  // namespace

Module::Module(Context& context, std::shared_ptr<const Program> made)
    : context(context), program(std::move(made)), unit_count(program->units().size()) {}

const CompiledKernel* Module::find_kernel(std::string_view name) const {
  for (const ProgramUnit& unit : units()) {
    if (const CompiledKernel* found = unit.find_kernel(name)) return found;
  }
  return nullptr;
}

std::vector<std::string> Module::imports() const {
  std::vector<std::string> outside;
  for (const ProgramUnit& unit : units()) {
    for (const std::string& name : unit.imports) {
      auto found = unit.exporters.find(name);
      const bool inside =
          found != unit.exporters.end() && !found->second.program && found->second.unit - first_unit < unit_count;
      if (!inside) outside.push_back(name);
    }
  }
  return outside;
}

const Digest& Module::digest() const {
  std::call_once(digest_once_, [&] {
    base::ByteWriter content;
    content.list(units(), [&](const ProgramUnit& unit) {
      content.block(unit.spirv);
      content.list(unit.constants, [&](const spirv::ConstantBytes& constant) {
        content.number(constant.id);
        content.block(constant.value);
      });
    });
    digest_ = digest_of(content.bytes());
  });
  return digest_;
}

ze_result_t explain_refusal(const CompiledKernel& kernel) {
  return explain_error(ZE_RESULT_ERROR_UNSUPPORTED_FEATURE,
                       "kernel '" + kernel.name + "' cannot run: " + kernel.refusal);
}

void return_log(std::string text, ze_module_build_log_handle_t* log) {
  if (!log) return;
  auto* made = new ModuleBuildLog;
  made->text = std::move(text);
  *log = made;
}

ze_result_t zeModuleCreate(ze_context_handle_t context, ze_device_handle_t device, const ze_module_desc_t* desc,
                           ze_module_handle_t* module, ze_module_build_log_handle_t* build_log) {
  if (ze_result_t bad = require({context, device}, {desc, module})) return bad;
  if (desc->format > ZE_MODULE_FORMAT_NATIVE) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  std::vector<Input> inputs;
  if (ze_result_t bad = read_inputs(*desc, inputs)) return bad;
  auto& owner = *static_cast<Context*>(context);
  std::string log;
  std::shared_ptr<const Program> program;
  const ze_result_t result = (desc->format == ZE_MODULE_FORMAT_NATIVE ? load : build)(owner, inputs, program, log);
  if (result != ZE_RESULT_SUCCESS) explain_error(result, log);
  return_log(std::move(log), build_log);
  if (result == ZE_RESULT_SUCCESS) *module = new Module(owner, std::move(program));
  return result;
}

ze_result_t zeModuleGetDeviceHandle(ze_module_handle_t module, ze_device_handle_t* device) {
  if (ze_result_t bad = require({module}, {device})) return bad;
  *device = &static_cast<Module*>(module)->context.driver.device;
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

ze_result_t zeModuleGetKernelNames(ze_module_handle_t module, uint32_t* count, const char** names) {
  if (ze_result_t bad = require({module}, {count})) return bad;
  std::vector<const char*> all;
  for (const ProgramUnit& unit : static_cast<Module*>(module)->units()) {
    // Those that can be created: programs list them to create all.
    for (const CompiledKernel& kernel : unit.kernels)
      if (kernel.refusal.empty()) all.push_back(kernel.name.c_str());
  }
  return return_list(std::span<const char* const>(all), count, names);
}

ze_result_t zeModuleGetProperties(ze_module_handle_t module, ze_module_properties_t* properties) {
  if (ze_result_t bad = require({module}, {properties})) return bad;
  properties->flags = static_cast<Module*>(module)->imports().empty() ? 0 : ZE_MODULE_PROPERTY_FLAG_IMPORTS;
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
