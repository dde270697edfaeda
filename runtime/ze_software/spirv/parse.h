// parse – SPIR-V bytes become a list of instructions, whose grammar SPIRV-Tools has checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <spirv/unified1/spirv.hpp11>

namespace metate::ze_software::spirv {

struct Instruction {
  spv::Op opcode = spv::Op::OpNop;
  uint32_t type = 0;                   // id of the result type, or 0
  uint32_t result = 0;                 // id of the result, or 0
  std::span<const uint32_t> operands;  // the words after those two
};

struct ParsedModule {
  uint32_t bound = 0;  // above every id
  std::vector<uint32_t> words;
  std::vector<Instruction> instructions;  // operands point into `words`
};

/// Nothing when the bytes are no SPIR-V; `log` then says where and why. A module that breaks a rule of the validator
/// may still have one clear meaning, as many a compiler's output: it is parsed, and `log` has a note. So nothing can be
/// taken for granted but the grammar of each instruction, and that a result id is below the bound and defined once.
std::optional<ParsedModule> parse(std::span<const std::byte> bytes, std::string& log);

/// The text of a literal string operand that begins at `words`, and the words behind it.
std::string read_string(std::span<const uint32_t> words, std::span<const uint32_t>* rest = nullptr);

}  // namespace metate::ze_software::spirv
