// last_error – what more there is to say of the last error of this thread than its number.
#pragma once

#include <level_zero/ze_api.h>

#include <string_view>
#include <type_traits>

namespace metate::ze_software {

/// Keeps the text for `zeDriverGetLastErrorDescription`, and gives the result back, which the entry point has to
/// return.
ze_result_t explain_error(ze_result_t result, std::string_view text);

/// An entry point gives an error, the last one of this thread; one that nobody has explained says enough, and has an
/// empty text.
void record_error();

inline ze_result_t record(ze_result_t result) {
  if (result != ZE_RESULT_SUCCESS && result != ZE_RESULT_NOT_READY) [[unlikely]]
    record_error();
  return result;
}

/// The entry point as programs call it. A few give something else than a result, and no error.
template <auto function>
struct Recorded;

template <class Given, class... Arguments, Given (*function)(Arguments...)>
struct Recorded<function> {
  static Given call(Arguments... arguments) {
    if constexpr (std::is_same_v<Given, ze_result_t>) {
      return record(function(arguments...));
    } else {
      return function(arguments...);
    }
  }
};

}  // namespace metate::ze_software
