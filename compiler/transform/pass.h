// pass.h – what all passes have in common: they take a function and change it.
#pragma once

#include <string_view>

#include "compiler/ir/function.h"
#include "compiler/support/diagnostics.h"

namespace metate::transform {

/// Where the code of called functions is.
class CalleeBodies {
 public:
  virtual ~CalleeBodies() = default;
  /// At the loop stage and through all passes; null where it is not known, or not for good.
  virtual const ir::Function* body(const ir::CalleeRef& callee) const = 0;
};

/// What a pass may need beside the function.
struct PassContext {
  support::Diagnostics& diagnostics;
  const CalleeBodies* callees = nullptr;
};

using Pass = void (*)(ir::Function&, PassContext&);

struct PassInfo {
  std::string_view name;
  Pass run;
  std::string_view description;
};

/// All passes, in the order of the pipeline.
std::span<const PassInfo> passes();

}  // namespace metate::transform
