// dispatch_tables – the driver's function tables where newer loaders look for them: behind each handle.
//
// A loader with several drivers wraps their handles in objects of its own to know whose they are, unless a driver says
// that its handles lead to its functions (the extension ZE_extension_driver_ddi_handles, specification 1.12 and later).
#pragma once

#include <level_zero/ze_api.h>

#include <cstddef>

namespace metate::ze_software {

/// The version of the specification to which the tables go.
constexpr auto kNewestTables = static_cast<ze_api_version_t>(ZE_MAKE_VERSION(1, 18));

/// Room for a table's functions: more than any has, since a newer loader may look behind those that we know.
constexpr size_t kMostTableEntries = 128;

struct DispatchTables;
extern DispatchTables core_tables, other_tables;

/// What every object begins with.
struct Dispatched {
  const DispatchTables* core = &core_tables;
  const DispatchTables* tools = &other_tables;
  const DispatchTables* management = &other_tables;
  const DispatchTables* runtime = &other_tables;
};

/// To be called before a handle is given away.
void fill_dispatch_tables();

}  // namespace metate::ze_software
