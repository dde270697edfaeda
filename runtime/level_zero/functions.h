// functions – the table through which all Level Zero calls go, whoever filled it.
#pragma once

#include <level_zero/loader/ze_loader.h>
#include <level_zero/ze_api.h>

namespace metate::level_zero {

struct Functions {
#define ZE_FUNCTION(name) decltype(&::name) name = nullptr;
#include "runtime/level_zero/functions.def"

  /// A loader's own, from 1.7 on; null for other tables.
  decltype(&::zelLoaderTranslateHandle) zelLoaderTranslateHandle = nullptr;
};

}  // namespace metate::level_zero
