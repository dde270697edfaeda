// versions.h – the CPython versions whose bytecode can be decoded, and how they differ beyond their opcodes.
#pragma once

#include <span>
#include <string>

#include "compiler/bytecode/opcode_table.h"

namespace metate::bytecode {

/// How a version says where exceptions go.
enum class HandlerModel : uint8_t {
  kBlockStack,  // SETUP_… and POP_BLOCK instructions; an exception is three stack slots
  kTable,       // co_exceptiontable; an exception is one slot
};

/// Who makes the cells of captured variables.
enum class CellModel : uint8_t {
  kImplicit,     // the call does, before the first instruction
  kInstruction,  // MAKE_CELL
};

/// Where the NULL (or self) of a call sits.
enum class NullPosition : uint8_t { kBelowCallee, kAboveCallee };

struct Version {
  int major;
  int minor;
  HandlerModel handlers;
  CellModel cells;
  NullPosition null_position;
  OpcodeTable table;
};

/// Oldest first.
std::span<const Version> known_versions();

/// Null if the version is unknown.
const Version* find_version(int major, int minor);

/// "3.10, 3.11" for messages.
std::string known_version_names();

}  // namespace metate::bytecode
