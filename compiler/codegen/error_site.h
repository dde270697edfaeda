// error_site.h – the table beside an artifact's code that turns (site, values) of an error record into an exception.
#pragma once

#include <vector>

#include "compiler/ir/function.h"
#include "compiler/ir/message.h"

namespace metate::codegen {

/// What one place in the code says when it raises or prints, and where it stands. Compiled code knows only the index.
struct ErrorSite {
  enum class Kind : uint8_t {
    kRaise,
    kPrint,
    kCall,  // only a step of the traceback, without a message
  };
  Kind kind;
  ir::Message message;
  std::vector<types::TypeId> value_types;  // of the message: scalars
  ir::SourcePlace place;
};

}  // namespace metate::codegen
