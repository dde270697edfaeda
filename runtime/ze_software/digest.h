// digest – 128 bits by which equal contents are known in any process.
#pragma once

#include <llvm/Support/xxhash.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace metate::ze_software {

using Digest = std::array<uint8_t, 16>;

inline Digest digest_of(std::span<const std::byte> content) {
  const llvm::XXH128_hash_t hash =
      llvm::xxh3_128bits(llvm::ArrayRef(reinterpret_cast<const uint8_t*>(content.data()), content.size()));
  Digest digest;
  std::memcpy(digest.data(), &hash.low64, 8);
  std::memcpy(digest.data() + 8, &hash.high64, 8);
  return digest;
}

}  // namespace metate::ze_software
