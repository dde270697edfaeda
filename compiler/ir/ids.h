// ids – by what the parts of a function are addressed.
#pragma once

#include "compiler/support/ids.h"

namespace metate::ir {

using Value = support::Id<struct ValueTag>;
using Inst = support::Id<struct InstTag>;
using Block = support::Id<struct BlockTag>;
using Region = support::Id<struct RegionTag>;

}  // namespace metate::ir
