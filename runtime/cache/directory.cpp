#include "runtime/cache/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace metate::cache {
namespace {

base::Error io_error(const std::string& what) { return {base::ErrorCode::kIo, what + ": " + std::strerror(errno)}; }

bool is_own(const struct stat& status) {
  return status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/// The folders above with the usual rights, the last one for its owner alone.
void make_folders(const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
    mkdir(path.substr(0, slash).c_str(), 0777);
  mkdir(path.c_str(), 0700);
}

bool write_all(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return true;
}

/// No other thread and, on this machine, no other process has it.
std::string temporary_name(const std::string& name) {
  static std::atomic<uint32_t> number = 0;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);  // for folders that several machines share
  return name + "." + std::to_string(getpid()) + "." + std::to_string(number++) + "." + std::to_string(now.tv_nsec) +
         ".tmp";
}

}  // namespace

File::~File() {
  if (descriptor_ >= 0) close(descriptor_);
}

base::Result<Directory> Directory::open(const std::string& path) {
  constexpr int kHow = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  if (path.empty())
    return base::Error{base::ErrorCode::kIo,
                       "there is no folder for it: METATE_CACHE_DIR, XDG_CACHE_HOME and HOME are not set"};
  File folder(::open(path.c_str(), kHow));
  if (!folder && errno == ENOENT) {
    make_folders(path);
    folder = File(::open(path.c_str(), kHow));
  }
  struct stat status;
  if (!folder || fstat(folder.descriptor(), &status) != 0) return io_error("cannot use the folder " + path);
  if (!is_own(status))
    return base::Error{base::ErrorCode::kIo,
                       "the folder " + path + " belongs to another user, or others may write to it"};
  return Directory(std::move(folder));
}

std::optional<Bytes> Directory::read(const std::string& name, std::string& problem) const {
  // O_NONBLOCK: a FIFO of that name must not hold us up.
  File file(openat(folder_.descriptor(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ENOENT) return std::nullopt;
  struct stat status;
  if (!file || fstat(file.descriptor(), &status) != 0) {
    problem = std::string("cannot be read: ") + std::strerror(errno);
    return std::nullopt;
  }
  if (!S_ISREG(status.st_mode) || !is_own(status)) {
    problem = "belongs to another user, or others may write to it";
    return std::nullopt;
  }
  Bytes bytes(static_cast<size_t>(status.st_size));
  size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t count = ::read(file.descriptor(), bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) problem = std::string("cannot be read: ") + std::strerror(errno);
    if (count == 0) problem = kDamaged;
    if (count <= 0) return std::nullopt;
    filled += static_cast<size_t>(count);
  }
  return bytes;
}

base::Status Directory::write(const std::string& name, std::span<const std::byte> bytes) const {
  const std::string temporary = temporary_name(name);
  File file(
      openat(folder_.descriptor(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return io_error("cannot write to its folder");
  // Not flushed to the disk: what a power cut leaves half written has a wrong checksum, and is made again.
  if (!write_all(file.descriptor(), bytes) ||
      renameat(folder_.descriptor(), temporary.c_str(), folder_.descriptor(), name.c_str()) != 0) {
    base::Error error = io_error("cannot write to its folder");
    remove(temporary);
    return error;
  }
  return base::Success{};
}

void Directory::touch(const std::string& name) const {
  utimensat(folder_.descriptor(), name.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
}

void Directory::remove(const std::string& name) const { unlinkat(folder_.descriptor(), name.c_str(), 0); }

File Directory::open_lock(const std::string& name) const {
  return File(openat(folder_.descriptor(), name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
}

bool Directory::is_same(const File& file, const std::string& name) const {
  struct stat opened, named;
  return fstat(file.descriptor(), &opened) == 0 &&
         fstatat(folder_.descriptor(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

void Directory::each(const std::function<void(const std::string&, const FileStatus&)>& visit) const {
  // A descriptor of its own: a directory stream takes the one that it reads from.
  const int copy = openat(folder_.descriptor(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* stream = copy >= 0 ? fdopendir(copy) : nullptr;
  if (!stream) {
    if (copy >= 0) close(copy);
    return;
  }
  while (const dirent* found = readdir(stream)) {
    struct stat status;
    if (fstatat(folder_.descriptor(), found->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISREG(status.st_mode))
      visit(found->d_name, {static_cast<uint64_t>(status.st_size), static_cast<int64_t>(status.st_mtim.tv_sec)});
  }
  closedir(stream);
}

}  // namespace metate::cache
