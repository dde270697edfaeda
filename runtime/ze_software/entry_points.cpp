#include "runtime/ze_software/entry_points.h"

#include <level_zero/ze_ddi.h>
#include <level_zero/zes_ddi.h>
#include <level_zero/zet_ddi.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "runtime/ze_software/dispatch_tables.h"
#include "runtime/ze_software/last_error.h"
#include "runtime/ze_software/newer_tables.h"
#include "runtime/ze_software/refusals.h"

namespace metate::ze_software {
namespace {

struct NamedFunction {
  const char* name;
  void* function;
};

}  // namespace

ze_result_t refuse(const char* reason) {
  static const bool trace = std::getenv("METATE_ZE_TRACE") != nullptr;
  if (trace) std::fprintf(stderr, "metate driver: unsupported: %s\n", reason);
  return explain_error(ZE_RESULT_ERROR_UNSUPPORTED_FEATURE, reason);
}

void* find_entry_point(const char* name) {
#define ZE_ENTRY(object, name) {#object #name, reinterpret_cast<void*>(&Recorded<&ze_software::object##name>::call)},
#define ZE_SINCE(minor, record, object, name) ZE_ENTRY(object, name)
  static const NamedFunction functions[] = {
#include "runtime/ze_software/all_entry_points.def"
  };
  for (const NamedFunction& entry : functions) {
    if (std::strcmp(entry.name, name) == 0) return entry.function;
  }
  return nullptr;
}

}  // namespace metate::ze_software

using namespace metate::ze_software;  // the reasons, below the API's own global functions

#define ZE_TABLE_BEGIN(getter, record)                                \
  static_assert(sizeof(record) <= kMostTableEntries * sizeof(void*)); \
  ze_result_t getter(ze_api_version_t version, record* table) {       \
    if (ze_result_t refused = check_table_request(version, table)) return refused;
#define ZE_TABLE_END()      \
  return ZE_RESULT_SUCCESS; \
  }
#define ZE_EMPTY_TABLE(getter, record) \
  ze_result_t getter(ze_api_version_t version, record* table) { return check_table_request(version, table); }
#define ZE_ENTRY(object, name) table->pfn##name = &Recorded<&metate::ze_software::object##name>::call;
#define ZE_UNSUPPORTED(object, name, reason) fill_refusal<reason>(table->pfn##name);
#define ZE_GROWN(record, grown)                                             \
  static_assert(sizeof(record) >= sizeof(newer::grown::known));             \
  static_assert(sizeof(newer::grown) <= kMostTableEntries * sizeof(void*)); \
  auto* const later = reinterpret_cast<newer::grown*>(table);
#define ZE_SINCE(minor, record, object, name) \
  if (version >= ZE_MAKE_VERSION(1, minor)) later->pfn##name = &Recorded<&metate::ze_software::object##name>::call;
#define ZE_UNSUPPORTED_SINCE(minor, record, object, name, reason) \
  if (version >= ZE_MAKE_VERSION(1, minor)) fill_refusal<reason>(later->pfn##name);
#include "runtime/ze_software/entry_points.def"
