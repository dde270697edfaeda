// exception_table.h – co_exceptiontable of CPython 3.11 and later.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/bytecode/raw_code.h"

namespace metate::bytecode {

struct ExceptionTableEntry {
  uint32_t target;  // index into RawCode::instructions
  uint32_t depth;   // stack slots that are kept
  bool push_lasti;  // the number of the failed instruction is pushed below the exception
};

struct ExceptionTable {
  std::vector<ExceptionTableEntry> entries;
  std::vector<uint32_t> by_instruction;  // raw instruction → entry, or kNoEntry

  static constexpr uint32_t kNoEntry = UINT32_MAX;
};

/// The format is described in CPython's Objects/exception_handling_notes.txt.
base::Result<ExceptionTable> read_exception_table(const CodeObject& code, const RawCode& raw);

}  // namespace metate::bytecode
