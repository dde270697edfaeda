// checked_launch – runs a launch whose kernel is checked, on one thread, and reports its faults.
#pragma once

#include "runtime/ze_software/launch.h"

namespace metate::ze_software {

/// ZE_RESULT_ERROR_UNKNOWN where the kernel has faults, which `report` has told then.
ze_result_t run_checked(const Launch& launch);

}  // namespace metate::ze_software
