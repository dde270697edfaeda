// versions.cpp – the one list of CPython versions.
#include "compiler/bytecode/versions.h"

#include "compiler/bytecode/irregular.h"

namespace metate::bytecode {
namespace {

#define OPCODE(number, text, neutral, rule) {number, #text, RowKind::kOpcode, Opcode::neutral, nullptr, operand::rule},
#define IRREGULAR(number, text, function, rule) \
  {number, #text, RowKind::kIrregular, Opcode::kUnsupported, irregular::function, operand::rule},
#define DROPPED(number, text) {number, #text, RowKind::kDropped, Opcode::kUnsupported, nullptr, operand::none},
#define UNSUPPORTED(number, text) {number, #text, RowKind::kUnsupported, Opcode::kUnsupported, nullptr, operand::none},
#define PREFIX(number, text) {number, #text, RowKind::kPrefix, Opcode::kUnsupported, nullptr, operand::none},

constexpr auto kRows310 = std::to_array<OpcodeRow>({
#include "compiler/bytecode/opcodes_3_10.def"
});
constexpr auto kRows311 = std::to_array<OpcodeRow>({
#include "compiler/bytecode/opcodes_3_11.def"
});
constexpr auto kRows312 = std::to_array<OpcodeRow>({
#include "compiler/bytecode/opcodes_3_12.def"
});
constexpr auto kRows313 = std::to_array<OpcodeRow>({
#include "compiler/bytecode/opcodes_3_13.def"
});

#undef OPCODE
#undef IRREGULAR
#undef DROPPED
#undef UNSUPPORTED
#undef PREFIX

constexpr auto kVersions = std::to_array<Version>({
    {3, 10, HandlerModel::kBlockStack, CellModel::kImplicit, NullPosition::kBelowCallee, OpcodeTable(kRows310)},
    {3, 11, HandlerModel::kTable, CellModel::kInstruction, NullPosition::kBelowCallee, OpcodeTable(kRows311)},
    {3, 12, HandlerModel::kTable, CellModel::kInstruction, NullPosition::kBelowCallee, OpcodeTable(kRows312)},
    {3, 13, HandlerModel::kTable, CellModel::kInstruction, NullPosition::kAboveCallee, OpcodeTable(kRows313)},
});

}  // namespace

std::span<const Version> known_versions() { return kVersions; }

const Version* find_version(int major, int minor) {
  for (const Version& version : kVersions) {
    if (version.major == major && version.minor == minor) return &version;
  }
  return nullptr;
}

std::string known_version_names() {
  std::string names;
  for (const Version& version : kVersions) {
    if (!names.empty()) names += ", ";
    names += std::to_string(version.major) + "." + std::to_string(version.minor);
  }
  return names;
}

}  // namespace metate::bytecode
