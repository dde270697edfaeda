#include "compiler/driver/study.h"

#include <utility>

#include "compiler/driver/compile.h"
#include "compiler/driver/study_facts.h"
#include "compiler/ir/text/print.h"
#include "compiler/target/spirv/emit.h"
#include "runtime/jit/remarks.h"

namespace metate::driver {
namespace {

/// The stages of one function, as IR.
base::Status study_stages(Specialisations& functions, const Specialisation& specialisation, Purpose purpose,
                          const ir::Universe& universe, Study& study) {
  FactFinder facts(universe);
  const std::string label = label_of(specialisation, universe);
  std::string before;
  support::Diagnostics diagnostics;
  const bool good =
      functions.replay(specialisation, purpose, diagnostics, [&](std::string_view stage, const ir::Function& function) {
        facts.saw(stage, function);
        std::string text = ir::print(function, {.sources = true});
        if (text != before) study.texts.push_back({std::string(stage), label, text});
        before = std::move(text);
      });
  if (!good) return base::Error{base::ErrorCode::kInternal, "compile " + label + " once more: it failed this time"};
  facts.finish(*specialisation.function, study);
  return base::Success{};
}

base::Status study_cpu_code(const Specialisations& functions, const Specialisation& root, ir::Universe& universe,
                            jit::Jit& jit, Study& study) {
  Artifact artifact;
  jit::OwnedModule module =
      lower_for_cpu(functions, root, universe, jit, artifact, CpuEntry::kSlots, /*keep_lines=*/true).module;
  const std::string label = label_of(root, universe);
  study.texts.push_back({"codegen", label, jit::text_with_lines(*module.module)});
  jit::CompileOptions options;
  options.keep_ir = options.keep_assembly = options.keep_remarks = true;
  base::Result<jit::Compiled> compiled = jit.compile(std::move(module), options);
  if (!compiled) return compiled.take_error();
  study.texts.push_back({"optimise", label, std::move(compiled->ir)});
  study.texts.push_back({"emit", label, std::move(compiled->assembly)});
  study.remarks = std::move(compiled->remarks);
  return base::Success{};
}

base::Status study_device_code(const Specialisations& functions, const Specialisation& root, const KernelTarget& target,
                               ir::Universe& universe, Study& study) {
  const std::string label = label_of(root, universe);
  {
    llvm::LLVMContext context;
    Artifact artifact;
    std::unique_ptr<llvm::Module> module =
        lower_for_spirv(functions, root, universe, context, artifact, {.keeps_lines = true, .target = target});
    study.texts.push_back({"codegen", label, jit::text_with_lines(*module)});
  }
  base::Result<CompiledKernel> compiled = compile_for_spirv(functions, root, universe, {.target = target});
  if (!compiled) return compiled.take_error();
  study.texts.push_back({"spirv", label, target::spirv::disassemble(compiled->words)});
  return base::Success{};
}

}  // namespace

base::Result<Study> study(Specialisations& functions, const Specialisation& root, Purpose purpose,
                          const KernelTarget& target, ir::Universe& universe, jit::Jit& jit) {
  Study study;
  const ir::FunctionOptions& options = root.function->options;
  study.checks_indices = options.boundscheck;
  study.fast_math = options.fastmath != 0;
  study.parallel = options.parallel;
  base::SpanCollector spans;
  base::TimedSpan whole(base::SpanKind::kStage, "study", label_of(root, universe));
  for (uint32_t index : functions.closure(root))
    if (base::Status done = study_stages(functions, functions[index], purpose, universe, study); !done)
      return done.take_error();
  const bool is_kernel = purpose.kernel_rank > 0;
  base::Status done = is_kernel ? study_device_code(functions, root, target, universe, study)
                                : study_cpu_code(functions, root, universe, jit, study);
  if (!done) return done.take_error();
  study.spans = spans.spans();
  return study;
}

}  // namespace metate::driver
