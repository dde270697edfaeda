// loader – finds the Level Zero loader at run time, makes it take our own driver along, and fills the function table.
#pragma once

#include <memory>
#include <string>

#include "runtime/abi/software_driver.h"
#include "runtime/base/result.h"

namespace metate::level_zero {

struct Functions;

/// Where to look for drivers.
struct LoaderOptions {
  std::string loader = "libze_loader.so.1";
  std::string bundled_loader;                      // tried when the first is not there; empty: none
  std::string driver_library;                      // path of the library that exports our driver; empty: none
  abi::FindEntryPoint driver_functions = nullptr;  // the same driver's functions, without any loader; null: none
};

/// Opens the loader, adds `driver_library` to the drivers it looks for, and initialises it. The environment is as
/// before afterwards, so children do not inherit the addition. When the process had initialised Level Zero before, or
/// keeps ZE_ENABLE_ALT_DRIVERS for itself, our driver is simply not among the loader's.
base::Result<std::unique_ptr<const Functions>> open_loader(const LoaderOptions& options);

/// The table filled from our driver directly; an Error when there is none in this process.
base::Result<std::unique_ptr<const Functions>> open_driver(const LoaderOptions& options);

}  // namespace metate::level_zero
