#include "compiler/driver/pipeline.h"

#include "compiler/ir/verify/verify.h"
#include "compiler/transform/pass.h"
#include "runtime/base/trace.h"

namespace metate::driver {
namespace {

/// In checked builds: an invalid function is a bug of the stage before, reported with the verifier's words.
bool is_valid([[maybe_unused]] const ir::Function& function, [[maybe_unused]] std::string_view stage,
              [[maybe_unused]] support::Diagnostics& diagnostics) {
#ifdef METATE_ASSERTIONS
  std::vector<std::string> faults = ir::verify(function);
  if (faults.empty()) return true;
  std::string name(function.universe().symbols.name(function.name));
  diagnostics.error(support::MessageId::kInternal, {"", name, {}}, {stage, name, faults.front()});
  return false;
#else
  return true;
#endif
}

}  // namespace

bool run_pipeline(ir::Function& function, const transform::CalleeBodies& callees, support::Diagnostics& diagnostics,
                  const StageObserver& observe) {
  if (!is_valid(function, "infer", diagnostics)) return false;
  observe("infer", function);
  transform::PassContext context{diagnostics, &callees};
  for (const transform::PassInfo& pass : transform::passes()) {
    {
      base::TimedSpan span(base::SpanKind::kStage, pass.name);
      pass.run(function, context);
    }
    if (diagnostics.has_errors() || !is_valid(function, pass.name, diagnostics)) return false;
    observe(pass.name, function);
  }
  return true;
}

}  // namespace metate::driver
