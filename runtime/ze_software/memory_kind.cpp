#include "runtime/ze_software/memory_kind.h"

#include <utility>

namespace metate::ze_software {
namespace {

thread_local ThreadMemory the_memory;

bool lies_between(const void* pointer, const void* begin, const void* end) {
  const auto address = reinterpret_cast<uintptr_t>(pointer);
  return address >= reinterpret_cast<uintptr_t>(begin) && address < reinterpret_cast<uintptr_t>(end);
}

}  // namespace

ThreadMemoryScope::ThreadMemoryScope(const ThreadMemory& memory) : before_(std::exchange(the_memory, memory)) {}
ThreadMemoryScope::~ThreadMemoryScope() { the_memory = before_; }

}  // namespace metate::ze_software

// Private variables are in the frames of the kernel, between this one and the one that called it, since stacks grow
// downwards on every CPU that we know; those that outlive a barrier are in the memory of the items.
uint32_t metate_memory_kind(const void* pointer) {
  using namespace metate::ze_software;
  const ThreadMemory& memory = the_memory;
  MemoryKind kind = MemoryKind::kGlobal;
  if (lies_between(pointer, memory.local, memory.items)) kind = MemoryKind::kLocal;
  if (lies_between(pointer, memory.items, memory.end)) kind = MemoryKind::kPrivate;
  if (lies_between(pointer, __builtin_frame_address(0), memory.frame)) kind = MemoryKind::kPrivate;
  return static_cast<uint32_t>(kind);
}
