#include "runtime/ze_software/kernel_clock.h"

#include "runtime/ze_software/device.h"

uint64_t metate_kernel_clock() { return metate::ze_software::timestamp_now(); }
