// argument_block – the arguments of a launch as its kernel reads them, one behind the other.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace metate::ze_software {

/// As many bytes as most kernels need lie in the object. One thread appends launches and another one runs them: memory
/// of the heap that goes from the one to the other costs several times what the allocator takes within a thread.
class ArgumentBlock {
 public:
  ArgumentBlock() = default;
  explicit ArgumentBlock(size_t bytes) : many_(bytes > few_.size() ? bytes : 0) {}

  std::byte* data() { return many_.empty() ? few_.data() : many_.data(); }
  const std::byte* data() const { return many_.empty() ? few_.data() : many_.data(); }

 private:
  alignas(16) std::array<std::byte, 128> few_{};
  std::vector<std::byte> many_;  // all of them where they are too many; else empty
};

}  // namespace metate::ze_software
