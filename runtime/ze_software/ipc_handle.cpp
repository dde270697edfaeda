#include "runtime/ze_software/ipc_handle.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "runtime/ze_software/last_error.h"

namespace metate::ze_software {
namespace {

using Bytes = char[ZE_MAX_IPC_HANDLE_SIZE];

/// What the bytes of a handle mean. The file is what its identity says: the descriptor only helps to find it.
struct Content {
  int32_t descriptor;  // first: programs that send descriptors put the one here that they have received
  int32_t process;     // where it is of that number
  SharedFile::Identity file;
  uint64_t size;
  IpcKind kind;
  uint32_t reserved = 0;
};
static_assert(sizeof(Content) <= ZE_MAX_IPC_HANDLE_SIZE);

Content read(const Bytes& handle) {
  Content content;
  std::memcpy(&content, handle, sizeof(content));
  return content;
}

bool is_of(int descriptor, const Content& content) {
  return descriptor >= 0 && content.file != SharedFile::Identity{} &&
         SharedFile::identity_of(descriptor) == content.file;
}

/// A descriptor of our own for the file, or -1.
int find(const Content& content) {
  if (is_of(content.descriptor, content)) return fcntl(content.descriptor, F_DUPFD_CLOEXEC, 0);
  const std::string path = "/proc/" + std::to_string(content.process) + "/fd/" + std::to_string(content.descriptor);
  // To look at it first: opening what it is not could have effects.
  const int looked_at = open(path.c_str(), O_PATH | O_CLOEXEC);
  const bool is_it = is_of(looked_at, content);
  const std::string own_path = "/proc/self/fd/" + std::to_string(looked_at);
  const int opened = is_it ? open(own_path.c_str(), O_RDWR | O_CLOEXEC) : -1;
  if (looked_at >= 0) close(looked_at);
  return opened;
}

std::shared_ptr<SharedFile> refuse_handle(const char* reason) {
  explain_error(ZE_RESULT_ERROR_INVALID_ARGUMENT, reason);
  return nullptr;
}

}  // namespace

std::shared_ptr<SharedFile> open_ipc_handle(const Bytes& handle, IpcKind kind) {
  const Content content = read(handle);
  if (content.kind != kind) {
    return refuse_handle(kind == IpcKind::kMemory      ? "this is no handle of memory, or of another driver's"
                         : kind == IpcKind::kEventPool ? "this is no handle of an event pool, or of another driver's"
                                                       : "this is no handle of an event, or of another driver's");
  }
  const int descriptor = find(content);
  if (descriptor < 0) {
    return refuse_handle(
        "the process that made this handle has ended, has put it back, or does not let this one read its descriptors: "
        "keep it until this call, or send the descriptor too and write it to the first four bytes of the handle");
  }
  std::shared_ptr<SharedFile> file = SharedFile::adopt(descriptor);
  return file && file->size() == content.size ? file : refuse_handle("this handle is damaged");
}

void write_ipc_handle(const SharedFile& file, IpcKind kind, Bytes& handle) {
  const Content content{file.descriptor(), getpid(), file.identity(), file.size(), kind};
  std::memset(handle, 0, sizeof(handle));
  std::memcpy(handle, &content, sizeof(content));
}

void IpcHandles::give(std::shared_ptr<SharedFile> file, IpcKind kind, Bytes& handle) {
  std::lock_guard lock(mutex_);
  Given& given = given_[file->identity()];
  // All handles of a file tell of the same descriptor, which stays open until the last one is put back.
  if (!given.file) given.file = std::move(file);
  ++given.count;
  write_ipc_handle(*given.file, kind, handle);
}

bool IpcHandles::put_back(const Bytes& handle, IpcKind kind) {
  const Content content = read(handle);
  if (content.kind != kind) return false;
  std::lock_guard lock(mutex_);
  auto found = given_.find(content.file);
  if (found == given_.end()) return false;
  if (--found->second.count == 0) given_.erase(found);
  return true;
}

int IpcHandles::descriptor_of(const Bytes& handle, IpcKind kind) {
  const Content content = read(handle);
  return content.kind == kind && is_of(content.descriptor, content) ? content.descriptor : -1;
}

}  // namespace metate::ze_software
