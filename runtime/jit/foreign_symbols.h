// foreign_symbols – what machine code may call besides Metate's own functions: mathematics, memcpy and its like.
#pragma once

#include <string_view>

namespace metate::jit {

/// Address of a routine of math_symbols.def, or of one that LLVM itself calls for an instruction (memset, __divti3,
/// the sanitizers' reports); null for every other name.
const void* find_foreign_symbol(std::string_view name);

}  // namespace metate::jit
