// text.h – decoded instructions as text, for tests and for people.
#pragma once

#include <string>

#include "compiler/bytecode/decode.h"

namespace metate::bytecode {

/// One line an instruction; constants, names and variables are written out, `code N` is the Nth constant:
///
///   function add(a)
///     local a
///       0  load_fast a          ; 3:11-3:12
///       1  load_const 1         ; 3:15-3:16
///       2  binary +             ; 3:11-3:16
///       3  return               ; 3:4-3:16
///
/// An instruction that may raise inside of a try block ends in `handler @target depth n`.
std::string print(const DecodedFunction& function, const CodeObject& code);

/// As a Python literal; `code N` for a code object, N being its index in consts.
std::string print(const Const& value);

/// "3:11-3:16", "3" without columns, "?" if it is unknown.
std::string print(const support::SourceRange& range);

}  // namespace metate::bytecode
