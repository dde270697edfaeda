// bit_set.h – a set of small numbers as bits, for data flow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace metate::frontend {

class BitSet {
 public:
  explicit BitSet(size_t size = 0, bool full = false) : words_((size + 63) / 64, full ? ~uint64_t{0} : 0) {}

  bool contains(size_t i) const { return (words_[i / 64] >> (i % 64) & 1) != 0; }
  void insert(size_t i) { words_[i / 64] |= uint64_t{1} << (i % 64); }
  void erase(size_t i) { words_[i / 64] &= ~(uint64_t{1} << (i % 64)); }

  /// These return true if the set has changed.
  bool unite(const BitSet& other) {
    bool changed = false;
    for (size_t i = 0; i < words_.size(); ++i) {
      changed |= (other.words_[i] & ~words_[i]) != 0;
      words_[i] |= other.words_[i];
    }
    return changed;
  }
  bool intersect(const BitSet& other) {
    bool changed = false;
    for (size_t i = 0; i < words_.size(); ++i) {
      changed |= (words_[i] & ~other.words_[i]) != 0;
      words_[i] &= other.words_[i];
    }
    return changed;
  }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace metate::frontend
