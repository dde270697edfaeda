// instruction.cpp – lookups in instruction.def.
#include "compiler/bytecode/instruction.h"

#include <array>
#include <bit>

namespace metate::bytecode {
namespace {

struct Row {
  std::string_view text;
  OperandKind operand;
  uint8_t flags;
};

constexpr auto kRows = std::to_array<Row>({
#define INSTRUCTION(enumerator, text, operand, pops, peeks, pushes, flags) {text, OperandKind::operand, flags},
#include "compiler/bytecode/instruction.def"
#undef INSTRUCTION
});

const Row& row(Opcode opcode) { return kRows[static_cast<size_t>(opcode)]; }

constexpr std::array<std::string_view, 4> kUnarySymbols = {"+", "-", "~", "not"};
constexpr std::array<std::string_view, kBinaryOperatorCount> kBinarySymbols = {"+", "&",  "//", "<<", "@", "*", "%",
                                                                               "|", "**", ">>", "-",  "/", "^"};
constexpr std::array<std::string_view, kCompareOperatorCount> kCompareSymbols = {"<", "<=", "==", "!=", ">", ">="};

}  // namespace

std::string_view name(Opcode opcode) { return row(opcode).text; }
OperandKind operand_kind(Opcode opcode) { return row(opcode).operand; }
uint8_t flags(Opcode opcode) { return row(opcode).flags; }

StackEffect stack_effect(Opcode opcode, uint32_t operand, uint32_t extra) {
  [[maybe_unused]] const uint32_t n = operand, m = extra;
  switch (opcode) {
#define INSTRUCTION(enumerator, text, operand, pops, peeks, pushes, flags) \
  case Opcode::enumerator:                                                 \
    return {pops, peeks, pushes};
#include "compiler/bytecode/instruction.def"
#undef INSTRUCTION
  }
  return {};
}

std::string_view symbol(UnaryOperator op) { return kUnarySymbols[static_cast<size_t>(op)]; }
std::string_view symbol(BinaryOperator op) { return kBinarySymbols[static_cast<size_t>(op)]; }
std::string_view symbol(CompareOperator op) { return kCompareSymbols[static_cast<size_t>(op)]; }

}  // namespace metate::bytecode
