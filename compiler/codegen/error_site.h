// error_site.h – the table beside an artifact's code that turns (site, values) of an error record into an exception.
#pragma once

#include <vector>

#include "compiler/ir/function.h"

namespace metate::codegen {

/// What one place in the code says when it raises or prints, and where it stands. Compiled code knows only the index.
struct ErrorSite {
  enum class Kind : uint8_t {
    kMessage,    // `message` with `value_types`: raise, check
    kIndex,      // IndexError; values: index, axis, extent
    kUnbound,    // UnboundLocalError for the variable `symbol`
    kMemory,     // MemoryError; values: bytes
    kRecursion,  // RecursionError
    kPrint,      // `message` with `value_types`, which is no error
    kCall,       // only a step of the traceback
  };
  Kind kind;
  ir::Message message;
  std::vector<types::TypeId> value_types;
  support::Symbol symbol;
  ir::SourcePlace place;
};

}  // namespace metate::codegen
