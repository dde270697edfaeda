// debugger – tells debuggers of code that was linked: GDB's "JIT Compilation Interface" (its manual, chapter 30), which
// LLDB knows too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace metate::jit {

/// Whether an object file has lines that a debugger could show.
bool has_debug_lines(std::span<const std::byte> object);

using SectionAddresses = std::vector<std::pair<std::string, uint64_t>>;

/// An object file that debuggers know for as long as this is there: a copy in which each section has its address.
class KnownToDebuggers {
 public:
  KnownToDebuggers(std::span<const std::byte> object, const SectionAddresses& addresses);
  KnownToDebuggers(const KnownToDebuggers&) = delete;
  KnownToDebuggers& operator=(const KnownToDebuggers&) = delete;
  ~KnownToDebuggers();

 private:
  std::vector<std::byte> object_;
  struct Entry;
  Entry* entry_ = nullptr;  // null: it is no object file that a debugger takes
};

}  // namespace metate::jit
