// memory_kind – where a pointer of a running kernel points to.
#pragma once

#include <cstddef>
#include <cstdint>

namespace metate::ze_software {

enum class MemoryKind : uint32_t { kGlobal, kLocal, kPrivate };

/// The memory of the groups that this thread runs. All that lies elsewhere is global.
struct ThreadMemory {
  const std::byte *local = nullptr, *items = nullptr, *end = nullptr;  // one behind the other
  const void* frame = nullptr;                                         // of what called the kernel
};

/// Says it for as long as it lives.
class ThreadMemoryScope {
 public:
  explicit ThreadMemoryScope(const ThreadMemory& memory);
  ~ThreadMemoryScope();

  ThreadMemoryScope(const ThreadMemoryScope&) = delete;
  ThreadMemoryScope& operator=(const ThreadMemoryScope&) = delete;

 private:
  ThreadMemory before_;
};

/// The name by which kernels call it.
inline constexpr char kMemoryKindSymbol[] = "metate_memory_kind";

}  // namespace metate::ze_software

extern "C" uint32_t metate_memory_kind(const void* pointer);
