// entry_points – declares the driver's functions and finds them by name, both from the .def files.
#pragma once

#include <level_zero/ze_api.h>

#include <type_traits>

#include "runtime/base/api.h"
#include "runtime/ze_software/newer_api.h"
#include "runtime/ze_software/newer_tables.h"

namespace metate::ze_software {

// Each has the type of the API function whose name it bears; newer ones that of their slot.
#define ZE_ENTRY(object, name) decltype(::object##name) object##name;
#define ZE_SINCE(minor, record, object, name) std::remove_pointer_t<decltype(newer::record::pfn##name)> object##name;
#include "runtime/ze_software/all_entry_points.def"

/// The driver's function of that name ("zeMemFree"), or null when the driver does not offer it. With it a program
/// fills its own function table when no loader is there.
METATE_API void* find_entry_point(const char* name);

}  // namespace metate::ze_software
