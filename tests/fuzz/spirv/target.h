// target – what is tried with every input: SPIR-V is read and made into functions that run ranges of items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace metate::fuzz {

enum class Depth : uint8_t {
  kRead,     // LLVM IR, which must pass LLVM's verifier
  kCompile,  // machine code too
};

/// Returns whether the module was read. Ends the process when what comes of it is not sound; a fault of any kind is not
/// caught, but for code generation, which the driver runs inside of a guard too.
bool try_spirv(std::span<const std::byte> spirv, Depth depth);

/// Changes `words`, one module, so that it mostly stays one: instructions are taken out, doubled, moved and cut, ids
/// and literals are put in place of others. The same `seed` does the same.
void mutate(std::vector<uint32_t>& words, uint32_t seed);

}  // namespace metate::fuzz
