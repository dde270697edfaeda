// newer_entry_points – the tables that loaders newer than our headers ask for.
//
// <level_zero/ze_ddi.h> must not be included: newer ones declare these functions with their own records.
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/last_error.h"
#include "runtime/ze_software/newer_tables.h"
#include "runtime/ze_software/refusals.h"

using namespace metate::ze_software;  // the reasons, below the API's own global functions

#define ZE_NEWER_TABLE_BEGIN(getter, record)                                                  \
  extern "C" ZE_DLLEXPORT ze_result_t getter(ze_api_version_t version, newer::record* later); \
  extern "C" ze_result_t getter(ze_api_version_t version, newer::record* later) {             \
    if (ze_result_t refused = check_table_request(version, later)) return refused;
#define ZE_TABLE_END()      \
  return ZE_RESULT_SUCCESS; \
  }
#define ZE_SINCE(minor, record, object, name) \
  if (version >= ZE_MAKE_VERSION(1, minor)) later->pfn##name = &Recorded<&metate::ze_software::object##name>::call;
#define ZE_UNSUPPORTED_SINCE(minor, record, object, name, reason) \
  if (version >= ZE_MAKE_VERSION(1, minor)) fill_refusal<reason>(later->pfn##name);
#include "runtime/ze_software/newer_entry_points.def"
