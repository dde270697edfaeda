// array_blocks – storage of arrays that compiled code makes where a device reaches it.
#pragma once

#include <cstdint>
#include <memory>

#include "runtime/abi/context.h"
#include "runtime/base/api.h"
#include "runtime/base/result.h"

namespace metate::level_zero {

class Device;

/// Shared memory with its owner before it, as abi::kOwnerDataOffset says; it keeps the device alive.
METATE_API base::Result<abi::Owner*> allocate_array(const std::shared_ptr<Device>& device, int64_t bytes);

}  // namespace metate::level_zero
