// functions – the table through which all Level Zero calls go, whoever filled it.
#pragma once

#include <level_zero/ze_api.h>

namespace metate::level_zero {

struct Functions {
#define ZE_FUNCTION(name) decltype(&::name) name = nullptr;
#include "runtime/level_zero/functions.def"
};

}  // namespace metate::level_zero
