#include "compiler/bytecode/raw_code.h"

#include <string>

namespace metate::bytecode {
namespace {

// An oparg has 32 bits: three prefixes and the instruction's own byte.
constexpr int kMaxPrefixes = 3;

}  // namespace

base::Error damaged_code(const CodeObject& code, uint32_t unit, const std::string& what) {
  return {base::ErrorCode::kInvalidArgument, "damaged bytecode of " + code.qualname + " (" + code.filename + ":" +
                                                 std::to_string(code.first_line) + "), code unit " +
                                                 std::to_string(unit) + ": " + what};
}

base::Result<RawCode> read_raw_code(const CodeObject& code, const Version& version) {
  if (code.bytecode.size() % 2 != 0) return damaged_code(code, 0, "the number of bytes is odd");
  const auto unit_count = static_cast<uint32_t>(code.bytecode.size() / 2);
  if (!code.positions.empty() && code.positions.size() != unit_count) {
    return damaged_code(
        code, 0,
        std::to_string(code.positions.size()) + " positions for " + std::to_string(unit_count) + " code units");
  }

  RawCode raw;
  raw.by_unit.assign(unit_count, RawCode::kNoInstruction);
  uint32_t argument = 0;
  int prefixes = 0;
  for (uint32_t unit = 0; unit < unit_count; ++unit) {
    const uint8_t number = code.bytecode[2 * size_t{unit}];
    const OpcodeRow* row = version.table.find(number);
    if (row == nullptr) {
      return damaged_code(code, unit,
                          "CPython " + std::to_string(version.major) + "." + std::to_string(version.minor) +
                              " has no opcode " + std::to_string(number));
    }
    argument = argument << 8 | code.bytecode[2 * size_t{unit} + 1];
    if (row->kind == RowKind::kPrefix) {
      if (++prefixes > kMaxPrefixes) return damaged_code(code, unit, "an operand of more than 32 bits");
      continue;
    }
    const uint32_t start = unit - static_cast<uint32_t>(prefixes);
    // co_code has the inline caches of 3.11 and later zeroed, which reads as the opcode CACHE.
    if (row->name != "CACHE") {
      raw.by_unit[start] = static_cast<uint32_t>(raw.instructions.size());
      raw.instructions.push_back({row, argument, start, unit});
    } else if (prefixes != 0) {
      return damaged_code(code, unit, "a prefix without an instruction");
    }
    argument = 0;
    prefixes = 0;
  }
  if (prefixes != 0) return damaged_code(code, unit_count, "a prefix without an instruction");
  if (raw.instructions.empty()) return damaged_code(code, 0, "there is no instruction");
  return raw;
}

}  // namespace metate::bytecode
