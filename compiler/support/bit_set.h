// bit_set.h – a set of small numbers as bits, for data flow.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace metate::support {

class BitSet {
 public:
  explicit BitSet(size_t size = 0, bool full = false) : words_((size + 63) / 64, full ? ~uint64_t{0} : 0) {}

  bool contains(size_t i) const { return (words_[i / 64] >> (i % 64) & 1) != 0; }
  void insert(size_t i) { words_[i / 64] |= uint64_t{1} << (i % 64); }
  void erase(size_t i) { words_[i / 64] &= ~(uint64_t{1} << (i % 64)); }
  bool empty() const {
    for (uint64_t word : words_)
      if (word) return false;
    return true;
  }
  bool operator==(const BitSet&) const = default;

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
  void subtract(const BitSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
  }

  /// Calls visit(i) for each member, in order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (size_t w = 0; w < words_.size(); ++w)
      for (uint64_t word = words_[w]; word; word &= word - 1)
        visit(w * 64 + static_cast<size_t>(std::countr_zero(word)));
  }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace metate::support
