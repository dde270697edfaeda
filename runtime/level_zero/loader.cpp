#include "runtime/level_zero/loader.h"

#include <dlfcn.h>

#include <cstdlib>
#include <functional>
#include <optional>

#include "runtime/level_zero/error.h"
#include "runtime/level_zero/functions.h"

namespace metate::level_zero {
namespace {

constexpr char kAltDrivers[] = "ZE_ENABLE_ALT_DRIVERS";

/// What a loader looks for by itself, which a list of one's own replaces. Missing ones are skipped.
constexpr char kVendorDrivers[] = "libze_intel_gpu.so.1,libze_intel_vpu.so.1,libze_intel_npu.so.1";

/// Sets an environment variable and puts the old value back.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    setenv(name, value.c_str(), 1);
  }
  ~ScopedVariable() {
    if (old_) {
      setenv(name_, old_->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

/// All functions of the table, or the name of the first that is missing.
base::Result<std::unique_ptr<const Functions>> fill(const std::function<void*(const char*)>& find,
                                                    const std::string& source) {
  auto functions = std::make_unique<Functions>();
#define ZE_FUNCTION(name)                                                                                 \
  functions->name = reinterpret_cast<decltype(functions->name)>(find(#name));                             \
  if (!functions->name) {                                                                                 \
    return base::Error{base::ErrorCode::kNotFound, source + " has no function " #name "; it is too old"}; \
  }
#include "runtime/level_zero/functions.def"
  functions->zelLoaderTranslateHandle =
      reinterpret_cast<decltype(functions->zelLoaderTranslateHandle)>(find("zelLoaderTranslateHandle"));
  return std::unique_ptr<const Functions>(std::move(functions));
}

base::Result<std::unique_ptr<const Functions>> initialise(base::Result<std::unique_ptr<const Functions>> functions) {
  if (!functions) return functions;
  if (const ze_result_t result = (*functions)->zeInit(0); result != ZE_RESULT_SUCCESS) {
    return call_error("zeInit", result);
  }
  return functions;
}

}  // namespace

base::Result<std::unique_ptr<const Functions>> open_loader(const LoaderOptions& options) {
  // Never closed: drivers leave threads and exit handlers behind.
  void* library = dlopen(options.loader.c_str(), RTLD_NOW | RTLD_LOCAL);
  std::string reason = library ? "" : dlerror();
  if (!library && !options.bundled_loader.empty())
    library = dlopen(options.bundled_loader.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    return base::Error{base::ErrorCode::kNotFound,
                       "the Level Zero loader cannot be opened: " + reason + "; it comes with package libze1"};
  }
  auto find = [library](const char* name) { return dlsym(library, name); };
  if (options.driver_library.empty()) return initialise(fill(find, options.loader));
  const char* set_by_user = std::getenv(kAltDrivers);
  const ScopedVariable drivers(kAltDrivers,
                               std::string(set_by_user ? set_by_user : kVendorDrivers) + "," + options.driver_library);
  return initialise(fill(find, options.loader));
}

base::Result<std::unique_ptr<const Functions>> open_driver(const LoaderOptions& options) {
  if (!options.driver_functions) {
    return base::Error{base::ErrorCode::kNotFound, "this process has no software Level Zero driver"};
  }
  return initialise(fill(options.driver_functions, "the software driver"));
}

}  // namespace metate::level_zero
