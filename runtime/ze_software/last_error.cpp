#include "runtime/ze_software/last_error.h"

#include <string>

#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/handles.h"

namespace metate::ze_software {
namespace {

struct LastError {
  std::string text;
  bool is_of_this_call = false;
};

LastError& last_error() {
  thread_local LastError last;
  return last;
}

const char* name_of(ze_result_t result) {
  if (result == ZE_RESULT_ERROR_UNSUPPORTED_FEATURE) return "ZE_RESULT_ERROR_UNSUPPORTED_FEATURE";
  if (result == ZE_RESULT_ERROR_MODULE_BUILD_FAILURE) return "ZE_RESULT_ERROR_MODULE_BUILD_FAILURE";
  if (result == ZE_RESULT_ERROR_MODULE_LINK_FAILURE) return "ZE_RESULT_ERROR_MODULE_LINK_FAILURE";
  if (result == ZE_RESULT_ERROR_INVALID_NATIVE_BINARY) return "ZE_RESULT_ERROR_INVALID_NATIVE_BINARY";
  return "error";
}

}  // namespace

ze_result_t explain_error(ze_result_t result, std::string_view text) {
  last_error() = {std::string(name_of(result)) + ": " + std::string(text), true};
  return result;
}

void record_error() {
  LastError& last = last_error();
  if (!last.is_of_this_call) last.text.clear();
  last.is_of_this_call = false;
}

ze_result_t zeDriverGetLastErrorDescription(ze_driver_handle_t driver, const char** text) {
  if (ze_result_t bad = require({driver}, {text})) return bad;
  *text = last_error().text.c_str();
  return ZE_RESULT_SUCCESS;
}

ze_result_t zerGetLastErrorDescription(const char** text) {
  if (ze_result_t bad = require({}, {text})) return bad;
  *text = last_error().text.c_str();
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
