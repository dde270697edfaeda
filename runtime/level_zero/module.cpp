#include "runtime/level_zero/module.h"

#include "runtime/base/trace.h"
#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/error.h"
#include "runtime/level_zero/functions.h"
#include "runtime/level_zero/spirv_needs.h"

namespace metate::level_zero {
namespace {

/// The log's text; the log is destroyed. Empty when there is none.
std::string take_log(const Functions& f, ze_module_build_log_handle_t log) {
  if (!log) return {};
  std::string text;
  size_t size = 0;
  if (f.zeModuleBuildLogGetString(log, &size, nullptr) == ZE_RESULT_SUCCESS && size > 1) {
    text.resize(size);
    if (f.zeModuleBuildLogGetString(log, &size, text.data()) != ZE_RESULT_SUCCESS) text.clear();
    text.resize(text.find('\0') == std::string::npos ? text.size() : text.find('\0'));
  }
  (void)f.zeModuleBuildLogDestroy(log);
  return text;
}

/// Whether the loader gives handles of its own in place of the driver's, as it does where it serves several drivers.
bool loader_wraps_handles(const Functions& f, ze_context_handle_t context) {
  void* own = nullptr;
  return f.zelLoaderTranslateHandle &&
         f.zelLoaderTranslateHandle(ZEL_HANDLE_CONTEXT, context, &own) == ZE_RESULT_SUCCESS && own != context;
}

}  // namespace

base::Result<Module> Module::from_spirv(std::shared_ptr<Device> device, std::span<const uint32_t> words,
                                        const char* build_flags, std::span<const SpecializationConstant> constants) {
  base::TimedSpan span(base::SpanKind::kStage, "build", "code for a device");
  if (auto missing = missing_feature(words, device->properties())) {
    return base::Error{base::ErrorCode::kUnsupported, "device '" + device->name() + "' has no " +
                                                          std::string(missing->text) + ", which the kernel uses"};
  }
  ze_module_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_MODULE_DESC;
  desc.format = ZE_MODULE_FORMAT_IL_SPIRV;
  desc.inputSize = words.size_bytes();
  desc.pBuildFlags = build_flags;
  std::vector<uint32_t> ids;
  std::vector<const void*> values;
  for (const SpecializationConstant& constant : constants) {
    ids.push_back(constant.id);
    values.push_back(constant.value.data());
  }
  const ze_module_constants_t specialized{static_cast<uint32_t>(ids.size()), ids.data(), values.data()};
  if (!ids.empty()) desc.pConstants = &specialized;
  desc.pInputModule = reinterpret_cast<const uint8_t*>(words.data());
  return create(std::move(device), desc);
}

base::Result<Module> Module::from_binary(std::shared_ptr<Device> device, std::span<const std::byte> binary) {
  ze_module_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_MODULE_DESC;
  desc.format = ZE_MODULE_FORMAT_NATIVE;
  desc.inputSize = binary.size();
  desc.pInputModule = reinterpret_cast<const uint8_t*>(binary.data());
  return create(std::move(device), desc);
}

base::Result<std::vector<std::byte>> Module::native_binary() const {
  const Functions& f = device_->functions();
  size_t size = 0;
  if (auto bad = check("zeModuleGetNativeBinary", f.zeModuleGetNativeBinary(handle_.get(), &size, nullptr)); !bad)
    return bad.take_error();
  std::vector<std::byte> binary(size);
  auto* bytes = reinterpret_cast<uint8_t*>(binary.data());
  if (auto bad = check("zeModuleGetNativeBinary", f.zeModuleGetNativeBinary(handle_.get(), &size, bytes)); !bad)
    return bad.take_error();
  binary.resize(size);
  return binary;
}

base::Result<Module> Module::create(std::shared_ptr<Device> device, const ze_module_desc_t& desc) {
  const Functions& f = device->functions();
  ze_module_handle_t made = nullptr;
  ze_module_build_log_handle_t log = nullptr;
  // Loaders that wrap handles forget that of the log where the build fails, and would crash on it (1.8 to 1.20).
  const bool gives_log = !loader_wraps_handles(f, device->context());
  const ze_result_t result =
      f.zeModuleCreate(device->context(), device->handle(), &desc, &made, gives_log ? &log : nullptr);
  std::string text = take_log(f, log);
  if (result != ZE_RESULT_SUCCESS) {
    base::Error error = call_error("zeModuleCreate", result);
    if (!text.empty()) error.message += "; build log:\n" + text;
    if (!gives_log)
      error.message +=
          "; the loader cannot give the build log while it serves several drivers: name one in "
          "ZE_ENABLE_ALT_DRIVERS to read it";
    return error;
  }
  Module module;
  module.handle_ = ModuleHandle(made, Release{&f});
  module.log_ = std::move(text);
  module.device_ = std::move(device);
  return module;
}

base::Result<void*> Module::variable(const std::string& name) const {
  void* address = nullptr;
  size_t size = 0;
  const ze_result_t result =
      device_->functions().zeModuleGetGlobalPointer(handle_.get(), name.c_str(), &size, &address);
  if (result == ZE_RESULT_SUCCESS) return address;
  base::Error error = call_error("zeModuleGetGlobalPointer", result);
  error.message += ": variable '" + name + "'";
  return error;
}

base::Result<std::vector<std::string>> Module::kernel_names() const {
  const Functions& f = device_->functions();
  uint32_t count = 0;
  if (auto bad = check("zeModuleGetKernelNames", f.zeModuleGetKernelNames(handle_.get(), &count, nullptr)); !bad)
    return bad.take_error();
  std::vector<const char*> names(count);
  if (auto bad = check("zeModuleGetKernelNames", f.zeModuleGetKernelNames(handle_.get(), &count, names.data())); !bad)
    return bad.take_error();
  return std::vector<std::string>(names.begin(), names.begin() + count);
}

base::Result<Kernel> Module::kernel(const std::string& name) const {
  base::Result<Kernel> made = Kernel::make(device_->functions(), handle_.get(), name);
  if (made || log_.empty()) return made;
  base::Error error = made.take_error();
  error.message += "; build log:\n" + log_;  // what the module lacks, for one
  return error;
}

}  // namespace metate::level_zero
