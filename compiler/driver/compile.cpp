#include "compiler/driver/compile.h"

#include <algorithm>
#include <cstring>

#include "compiler/codegen/frozen_arrays.h"
#include "compiler/driver/access.h"
#include "compiler/driver/dump.h"
#include "compiler/driver/emit_spirv.h"
#include "compiler/driver/global_array_names.h"
#include "compiler/driver/nest_kernels.h"
#include "compiler/target/cpu/cpu_lowering.h"
#include "compiler/target/spirv/emit.h"
#include "compiler/target/spirv/spirv_lowering.h"
#include "compiler/types/slots.h"
#include "runtime/abi/kernel_conventions.h"
#include "runtime/base/build_info.h"
#include "runtime/base/trace.h"
#include "runtime/jit/remarks.h"

namespace metate::driver {
namespace {

using ir::Opcode;

void describe(const Specialisation& root, Artifact& artifact) {
  artifact.arguments = root.arguments;
  artifact.result = root.return_type;
  artifact.may_take_long = may_take_long(root);
}

/// An option of the kernel, or of a function that it calls, may leave the checks out.
bool has_checked_indices(const Specialisations& functions, const Specialisation& root) {
  return std::ranges::all_of(functions.closure(root),
                             [&](uint32_t index) { return functions[index].function->options.boundscheck; });
}

/// Whether a function of it is compiled for debuggers.
bool has_debug_lines(const Specialisations& functions, const Specialisation& root) {
  return std::ranges::any_of(functions.closure(root),
                             [&](uint32_t index) { return functions[index].function->options.debug; });
}

std::string entry_name(const Specialisation& root, const ir::Universe& universe) {
  return "metate_entry_" + std::string(universe.symbols.name(root.name));
}

void lower_all(codegen::ModuleLowering& lowering, const Specialisations& functions, const Specialisation& root) {
  std::vector<uint32_t> all = functions.closure(root);
  for (uint32_t index : all)
    if (functions[index].is_recursive) lowering.mark_recursive(functions[index].function->name);
  for (uint32_t index : all) lowering.add_function(*functions[index].function);
}

}  // namespace

bool may_take_long(const Specialisation& root) {
  const ir::Function& function = *root.function;
  for (uint32_t i = 0; i < function.block_count(); ++i) {
    const ir::BlockData& block = function.block(ir::Block(i));
    for (ir::Inst inst : block.insts) {
      switch (function.inst(inst).opcode) {
        case Opcode::kNest:
        case Opcode::kAlloc:
        case Opcode::kCall:
        case Opcode::kCallForeign:
          return true;
        case Opcode::kJump:
        case Opcode::kBranch:
          // A loop needs an edge back to a block that stands before.
          for (const ir::BlockCall& call : function.targets(inst))
            if (call.block.index() <= i) return true;
          break;
        default:
          break;
      }
    }
  }
  return false;
}

HostCode lower_for_cpu(const Specialisations& functions, const Specialisation& root, ir::Universe& universe,
                       const jit::Jit& jit, Artifact& artifact, CpuEntry entry, bool keep_lines) {
  base::TimedSpan span(base::SpanKind::kStage, "codegen");
  jit::OwnedModule owned{.context = std::make_unique<llvm::LLVMContext>(), .module = nullptr};
  std::unique_ptr<codegen::TargetLowering> target = target::cpu::make_lowering(jit.cpu().triple, jit.cpu().data_layout);
  codegen::ModuleLowering lowering(*owned.context, universe, *target, universe.symbols.name(root.name));
  if (keep_lines) lowering.keep_lines();
  lower_all(lowering, functions, root);
  artifact.entry = entry_name(root, universe);
  if (entry == CpuEntry::kSlots) {
    lowering.add_entry(*root.function, artifact.entry);
  } else {
    lowering.add_c_function(*root.function, artifact.entry);
  }
  artifact.sites = lowering.take_sites();
  owned.module = lowering.take_module();
  return {std::move(owned), lowering.take_device_nests()};
}

base::Result<Artifact> compile_for_cpu(const Specialisations& functions, const Specialisation& root,
                                       ir::Universe& universe, jit::Jit& jit, CpuEntry entry, bool checked) {
  base::TimedSpan span(base::SpanKind::kStage, "code", base::is_traced() ? label_of(root, universe) : "");
  Artifact artifact;
  artifact.kind = Artifact::Kind::kObject;
  describe(root, artifact);
  jit::CompileOptions options;
  options.keep_frame_pointers = has_debug_lines(functions, root);
  HostCode code =
      lower_for_cpu(functions, root, universe, jit, artifact, entry, /*keep_lines=*/options.keep_frame_pointers);
  // In builds with a sanitizer compiled code is watched too.
  std::string_view sanitizers = base::build_info().sanitizers;
  options.sanitize_address = sanitizers.find("address") != std::string_view::npos;
  options.sanitize_thread = sanitizers.find("thread") != std::string_view::npos;
#ifdef METATE_ASSERTIONS
  options.verify = true;
#endif
  const std::string_view name = universe.symbols.name(root.name);
  if (is_dumped("codegen")) dump("codegen", name, "ll", jit::text_with_lines(*code.module.module));
  options.keep_ir = is_dumped("optimise");
  options.keep_assembly = is_dumped("emit");
  base::Result<jit::Compiled> compiled = jit.compile(std::move(code.module), options);
  if (!compiled) return compiled.take_error();
  if (options.keep_ir) dump("optimise", name, "ll", compiled->ir);
  if (options.keep_assembly) dump("emit", name, "s", compiled->assembly);
  artifact.bytes = std::move(compiled->object);
  report_nests(functions, root, code.device_nests, artifact);
  if (!root.function->options.offload) return artifact;
  artifact.written = written_parameters(functions, root);
  artifact.host_accesses = host_accesses(functions, root);
  if (base::Status status = add_nest_kernels(functions, universe, code.device_nests, artifact, checked); !status)
    return status.take_error();
  return artifact;
}

std::unique_ptr<llvm::Module> lower_for_spirv(const Specialisations& functions, const Specialisation& root,
                                              ir::Universe& universe, llvm::LLVMContext& context, Artifact& artifact,
                                              const SpirvLowering& options) {
  base::TimedSpan span(base::SpanKind::kStage, "codegen");
  std::unique_ptr<codegen::TargetLowering> target = target::spirv::make_lowering(0, options.target.features);
  codegen::ModuleLowering lowering(context, universe, *target, universe.symbols.name(root.name));
  if (options.keeps_lines) lowering.keep_lines();
  if (options.embeds_arrays) lowering.embed_frozen_arrays();
  if (options.checked) {
    lowering.check_kernel(root.function->name, functions.source(root.callee).code->name);
    lowering.name_global_arrays(global_array_names(functions, root, universe));
  }
  lower_all(lowering, functions, root);
  artifact.entry = entry_name(root, universe);
  lowering.add_kernel(*root.function, artifact.entry);
  artifact.sites = lowering.take_sites();
  std::unique_ptr<llvm::Module> module = lowering.take_module();
  if (is_dumped("codegen")) dump("codegen", universe.symbols.name(root.name), "ll", jit::text_with_lines(*module));
  return module;
}

base::Result<CompiledKernel> compile_for_spirv(const Specialisations& functions, const Specialisation& root,
                                               ir::Universe& universe, const SpirvOptions& options) {
  base::TimedSpan span(base::SpanKind::kStage, "spirv", base::is_traced() ? label_of(root, universe) : "");
  CompiledKernel kernel;
  kernel.artifact.kind = Artifact::Kind::kSpirv;
  describe(root, kernel.artifact);
  kernel.artifact.written = written_parameters(functions, root);
  kernel.artifact.read = read_parameters(functions, root);
  base::Result<std::vector<uint32_t>> words = emit_spirv(
      [&](llvm::LLVMContext& context) {
        std::unique_ptr<llvm::Module> module = lower_for_spirv(
            functions, root, universe, context, kernel.artifact,
            {.checked = options.checked, .embeds_arrays = options.is_exported, .target = options.target});
        kernel.global_arrays = codegen::arrays_to_fill(*module, universe);
        return module;
      },
      {.processed = has_checked_indices(functions, root) ? abi::kChecksIndices : abi::kReportsFailures,
       .version = options.version,
       .sub_group_size = options.target.sub_group_size,
       .llvm_ir = options.llvm_ir});
  if (!words) return words.take_error();
  kernel.words = std::move(*words);
  kernel.use = device_use(functions, root, universe.types);
  kernel.prints = std::ranges::any_of(kernel.artifact.sites, [](const codegen::ErrorSite& site) {
    return site.kind == codegen::ErrorSite::Kind::kPrint;
  });
  if (is_dumped("spirv"))
    dump("spirv", universe.symbols.name(root.name), "spvasm", target::spirv::disassemble(kernel.words));

  uint32_t slot = 0;
  for (uint32_t parameter = 0; parameter < root.arguments.size(); ++parameter)
    append_kernel_arguments(root.arguments[parameter], universe, parameter, slot, kernel.arguments);
  return kernel;
}

}  // namespace metate::driver
