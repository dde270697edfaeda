#include "runtime/ze_software/shared_memory.h"

#include <fcntl.h>

#include <utility>

#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/refusals.h"

namespace metate::ze_software {
namespace {

Context& context_of(ze_context_handle_t context) { return *static_cast<Context*>(context); }

/// The file behind it, which memory of this process becomes now if it was none.
ze_result_t share(Context& context, const void* pointer, std::shared_ptr<SharedFile>* file) {
  const std::shared_ptr<MemoryBlock> memory = context.allocations.memory_at(pointer, Origin::kAllocated);
  if (!memory) {
    *file = context.virtual_memory.file_of(pointer);
    if (*file) return ZE_RESULT_SUCCESS;
    return explain_error(ZE_RESULT_ERROR_INVALID_ARGUMENT,
                         "only memory of this context can be shared, by the address at which it begins");
  }
  if (!memory->is_shareable()) {
    return explain_error(ZE_RESULT_ERROR_INVALID_ARGUMENT,
                         "host and shared memory can be shared with another process only if "
                         "ze_external_memory_export_desc_t or ze_ipc_mem_handle_type_ext_desc_t asked for it when it "
                         "was allocated");
  }
  *file = memory->share(MemoryBlock::Contents::kKept);
  if (*file) return ZE_RESULT_SUCCESS;
  return explain_error(ZE_RESULT_ERROR_OUT_OF_DEVICE_MEMORY,
                       "there is no memory to move the allocation to, or no file descriptor");
}

ze_result_t give_handle(Context& context, const void* pointer, ze_ipc_mem_handle_t* handle) {
  std::shared_ptr<SharedFile> file;
  if (ze_result_t bad = share(context, pointer, &file)) return bad;
  context.ipc_handles.give(std::move(file), IpcKind::kMemory, handle->data);
  return ZE_RESULT_SUCCESS;
}

}  // namespace

ze_result_t check_ipc_type(const void* chain) {
  const auto* wanted =
      find_extension<const newer::ze_ipc_mem_handle_type_ext_desc_t>(chain, newer::kIpcMemoryHandleTypeDesc);
  if (!wanted) return ZE_RESULT_SUCCESS;
  if (wanted->typeFlags & ~(newer::kIpcDefault | newer::kIpcFabricAccessible)) {
    return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  }
  return wanted->typeFlags & newer::kIpcFabricAccessible ? refuse(kNoFabric) : ZE_RESULT_SUCCESS;
}

std::shared_ptr<SharedFile> exported_file(int descriptor) {
  std::shared_ptr<SharedFile> file = SharedFile::adopt(fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
  if (!file) explain_error(ZE_RESULT_ERROR_INVALID_ARGUMENT, "the descriptor is not of exported memory");
  return file;
}

ze_result_t export_memory(Context& context, const void* pointer, ze_external_memory_export_fd_t* file) {
  if (file->flags & ~kExternalMemoryTypes) return ZE_RESULT_ERROR_UNSUPPORTED_ENUMERATION;
  std::shared_ptr<SharedFile> shared;
  if (ze_result_t bad = share(context, pointer, &shared)) return bad;
  file->fd = fcntl(shared->descriptor(), F_DUPFD_CLOEXEC, 0);
  return file->fd >= 0 ? ZE_RESULT_SUCCESS
                       : explain_error(ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY, "there is no file descriptor left");
}

ze_result_t zeMemGetIpcHandle(ze_context_handle_t context, const void* pointer, ze_ipc_mem_handle_t* handle) {
  if (ze_result_t bad = require({context}, {pointer, handle})) return bad;
  return give_handle(context_of(context), pointer, handle);
}

ze_result_t zeMemGetIpcHandleWithProperties(ze_context_handle_t context, const void* pointer, void* chain,
                                            ze_ipc_mem_handle_t* handle) {
  if (ze_result_t bad = require({context}, {pointer, handle})) return bad;
  if (ze_result_t bad = check_ipc_type(chain)) return bad;
  return give_handle(context_of(context), pointer, handle);
}

ze_result_t zeMemPutIpcHandle(ze_context_handle_t context, ze_ipc_mem_handle_t handle) {
  if (ze_result_t bad = require({context})) return bad;
  const bool given = context_of(context).ipc_handles.put_back(handle.data, IpcKind::kMemory);
  return given ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_INVALID_ARGUMENT;
}

/// The flags are about caches, which all processes see alike.
ze_result_t zeMemOpenIpcHandle(ze_context_handle_t context, ze_device_handle_t device, ze_ipc_mem_handle_t handle,
                               ze_ipc_memory_flags_t flags, void** pointer) {
  if (ze_result_t bad = require({context, device}, {pointer})) return bad;
  if (flags & ~(ZE_IPC_MEMORY_FLAG_BIAS_CACHED | ZE_IPC_MEMORY_FLAG_BIAS_UNCACHED)) {
    return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  }
  std::shared_ptr<SharedFile> file = open_ipc_handle(handle.data, IpcKind::kMemory);
  if (!file) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  const Allocation what{.size = file->size(),
                        .type = ZE_MEMORY_TYPE_DEVICE,
                        .device = static_cast<Device*>(device),
                        .origin = Origin::kOpened};
  std::shared_ptr<MemoryBlock> memory = MemoryBlock::of_file(std::move(file));
  if (!memory) return ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY;
  *pointer = context_of(context).allocations.add(std::move(memory), what);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeMemCloseIpcHandle(ze_context_handle_t context, const void* pointer) {
  if (ze_result_t bad = require({context}, {pointer})) return bad;
  const bool closed = context_of(context).allocations.take(pointer, Origin::kOpened) != nullptr;
  return closed ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_INVALID_ARGUMENT;
}

ze_result_t zeMemGetIpcHandleFromFileDescriptorExp(ze_context_handle_t context, uint64_t descriptor,
                                                   ze_ipc_mem_handle_t* handle) {
  if (ze_result_t bad = require({context}, {handle})) return bad;
  if (descriptor > INT32_MAX) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  std::shared_ptr<SharedFile> file = exported_file(static_cast<int>(descriptor));
  if (!file) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  context_of(context).ipc_handles.give(std::move(file), IpcKind::kMemory, handle->data);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeMemGetFileDescriptorFromIpcHandleExp(ze_context_handle_t context, ze_ipc_mem_handle_t handle,
                                                   uint64_t* descriptor) {
  if (ze_result_t bad = require({context}, {descriptor})) return bad;
  const int found = IpcHandles::descriptor_of(handle.data, IpcKind::kMemory);
  if (found < 0) return explain_error(ZE_RESULT_ERROR_INVALID_ARGUMENT, "this is no handle of this process's memory");
  *descriptor = static_cast<uint64_t>(found);
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
