// memory – allocations that a device can reach, taken from a bounded pool of freed ones where one fits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "runtime/base/api.h"
#include "runtime/base/result.h"

namespace metate::level_zero {

class Device;

enum class MemoryKind : uint8_t {
  kShared,  // moves between host and device
  kHost,    // in host memory, the device reaches it
  kDevice,  // in device memory, the host does not reach it
};

/// Whose it is: what a launch has for itself is nobody's to ask about, and there is much of it.
enum class MemoryOwner : uint8_t { kProgram, kLaunch };

class MemoryPool;

/// Owns a block of memory; gives it back to its pool. Its device must outlive it.
class METATE_API Allocation {
 public:
  Allocation() = default;
  Allocation(Allocation&& other) noexcept
      : pool_(std::exchange(other.pool_, nullptr)),
        data_(std::exchange(other.data_, nullptr)),
        size_(other.size_),
        capacity_(other.capacity_),
        alignment_(other.alignment_),
        kind_(other.kind_),
        owner_(other.owner_) {}
  Allocation& operator=(Allocation&& other) noexcept;
  ~Allocation() {
    if (pool_) give_back();
  }

  void* data() const { return data_; }
  size_t size() const { return size_; }  // as asked for
  MemoryKind kind() const { return kind_; }

 private:
  friend class MemoryPool;
  void give_back();

  MemoryPool* pool_ = nullptr;
  void* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
  size_t alignment_ = 0;
  MemoryKind kind_ = MemoryKind::kShared;
  MemoryOwner owner_ = MemoryOwner::kProgram;
};

/// Of the program's blocks of a pool, rounded up as they are.
struct MemoryStatistics {
  size_t used_bytes = 0;    // in allocations that live
  size_t pooled_bytes = 0;  // kept for later
  size_t allocations = 0;   // that live
};

/// The driver's allocator is slow and pages are dear, so freed blocks wait here for the next request of their size.
/// Sizes are rounded up by at most an eighth. Safe to use from several threads.
class METATE_API MemoryPool {
 public:
  static constexpr size_t kDefaultLimit = size_t{256} << 20;

  explicit MemoryPool(const Device& device) : device_(device) {}
  ~MemoryPool();

  MemoryPool(const MemoryPool&) = delete;
  MemoryPool& operator=(const MemoryPool&) = delete;

  /// Memory of at least `size` bytes (0 counts as 1), with any content. `alignment`, a power of two, is at least 64.
  base::Result<Allocation> allocate(MemoryKind kind, size_t size, size_t alignment = 0,
                                    MemoryOwner owner = MemoryOwner::kProgram);

  /// How many bytes may wait at most; what is above goes back at once.
  void set_limit(size_t bytes);
  size_t limit() const;

  /// The kind of the program's living allocation that these bytes lie in; nothing where they do not lie in one.
  std::optional<MemoryKind> kind_of(const void* data, size_t bytes) const;

  MemoryStatistics statistics() const;

 private:
  friend class Allocation;
  using Key = std::tuple<size_t, MemoryKind, size_t>;  // capacity, kind, alignment: the largest blocks come last
  struct Block {
    size_t size;
    MemoryKind kind;
  };

  base::Result<void*> allocate_fresh(MemoryKind kind, size_t capacity, size_t alignment);
  void give_back(const Allocation& allocation);
  void trim(size_t limit);
  void free_block(void* data);

  const Device& device_;
  mutable std::mutex mutex_;
  std::map<Key, std::vector<void*>> waiting_;
  std::map<const char*, Block> living_;
  size_t limit_ = kDefaultLimit;
  MemoryStatistics statistics_;
};

}  // namespace metate::level_zero
