// <level_zero/ze_ddi.h> must not be included: it declares the functions that fill tables with records of its version.
#include "runtime/ze_software/dispatch_tables.h"

// In the order of ze_dditable_driver_t, which only ever grows at its end.
#define METATE_ZE_CORE_TABLES(table)                                                                                  \
  table(RTASBuilder) table(RTASBuilderExp) table(RTASParallelOperation) table(RTASParallelOperationExp) table(Global) \
      table(Driver) table(DriverExp) table(Device) table(DeviceExp) table(Context) table(CommandQueue)                \
          table(CommandList) table(CommandListExp) table(Image) table(ImageExp) table(Mem) table(MemExp) table(Fence) \
              table(EventPool) table(Event) table(EventExp) table(Module) table(ModuleBuildLog) table(Kernel)         \
                  table(KernelExp) table(Sampler) table(PhysicalMem) table(VirtualMem) table(FabricVertexExp)         \
                      table(FabricEdgeExp) table(Graph) table(ExecutableGraph)

#define METATE_ZE_DECLARE(name) \
  extern "C" ze_result_t zeGet##name##ProcAddrTable(ze_api_version_t version, void* table);
METATE_ZE_CORE_TABLES(METATE_ZE_DECLARE)
#undef METATE_ZE_DECLARE

namespace metate::ze_software {
namespace {

/// Null where nothing is offered: the loader answers for it.
struct Table {
  void* functions[kMostTableEntries];
};

constexpr size_t kMostTables = 64;

const Table no_functions{};

}  // namespace

/// As ze_dditable_driver_t, zet_dditable_driver_t and so on.
struct DispatchTables {
  ze_api_version_t version = kNewestTables;
  uint8_t is_valid = 1;
  const Table* tables[kMostTables];

  constexpr DispatchTables() : tables() {
    for (const Table*& table : tables) table = &no_functions;
  }
};

constinit DispatchTables core_tables, other_tables;

void fill_dispatch_tables() {
  static const bool filled = [] {
    size_t next = 0;
#define METATE_ZE_FILL(name)                          \
  static Table name;                                  \
  ::zeGet##name##ProcAddrTable(kNewestTables, &name); \
  core_tables.tables[next++] = &name;
    METATE_ZE_CORE_TABLES(METATE_ZE_FILL)
#undef METATE_ZE_FILL
    return next != 0;
  }();
  (void)filled;
}

}  // namespace metate::ze_software
