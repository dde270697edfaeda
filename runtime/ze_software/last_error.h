// last_error – what more there is to say of the last error of this thread than its number.
#pragma once

#include <level_zero/ze_api.h>

#include <string_view>

namespace metate::ze_software {

/// Keeps the text for `zeDriverGetLastErrorDescription`, and gives the result back. The text names the result that it
/// belongs to: most errors say enough and leave it as it is.
ze_result_t explain_error(ze_result_t result, std::string_view text);

}  // namespace metate::ze_software
