#include "runtime/cache/store.h"

#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

#include "runtime/cache/hash.h"

namespace metate::cache {
namespace {

constexpr std::string_view kEntry = ".entry", kLock = ".lock", kTemporary = ".tmp";
constexpr int64_t kAbandoned = 3600;  // seconds after which nobody is still writing

std::string name_of(std::span<const std::byte> key, std::string_view ending) {
  return to_hex(hash(key)) + std::string(ending);
}

bool is_ours(const std::string& name) {
  return name.ends_with(kEntry) || name.ends_with(kLock) || name.ends_with(kTemporary);
}

}  // namespace

Claim::~Claim() {
  if (!lock_) return;
  folder_->remove(name_);
  // Closing alone would not do: a child that another thread forks meanwhile holds the descriptor too.
  flock(lock_.descriptor(), LOCK_UN);
}

base::Result<std::unique_ptr<Store>> Store::open(std::string path, uint64_t limit) {
  base::Result<Directory> folder = Directory::open(path);
  if (!folder) return folder.take_error();
  return std::unique_ptr<Store>(new Store(std::move(path), std::move(*folder), limit));
}

std::optional<Bytes> Store::find(std::span<const std::byte> key, bool* damaged) const {
  const std::string name = name_of(key, kEntry);
  std::optional<Bytes> file = folder_.read(name);
  if (!file) return std::nullopt;
  std::optional<Bytes> content = unseal(*file, key);
  if (content) folder_.touch(name);
  if (damaged) *damaged = !content && !is_whole(*file);
  return content;
}

Claim Store::claim(std::span<const std::byte> key, double patience) const {
  using Clock = std::chrono::steady_clock;
  const std::string name = name_of(key, kLock);
  const auto end = Clock::now() + std::chrono::duration<double>(patience);
  auto pause = std::chrono::milliseconds(1);
  while (true) {
    File lock = folder_.open_lock(name);
    if (!lock) return {};
    if (flock(lock.descriptor(), LOCK_EX | LOCK_NB) == 0) {
      // Its last holder removes the file: then the lock is on one that nobody else will find.
      if (folder_.is_same(lock, name)) return {&folder_, std::move(lock), name};
      continue;
    }
    if (errno != EWOULDBLOCK || Clock::now() >= end) return {};
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(20));
  }
}

base::Status Store::put(std::span<const std::byte> key, std::span<const std::byte> content) const {
  const Bytes file = seal(key, content);
  if (file.size() > limit_) return base::Success{};
  if (base::Status written = folder_.write(name_of(key, kEntry), file); !written) return written;
  evict();
  return base::Success{};
}

void Store::evict() const {
  struct Entry {
    std::string name;
    FileStatus status;
  };
  std::vector<Entry> entries;
  uint64_t bytes = 0;
  const int64_t now = std::time(nullptr);
  folder_.each([&](const std::string& name, const FileStatus& status) {
    if (name.ends_with(kTemporary) && now - status.used > kAbandoned) folder_.remove(name);
    if (!name.ends_with(kEntry)) return;
    entries.push_back({name, status});
    bytes += status.bytes;
  });
  if (bytes <= limit_) return;
  // Somewhat more than needed, so that the next entry does not have to do it again.
  std::ranges::sort(entries, {}, [](const Entry& entry) { return entry.status.used; });
  for (const Entry& entry : entries) {
    if (bytes <= limit_ / 10 * 9) break;
    folder_.remove(entry.name);
    bytes -= entry.status.bytes;
  }
}

StoreInfo Store::info() const {
  StoreInfo info{.path = path_, .limit = limit_};
  folder_.each([&](const std::string& name, const FileStatus& status) {
    if (!name.ends_with(kEntry)) return;
    ++info.entries;
    info.bytes += status.bytes;
  });
  return info;
}

StoreInfo Store::verify() const {
  std::vector<std::string> damaged;
  folder_.each([&](const std::string& name, const FileStatus&) {
    if (!name.ends_with(kEntry)) return;
    std::optional<Bytes> file = folder_.read(name);
    if (!file || !is_whole(*file)) damaged.push_back(name);
  });
  for (const std::string& name : damaged) folder_.remove(name);
  StoreInfo after = info();
  after.damaged = damaged.size();
  return after;
}

StoreInfo Store::clear() const {
  StoreInfo before = info();
  std::vector<std::string> names;
  folder_.each([&](const std::string& name, const FileStatus&) {
    if (is_ours(name)) names.push_back(name);
  });
  for (const std::string& name : names) folder_.remove(name);
  return before;
}

}  // namespace metate::cache
