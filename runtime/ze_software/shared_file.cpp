#include "runtime/ze_software/shared_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace metate::ze_software {
namespace {

/// Whoever maps the file relies on its size: to touch a page behind its end is a signal, not an error.
constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

}  // namespace

size_t page_size() {
  static const auto size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

size_t in_whole_pages(size_t bytes) { return (bytes + page_size() - 1) / page_size() * page_size(); }

std::shared_ptr<SharedFile> SharedFile::create(size_t bytes) {
  const size_t size = in_whole_pages(bytes);
  const int descriptor = memfd_create("metate memory", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0) return nullptr;
  if (ftruncate(descriptor, static_cast<off_t>(size)) != 0 || fcntl(descriptor, F_ADD_SEALS, kSeals) != 0) {
    close(descriptor);
    return nullptr;
  }
  return std::shared_ptr<SharedFile>(new SharedFile(descriptor, size));
}

std::shared_ptr<SharedFile> SharedFile::adopt(int descriptor) {
  struct stat status{};
  const int seals = fcntl(descriptor, F_GET_SEALS);  // fails where it is no memory
  const int access = fcntl(descriptor, F_GETFL);
  const bool fits = seals >= 0 && (seals & kSeals) == kSeals && !(seals & F_SEAL_WRITE) && access >= 0 &&
                    (access & O_ACCMODE) == O_RDWR && fstat(descriptor, &status) == 0 && status.st_size > 0;
  if (!fits) {
    close(descriptor);
    return nullptr;
  }
  return std::shared_ptr<SharedFile>(new SharedFile(descriptor, static_cast<size_t>(status.st_size)));
}

SharedFile::~SharedFile() { close(descriptor_); }

SharedFile::Identity SharedFile::identity_of(int descriptor) {
  struct stat status{};
  if (fstat(descriptor, &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

std::shared_ptr<void> SharedFile::map() const {
  void* const base = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
  if (base == MAP_FAILED) return nullptr;
  return {base, [size = size_](void* mapped) { munmap(mapped, size); }};
}

bool SharedFile::map_over(void* pages) const {
  return mmap(pages, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor_, 0) != MAP_FAILED;
}

bool SharedFile::write(const void* data, size_t bytes) const {
  const auto* from = static_cast<const char*>(data);
  for (size_t done = 0; done < bytes;) {
    const ssize_t written = pwrite(descriptor_, from + done, bytes - done, static_cast<off_t>(done));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    done += static_cast<size_t>(written);
  }
  return true;
}

}  // namespace metate::ze_software
