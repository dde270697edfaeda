#include "compiler/transform/remove_dead_code.h"

#include "compiler/ir/edit/dead_code.h"

namespace metate::transform {

void remove_dead_code(ir::Function& function, PassContext&) { ir::remove_dead_code(function); }

}  // namespace metate::transform
