#include "runtime/cache/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace metate::cache {

Hash hash(std::span<const std::byte> content) {
  const XXH128_hash_t made = XXH3_128bits(content.data(), content.size());
  return {made.low64, made.high64};
}

std::string to_hex(const Hash& hash) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (uint64_t word : {hash[1], hash[0]})
    for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(word >> shift) & 15];
  return text;
}

}  // namespace metate::cache
