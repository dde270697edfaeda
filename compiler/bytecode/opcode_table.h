// opcode_table.h – the form of the opcodes_3_xx.def tables: one row for each opcode of one CPython version.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "compiler/bytecode/instruction.h"

namespace metate::bytecode {

class Translator;

/// How the operand of a neutral instruction is made from CPython's oparg.
enum class OperandSource : uint8_t {
  kNone,      // there is none; the oparg means nothing
  kNumber,    // the oparg
  kFlag,      // 1 if the oparg is not zero
  kShifted,   // the oparg without its low bits, which only help CPython's interpreter
  kFixed,     // the row says it, the oparg means nothing
  kConstant,  // index into consts
  kName,      // index into names
  kVariable,  // index into "locals plus": varnames, other cells, free variables
  kCell,      // index into cellvars + freevars (3.10)
  kDepth,     // stack slots from the top, after the pops of the instruction
  kForward,   // jump: code units forward from the next instruction
  kBackward,  // jump: code units back from the next instruction
  kAbsolute,  // jump: code units from the start of the function (3.10)
};

struct OperandRule {
  OperandSource source = OperandSource::kNone;
  uint32_t value = 0;  // of kFixed and kShifted
};

/// The words of the last column of the tables.
// NOLINTBEGIN(readability-identifier-naming)
namespace operand {
inline constexpr OperandRule none{OperandSource::kNone};
inline constexpr OperandRule number{OperandSource::kNumber};
inline constexpr OperandRule flag{OperandSource::kFlag};
inline constexpr OperandRule constant{OperandSource::kConstant};
inline constexpr OperandRule name{OperandSource::kName};
inline constexpr OperandRule variable{OperandSource::kVariable};
inline constexpr OperandRule cell{OperandSource::kCell};
inline constexpr OperandRule depth{OperandSource::kDepth};
inline constexpr OperandRule forward{OperandSource::kForward};
inline constexpr OperandRule backward{OperandSource::kBackward};
inline constexpr OperandRule absolute{OperandSource::kAbsolute};
constexpr OperandRule shifted(uint32_t bits) { return {OperandSource::kShifted, bits}; }
constexpr OperandRule fixed(uint32_t value) { return {OperandSource::kFixed, value}; }
constexpr OperandRule fixed(UnaryOperator op) { return fixed(static_cast<uint32_t>(op)); }
constexpr OperandRule fixed(BinaryOperator op) { return fixed(static_cast<uint32_t>(op)); }
}  // namespace operand
// NOLINTEND(readability-identifier-naming)

/// An opcode that takes more than a row: see irregular.h.
using IrregularFunction = void (*)(Translator&, uint32_t operand);

/// The four kinds of rows:
///
///   OPCODE(number, NAME, neutral, operand)      becomes that one neutral instruction
///   IRREGULAR(number, NAME, function, operand)  `function` of irregular.h says what it becomes
///   DROPPED(number, NAME)                       means nothing to a compiler
///   UNSUPPORTED(number, NAME)                   becomes `unsupported` with its name
///
/// and PREFIX(number, EXTENDED_ARG), whose oparg belongs to the next instruction.
enum class RowKind : uint8_t { kOpcode, kIrregular, kDropped, kUnsupported, kPrefix };

struct OpcodeRow {
  uint8_t number = 0;
  std::string_view name;
  RowKind kind = RowKind::kUnsupported;
  Opcode opcode = Opcode::kUnsupported;
  IrregularFunction function = nullptr;
  OperandRule operand;
};

/// The rows of one version, found by opcode number.
class OpcodeTable {
 public:
  constexpr explicit OpcodeTable(std::span<const OpcodeRow> rows) : rows_(rows) {
    index_.fill(kAbsent);
    for (size_t i = 0; i < rows.size(); ++i) index_[rows[i].number] = static_cast<uint16_t>(i);
  }

  /// Null where the version has no such opcode.
  constexpr const OpcodeRow* find(uint8_t number) const {
    return index_[number] == kAbsent ? nullptr : &rows_[index_[number]];
  }
  constexpr std::span<const OpcodeRow> rows() const { return rows_; }

 private:
  static constexpr uint16_t kAbsent = UINT16_MAX;
  std::span<const OpcodeRow> rows_;
  std::array<uint16_t, 256> index_{};
};

}  // namespace metate::bytecode
