// mutate – changes of a module that keep it one, for the most part.
#include <algorithm>
#include <random>

#include "tests/fuzz/spirv/target.h"

namespace metate::fuzz {
namespace {

constexpr size_t kHeaderWords = 5;

struct Mutator {
  std::vector<uint32_t>& words;
  std::mt19937 random;
  std::vector<size_t> starts = {};  // of instructions

  size_t below(size_t limit) { return limit ? random() % limit : 0; }
  uint32_t length(size_t start) const { return words[start] >> 16; }

  void find_instructions() {
    starts.clear();
    for (size_t at = kHeaderWords; at < words.size() && length(at) && at + length(at) <= words.size();
         at += length(at)) {
      starts.push_back(at);
    }
  }

  std::vector<uint32_t> instruction(size_t start) const {
    return {words.begin() + static_cast<std::ptrdiff_t>(start),
            words.begin() + static_cast<std::ptrdiff_t>(start + length(start))};
  }

  void insert(size_t at, const std::vector<uint32_t>& added) {
    words.insert(words.begin() + static_cast<std::ptrdiff_t>(at), added.begin(), added.end());
  }

  void erase(size_t start) {
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(start),
                words.begin() + static_cast<std::ptrdiff_t>(start + length(start)));
  }

  uint32_t interesting() {
    constexpr uint32_t values[] = {0, 1, 2, 3, 4, 8, 16, 32, 64, 0x7fffffff, 0x80000000, 0xffffffff, 272, 6, 12};
    const uint32_t bound = std::clamp<uint32_t>(words[3], 1, 1 << 16);
    return random() % 3 ? static_cast<uint32_t>(random() % bound) : values[below(std::size(values))];
  }

  void change_operand(size_t start) {
    if (length(start) < 2) return;
    words[start + 1 + below(length(start) - 1)] = interesting();
  }

  /// The same instruction as another one of its length: from the other's opcode, or the other's operands.
  void swap_opcode(size_t start) {
    const size_t other = starts[below(starts.size())];
    words[start] = (words[start] & 0xffff0000) | (random() % 2 ? words[other] & 0xffff : random() % 450);
  }

  void step() {
    find_instructions();
    if (starts.empty()) return;
    const size_t start = starts[below(starts.size())];
    switch (random() % 10) {
      case 0:
        erase(start);
        break;
      case 1:
        insert(starts[below(starts.size())], instruction(start));
        break;
      case 2: {
        const std::vector<uint32_t> moved = instruction(start);
        erase(start);
        find_instructions();
        if (!starts.empty()) insert(starts[below(starts.size())], moved);
        break;
      }
      case 3:
        swap_opcode(start);
        break;
      case 4:
        words[kHeaderWords + below(words.size() - kHeaderWords)] ^= 1u << below(32);
        break;
      default:
        change_operand(start);
        break;
    }
  }
};

}  // namespace

void mutate(std::vector<uint32_t>& words, uint32_t seed) {
  if (words.size() <= kHeaderWords) return;
  Mutator mutator{words, std::mt19937(seed)};
  const size_t steps = 1 + mutator.below(4);
  for (size_t i = 0; i < steps && words.size() > kHeaderWords; ++i) mutator.step();
}

}  // namespace metate::fuzz
