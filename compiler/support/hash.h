// hash.h – combining hashes of the fields of a record.
#pragma once

#include <cstddef>
#include <cstdint>

namespace metate::support {

/// Mixes `value` into `seed` (the finaliser of splitmix64, Steele et al. 2014).
constexpr size_t hash_combine(size_t seed, uint64_t value) {
  uint64_t mixed = seed + 0x9e3779b97f4a7c15u + value;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return static_cast<size_t>(mixed ^ (mixed >> 31));
}

}  // namespace metate::support
