// hash – 128 bits of any content: names of entries, their checksums, and what stands for an array in a key.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace metate::cache {

/// XXH3's 128 bits, low word first. Good against chance; nothing here relies on it against an adversary.
using Hash = std::array<uint64_t, 2>;

Hash hash(std::span<const std::byte> content);

/// 32 hexadecimal digits.
std::string to_hex(const Hash& hash);

}  // namespace metate::cache
