// shared_memory – memory that leaves its process: by handles of its own, and as a file's descriptor.
#pragma once

#include <level_zero/ze_api.h>

#include <memory>

#include "runtime/ze_software/shared_file.h"

namespace metate::ze_software {

struct Context;

/// What memory is imported and exported as.
inline constexpr ze_external_memory_type_flags_t kExternalMemoryTypes = ZE_EXTERNAL_MEMORY_TYPE_FLAG_OPAQUE_FD;

/// Of what the chain asks a handle to be, if it asks: all handles are for processes of this machine.
ze_result_t check_ipc_type(const void* chain);

/// The file of a descriptor that the program keeps; null, with an explanation, where it is none of exported memory.
std::shared_ptr<SharedFile> exported_file(int descriptor);

/// A new descriptor of the memory that begins there, or that a physical memory is, which the program closes.
ze_result_t export_memory(Context& context, const void* pointer, ze_external_memory_export_fd_t* file);

}  // namespace metate::ze_software
