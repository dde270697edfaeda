// forbidden.h – values that are fine as long as nothing uses them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/frontend/liveness.h"
#include "compiler/support/diagnostics.h"

namespace metate::frontend {

/// What to report where such a value is used: a loop's private variable after the loop, a global that compiled code
/// cannot hold, an exception that is not raised at once.
struct Forbidden {
  support::MessageId message;
  std::vector<std::string> arguments;  // at most two
  std::string note;                    // may be empty
  support::SourceRange note_place;
};

using ForbiddenValues = std::map<ir::Value, Forbidden>;

struct ForbiddenUse {
  const Forbidden* value;
  ir::Inst inst;
};

/// The first live instruction that uses one, be it by way of block parameters.
std::optional<ForbiddenUse> find_forbidden_use(const ir::Function& function, const Ssa& ssa, const Liveness& live,
                                               const ForbiddenValues& values);

}  // namespace metate::frontend
