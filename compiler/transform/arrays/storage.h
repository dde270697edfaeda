// storage – whose memory an array value stands on, and which of two can be the same.
#pragma once

#include "compiler/ir/function.h"

namespace metate::transform {

/// The array behind views of all kinds.
ir::Value storage_of(const ir::Function& function, ir::Value array);

/// Whether the value is new memory that nothing else stands on when it is made.
bool is_new_storage(const ir::Function& function, ir::Value storage);

/// Whether the two are the same elements in the same order.
bool is_same_view(const ir::Function& function, ir::Value a, ir::Value b);

/// Whether the memory of two arrays may be the same, given their `storage_of`.
bool may_share(const ir::Function& function, ir::Value a, ir::Value b);

}  // namespace metate::transform
