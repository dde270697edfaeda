#include "runtime/ze_software/entry_points.h"

#include <level_zero/ze_ddi.h>
#include <level_zero/zes_ddi.h>
#include <level_zero/zet_ddi.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace metate::ze_software {
namespace {

// Why an entry point is not offered.
constexpr char kNoImages[] = "images and samplers are not offered: a CPU has no texture units";
constexpr char kNoCacheControl[] = "a CPU does not let a program reserve its caches";
constexpr char kNoPci[] = "the device is no PCI device";
constexpr char kNoFabric[] = "there is no fabric between CPU devices";
constexpr char kNoSharing[] = "memory is private to its process and cannot be sent to another one";

ze_result_t refuse(const char* reason) {
  static const bool trace = std::getenv("METATE_ZE_TRACE") != nullptr;
  if (trace) std::fprintf(stderr, "metate driver: unsupported: %s\n", reason);
  return ZE_RESULT_ERROR_UNSUPPORTED_FEATURE;
}

/// Fills a slot of any function type with a function that refuses with that reason.
template <const char* reason, class... Arguments>
void fill_refusal(ze_result_t (*&slot)(Arguments...)) {
  slot = [](Arguments...) -> ze_result_t { return refuse(reason); };
}

/// A loader older than our headers has smaller tables, which we would write past.
ze_result_t check_table_request(ze_api_version_t version, const void* table) {
  if (!table) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
  return version < ZE_API_VERSION_CURRENT ? ZE_RESULT_ERROR_UNSUPPORTED_VERSION : ZE_RESULT_SUCCESS;
}

struct NamedFunction {
  const char* name;
  void* function;
};

}  // namespace

void* find_entry_point(const char* name) {
#define ZE_TABLE_BEGIN(getter, record)
#define ZE_TABLE_END()
#define ZE_EMPTY_TABLE(getter, record)
#define ZE_ENTRY(object, name) {#object #name, reinterpret_cast<void*>(&ze_software::object##name)},
#define ZE_UNSUPPORTED(object, name, reason)
#define ZE_EXTENSION(object, name) ZE_ENTRY(object, name)
  static const NamedFunction functions[] = {
#include "runtime/ze_software/entry_points.def"
  };
#undef ZE_TABLE_BEGIN
#undef ZE_TABLE_END
#undef ZE_EMPTY_TABLE
#undef ZE_ENTRY
#undef ZE_UNSUPPORTED
#undef ZE_EXTENSION
  for (const NamedFunction& entry : functions) {
    if (std::strcmp(entry.name, name) == 0) return entry.function;
  }
  return nullptr;
}

}  // namespace metate::ze_software

using namespace metate::ze_software;  // the reasons, below the API's own global functions

#define ZE_TABLE_BEGIN(getter, record)                          \
  ze_result_t getter(ze_api_version_t version, record* table) { \
    if (ze_result_t refused = check_table_request(version, table)) return refused;
#define ZE_TABLE_END()      \
  return ZE_RESULT_SUCCESS; \
  }
#define ZE_EMPTY_TABLE(getter, record) \
  ze_result_t getter(ze_api_version_t version, record* table) { return check_table_request(version, table); }
#define ZE_ENTRY(object, name) table->pfn##name = &metate::ze_software::object##name;
#define ZE_UNSUPPORTED(object, name, reason) fill_refusal<reason>(table->pfn##name);
#define ZE_EXTENSION(object, name)
#include "runtime/ze_software/entry_points.def"

// Declared in newer_api.h: what a loader of 1.9 does not know must not be written behind its table.
ze_result_t zeGetCommandListExpProcAddrTable(ze_api_version_t version, ze_command_list_exp_dditable_t* table) {
  if (!table) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
  if (version < ZE_MAKE_VERSION(1, 9)) return ZE_RESULT_ERROR_UNSUPPORTED_VERSION;
  namespace driver = metate::ze_software;
  table->pfnImmediateAppendCommandListsExp = &driver::zeCommandListImmediateAppendCommandListsExp;
  table->pfnGetNextCommandIdExp = &driver::zeCommandListGetNextCommandIdExp;
  table->pfnUpdateMutableCommandsExp = &driver::zeCommandListUpdateMutableCommandsExp;
  table->pfnUpdateMutableCommandSignalEventExp = &driver::zeCommandListUpdateMutableCommandSignalEventExp;
  table->pfnUpdateMutableCommandWaitEventsExp = &driver::zeCommandListUpdateMutableCommandWaitEventsExp;
  if (version < ZE_MAKE_VERSION(1, 10)) return ZE_RESULT_SUCCESS;
  table->pfnGetNextCommandIdWithKernelsExp = &driver::zeCommandListGetNextCommandIdWithKernelsExp;
  table->pfnUpdateMutableCommandKernelsExp = &driver::zeCommandListUpdateMutableCommandKernelsExp;
  return ZE_RESULT_SUCCESS;
}
