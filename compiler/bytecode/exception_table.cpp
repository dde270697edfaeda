#include "compiler/bytecode/exception_table.h"

#include <optional>

namespace metate::bytecode {
namespace {

/// Numbers of 6-bit groups, highest first. Bit 6 says that another group follows; bit 7 marks the start of an entry.
class VarintReader {
 public:
  explicit VarintReader(const std::vector<uint8_t>& bytes) : bytes_(bytes) {}

  bool at_end() const { return position_ >= bytes_.size(); }

  std::optional<uint32_t> next() {
    uint64_t value = 0;
    while (!at_end()) {
      const uint8_t byte = bytes_[position_++];
      value = value << 6 | (byte & 0x3fu);
      if (value > UINT32_MAX) return std::nullopt;
      if ((byte & 0x40u) == 0) return static_cast<uint32_t>(value);
    }
    return std::nullopt;
  }

 private:
  const std::vector<uint8_t>& bytes_;
  size_t position_ = 0;
};

}  // namespace

base::Result<ExceptionTable> read_exception_table(const CodeObject& code, const RawCode& raw) {
  ExceptionTable table;
  table.by_instruction.assign(raw.instructions.size(), ExceptionTable::kNoEntry);
  VarintReader reader(code.exception_table);
  while (!reader.at_end()) {
    const std::optional<uint32_t> start = reader.next(), length = reader.next(), target = reader.next(),
                                  depth_and_lasti = reader.next();
    if (!start || !length || !target || !depth_and_lasti) {
      return damaged_code(code, 0, "the exception table ends inside an entry");
    }
    const uint32_t handler = raw.index_at(*target);
    if (handler == RawCode::kNoInstruction) {
      return damaged_code(code, *target, "an exception handler starts where no instruction does");
    }
    const auto entry = static_cast<uint32_t>(table.entries.size());
    table.entries.push_back({handler, *depth_and_lasti >> 1, (*depth_and_lasti & 1) != 0});
    for (size_t i = 0; i < raw.instructions.size(); ++i) {
      const uint64_t unit = raw.instructions[i].unit;
      const bool covered = unit >= *start && unit < uint64_t{*start} + *length;
      // As CPython does, the first entry that covers an instruction wins.
      if (covered && table.by_instruction[i] == ExceptionTable::kNoEntry) table.by_instruction[i] = entry;
    }
  }
  return table;
}

}  // namespace metate::bytecode
