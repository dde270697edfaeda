// ipc_handle – what a program sends to another process so that it can map a file of this one.
#pragma once

#include <level_zero/ze_api.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "runtime/ze_software/shared_file.h"

namespace metate::ze_software {

enum class IpcKind : uint32_t { kMemory = 0x4d65744d, kEventPool = 0x4d657445, kEvent = 0x4d657443 };

/// The file that the handle tells of, of a process that still has it open; null, with an explanation, where there is
/// none.
std::shared_ptr<SharedFile> open_ipc_handle(const char (&handle)[ZE_MAX_IPC_HANDLE_SIZE], IpcKind kind);

/// One that is good as long as this process has the file.
void write_ipc_handle(const SharedFile& file, IpcKind kind, char (&handle)[ZE_MAX_IPC_HANDLE_SIZE]);

/// The handles that a context has given away: a file stays open until all of its handles have been put back, although
/// its memory has been freed. Safe to use from several threads.
class IpcHandles {
 public:
  void give(std::shared_ptr<SharedFile> file, IpcKind kind, char (&handle)[ZE_MAX_IPC_HANDLE_SIZE]);
  /// False where it is none that has been given and not been put back.
  bool put_back(const char (&handle)[ZE_MAX_IPC_HANDLE_SIZE], IpcKind kind);
  /// The descriptor in this process, or -1 where there is none.
  static int descriptor_of(const char (&handle)[ZE_MAX_IPC_HANDLE_SIZE], IpcKind kind);

 private:
  struct Given {
    std::shared_ptr<SharedFile> file;
    size_t count = 0;
  };
  std::mutex mutex_;
  std::map<SharedFile::Identity, Given> given_;
};

}  // namespace metate::ze_software
