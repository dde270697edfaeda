// raw_code.h – the bytes of a function cut into CPython's instructions.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/bytecode/code_object.h"
#include "compiler/bytecode/versions.h"
#include "runtime/base/result.h"

namespace metate::bytecode {

/// One CPython instruction: prefixes folded into `argument`, inline caches left out.
struct RawInstruction {
  const OpcodeRow* row;
  uint32_t argument;
  uint32_t start;  // code unit (two bytes) of its first prefix: where jumps to it land
  uint32_t unit;   // code unit of the opcode itself: where its position is kept
};

struct RawCode {
  std::vector<RawInstruction> instructions;
  std::vector<uint32_t> by_unit;  // code unit → index of the instruction that starts there, or kNoInstruction

  static constexpr uint32_t kNoInstruction = UINT32_MAX;

  /// kNoInstruction where `unit` is outside of the code or inside an instruction.
  uint32_t index_at(uint64_t unit) const { return unit < by_unit.size() ? by_unit[unit] : kNoInstruction; }
};

base::Result<RawCode> read_raw_code(const CodeObject& code, const Version& version);

/// "damaged bytecode of f (model.py:3), code unit 12: …"
base::Error damaged_code(const CodeObject& code, uint32_t unit, const std::string& what);

}  // namespace metate::bytecode
