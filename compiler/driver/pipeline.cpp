#include "compiler/driver/pipeline.h"

#include "compiler/transform/pass.h"

namespace metate::driver {

bool run_pipeline(ir::Function& function, support::Diagnostics& diagnostics) {
  transform::PassContext context{diagnostics};
  for (const transform::PassInfo& pass : transform::passes()) {
    pass.run(function, context);
    if (diagnostics.has_errors()) return false;
  }
  return true;
}

}  // namespace metate::driver
