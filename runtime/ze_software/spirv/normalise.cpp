#include "runtime/ze_software/spirv/normalise.h"

#include <cstddef>
#include <unordered_map>

#include <spirv/unified1/spirv.hpp11>

namespace metate::ze_software::spirv {
namespace {

using std::ptrdiff_t;
using std::size_t;

constexpr size_t kHeaderWords = 5;

uint32_t length(uint32_t first_word) { return first_word >> 16; }
spv::Op opcode(uint32_t first_word) { return static_cast<spv::Op>(first_word & 0xffff); }

/// True when the words are cut into instructions without a rest.
bool is_whole(const std::vector<uint32_t>& words) {
  if (words.size() < kHeaderWords || words[0] != spv::MagicNumber) return false;
  size_t at = kHeaderWords;
  while (at < words.size()) {
    if (length(words[at]) == 0) return false;
    at += length(words[at]);
  }
  return at == words.size();
}

}  // namespace

void normalise(std::vector<uint32_t>& words) {
  if (!is_whole(words)) return;
  std::unordered_map<uint32_t, uint32_t> integer_widths;  // of integer types
  std::vector<uint32_t> result(words.begin(), words.begin() + kHeaderWords);
  result.reserve(words.size());
  for (size_t at = kHeaderWords; at < words.size(); at += length(words[at])) {
    const spv::Op op = opcode(words[at]);
    const uint32_t count = length(words[at]);
    if (op == spv::Op::OpConstantNull && count > 3) {
      // LLVM 22 repeats the type behind a null event.
      result.push_back(3 << 16 | static_cast<uint32_t>(op));
      result.insert(result.end(), {words[at + 1], words[at + 2]});
      continue;
    }
    if (op == spv::Op::OpTypeInt && count == 4) integer_widths[words[at + 1]] = words[at + 2];
    auto integer =
        op == spv::Op::OpConstantNull && count == 3 ? integer_widths.find(words[at + 1]) : integer_widths.end();
    if (integer == integer_widths.end()) {
      result.insert(result.end(), words.begin() + static_cast<ptrdiff_t>(at),
                    words.begin() + static_cast<ptrdiff_t>(at + count));
      continue;
    }
    const uint32_t value_words = integer->second > 32 ? 2 : 1;
    result.push_back((3 + value_words) << 16 | static_cast<uint32_t>(spv::Op::OpConstant));
    result.push_back(words[at + 1]);
    result.push_back(words[at + 2]);
    result.insert(result.end(), value_words, 0);
  }
  words = std::move(result);
}

}  // namespace metate::ze_software::spirv
