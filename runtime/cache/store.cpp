#include "runtime/cache/store.h"

#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <vector>

#include "runtime/cache/hash.h"
#include "runtime/cache/settings.h"

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

base::Result<std::unique_ptr<Store>> Store::open_default() {
  base::Result<uint64_t> limit = size_limit();
  if (!limit) return limit.take_error();
  return open(default_directory(), *limit);
}

std::optional<Bytes> Store::find(std::span<const std::byte> key, std::string* problem) const {
  const std::string name = name_of(key, kEntry);
  std::string ignored;
  if (!problem) problem = &ignored;
  std::optional<Bytes> file = folder_.read(name, *problem);
  if (!file) return std::nullopt;
  std::optional<Bytes> content = unseal(*file, key);
  if (content) folder_.touch(name);
  if (!content && !is_whole(*file)) *problem = kDamaged;
  return content;
}

Claim Store::claim(std::span<const std::byte> key) const {
  const std::string name = name_of(key, kLock);
  while (true) {
    File lock = folder_.open_lock(name);
    if (!lock) return {};
    if (flock(lock.descriptor(), LOCK_EX | LOCK_NB) != 0) return errno == EWOULDBLOCK ? Claim::busy() : Claim();
    // Its last holder removes the file: then the lock is on one that nobody else will find.
    if (folder_.is_same(lock, name)) return {&folder_, std::move(lock), name};
  }
}

base::Status Store::put(std::span<const std::byte> key, std::span<const std::byte> content) const {
  const Bytes file = seal(key, content);
  if (file.size() > limit_) return base::Success{};
  if (base::Status written = folder_.write(name_of(key, kEntry), file); !written) return written;
  // Looking at all entries takes time where there are many. So each process may go beyond the limit by this much.
  if (unswept_.fetch_add(file.size()) + file.size() >= limit_ / 64) evict();
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
  unswept_ = 0;
  folder_.each([&](const std::string& name, const FileStatus& status) {
    // Of processes that were killed. Whoever holds a lock all the same keeps it: it merely is not found any more.
    if (!name.ends_with(kEntry) && is_ours(name) && now - status.used > kAbandoned) folder_.remove(name);
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
    std::string problem;
    std::optional<Bytes> file = folder_.read(name, problem);
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
