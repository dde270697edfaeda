// decode.h – a code object of any supported CPython becomes version-neutral instructions.
#pragma once

#include <string>
#include <vector>

#include "compiler/bytecode/code_object.h"
#include "compiler/bytecode/instruction.h"
#include "runtime/base/result.h"

namespace metate::bytecode {

enum class VariableKind : uint8_t {
  kLocal,
  kCell,  // a local that inner functions capture: read and written with load_deref and store_deref
  kFree,  // a cell of an outer function
};

struct Variable {
  std::string name;
  VariableKind kind = VariableKind::kLocal;

  bool operator==(const Variable&) const = default;
};

/// Where an exception goes: the stack is cut to `depth` values, the exception is pushed, `target` goes on.
struct Handler {
  uint32_t target;
  uint32_t depth;

  bool operator==(const Handler&) const = default;
};

/// Names and constants stay in the code object: instructions index its `names` and `consts`.
struct DecodedFunction {
  std::vector<Variable> variables;  // arguments first, in the order of CodeObject::varnames; free ones last
  std::vector<Instruction> instructions;
  std::vector<Handler> handlers;
  // By handler: what stands in front of its first instruction and does nothing, as "try:" does.
  std::vector<support::SourceRange> handler_starts;
  std::vector<std::string> unsupported;  // CPython's names of instructions that have no neutral form
};

/// Unreachable code is left out, and so is what only follows an `unsupported` instruction. Fails for a CPython
/// version without a table (kUnsupported) and for damaged code (kInvalidArgument); no input makes it crash.
base::Result<DecodedFunction> decode(const CodeObject& code);

}  // namespace metate::bytecode
