// verify.h – what must hold of every function between passes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace metate::ir {

class Function;

/// What is wrong, one message each with the instruction or block it is about; nothing if the function is well formed.
/// Checks in three steps, each only if the one before found nothing: that ids and blocks fit together, that values are
/// defined where they are used, that types fit the instructions (docs/ir.md). Any content of the tables is safe to ask.
std::vector<std::string> verify(const Function& function);

/// In builds with assertions: prints the messages and the function and ends the process unless all is well.
/// `after` names the pass. Does nothing in other builds.
void verify_or_die(const Function& function, std::string_view after);

}  // namespace metate::ir
