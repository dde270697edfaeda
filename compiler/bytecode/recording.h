// recording.h – code objects as text, so that every version's can be kept, read by people and decoded anywhere.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/bytecode/code_object.h"
#include "runtime/base/result.h"

namespace metate::bytecode {

/// `compiler/tools/record_code.py` writes the same text. A recording is a row of code objects:
///
///   code "scale"
///     python 3 12
///     qualname "scale"
///     filename "loops.py"
///     line 3
///     arguments 2 0 0              # count, of these positional only, keyword only
///     flags 3
///     stack 4
///     names "range"
///     varnames "a" "n"
///     cellvars
///     freevars
///     consts
///       none
///       float 0x1.8p+0
///       tuple int 1 str "x" end
///     end
///     bytecode
///       97 00 @3:0-3:0             # RESUME 0
///     end
///     exceptions 83 01 84 00
///   end
///
/// Bytes of one instruction (with its caches) share a line and a position: @line:column-line:column, @line in 3.10,
/// @? where there is none. A # starts a comment.
std::string write_recording(const CodeObject& code);

base::Result<std::vector<std::shared_ptr<const CodeObject>>> read_recording(std::string_view text);

}  // namespace metate::bytecode
