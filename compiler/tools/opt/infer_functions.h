// infer_functions – types the untyped functions of a text.
#pragma once

#include <vector>

#include "compiler/ir/function.h"

namespace metate::tools {

/// Replaces each untyped function whose parameters have types in the text by what inference makes of it for arguments
/// of these types. Untyped functions without such types are callees of the others, by name; they go. False after
/// errors, which are said; the functions that have them go, too.
bool infer_functions(std::vector<ir::Function>& functions);

}  // namespace metate::tools
