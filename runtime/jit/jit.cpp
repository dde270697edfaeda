#include "runtime/jit/jit.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>
#include <vector>

#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/Cloning.h"

#include "runtime/base/trace.h"
#include "runtime/jit/crash_guard.h"
#include "runtime/jit/emit.h"
#include "runtime/jit/pipeline.h"
#include "runtime/jit/remarks.h"
#include "runtime/jit/target_machine.h"
#include "runtime/jit/vector_math.h"

namespace metate::jit {

// Target machines are costly to make next to a small compile, and not to be shared by two at once.
class Jit::MachinePool {
 public:
  base::Result<std::unique_ptr<llvm::TargetMachine>> take(const HostCpu& cpu, int optimisation) {
    {
      std::lock_guard lock(mutex_);
      auto& idle = idle_[static_cast<size_t>(optimisation)];
      if (!idle.empty()) {
        std::unique_ptr<llvm::TargetMachine> machine = std::move(idle.back());
        idle.pop_back();
        return machine;
      }
    }
    return make_target_machine(cpu, optimisation);
  }

  void give_back(std::unique_ptr<llvm::TargetMachine> machine, int optimisation) {
    std::lock_guard lock(mutex_);
    idle_[static_cast<size_t>(optimisation)].push_back(std::move(machine));
  }

 private:
  std::mutex mutex_;
  std::array<std::vector<std::unique_ptr<llvm::TargetMachine>>, 4> idle_;
};

namespace {

// Without a handler LLVM prints an error and exits the process.
class DiagnosticCollector : public llvm::DiagnosticHandler {
 public:
  /// `remarks`: null where nobody wants any.
  DiagnosticCollector(std::string& errors, std::vector<Remark>* remarks) : errors_(errors), remarks_(remarks) {}
  bool isPassedOptRemarkEnabled(llvm::StringRef pass) const override { return wants(pass); }
  bool isMissedOptRemarkEnabled(llvm::StringRef pass) const override { return wants(pass); }
  bool isAnalysisRemarkEnabled(llvm::StringRef pass) const override { return wants(pass); }
  bool isAnyRemarkEnabled() const override { return remarks_; }
  bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
    if (remarks_) append_remark(info, *remarks_);
    if (info.getSeverity() == llvm::DS_Error) {
      llvm::raw_string_ostream out(errors_);
      out << (errors_.empty() ? "" : "; ");
      llvm::DiagnosticPrinterRawOStream printer(out);
      info.print(printer);
    }
    return true;
  }

 private:
  bool wants(llvm::StringRef pass) const { return remarks_ && is_pass_of_interest(pass); }

  std::string& errors_;
  std::vector<Remark>* remarks_;
};

struct Work {
  llvm::Module& module;
  llvm::TargetMachine& machine;
  const HostCpu& cpu;
  const CompileOptions& options;
  Compiled compiled;
  std::string failure;

  void run() {
    module.getContext().setDiagnosticHandler(
        std::make_unique<DiagnosticCollector>(failure, options.keep_remarks ? &compiled.remarks : nullptr));
    base::TimedSpan optimising(base::SpanKind::kStage, "optimise");
    if (options.verify && !verify()) return;
    if (base::Status bound = bind_math_functions(module, cpu); !bound) {
      failure = bound.error().message;
      return;
    }
    optimise(module, machine,
             {.optimisation = options.optimisation,
              .sanitize_address = options.sanitize_address,
              .sanitize_thread = options.sanitize_thread});
    if (options.keep_frame_pointers)
      for (llvm::Function& function : module) function.addFnAttr("frame-pointer", "all");
    optimising.stop();
    if (options.keep_ir) {
      compiled.ir = text_with_lines(module);
    }
    if (options.keep_assembly) {
      // Emission changes the module (CodeGenPrepare), so the assembly is made from a copy.
      compiled.assembly = emit_assembly(*llvm::CloneModule(module), machine);
    }
    base::TimedSpan emitting(base::SpanKind::kStage, "emit");
    compiled.object = emit_object(module, machine);
  }

 private:
  bool verify() {
    llvm::raw_string_ostream out(failure);
    return !llvm::verifyModule(module, &out);
  }
};

}  // namespace

Jit::Jit(HostCpu cpu) : cpu_(std::move(cpu)), machines_(std::make_unique<MachinePool>()) {}
Jit::~Jit() = default;

base::Result<std::unique_ptr<Jit>> Jit::create() {
  base::Result<HostCpu> cpu = detect_host_cpu();
  if (!cpu) return cpu.take_error();
  return std::unique_ptr<Jit>(new Jit(std::move(*cpu)));
}

base::Result<std::unique_ptr<Jit>> Jit::create_for(std::string_view name) {
  base::Result<HostCpu> cpu = cpu_of_name(name);
  if (!cpu) return cpu.take_error();
  return std::unique_ptr<Jit>(new Jit(std::move(*cpu)));
}

OwnedModule Jit::new_module(std::string_view name) const {
  OwnedModule owned;
  owned.context = std::make_unique<llvm::LLVMContext>();
  owned.module = std::make_unique<llvm::Module>(llvm::StringRef(name.data(), name.size()), *owned.context);
  owned.module->setTargetTriple(llvm::Triple(cpu_.triple));
  owned.module->setDataLayout(cpu_.data_layout);
  return owned;
}

base::Result<Compiled> Jit::compile(OwnedModule owned, const CompileOptions& options) {
  const int level = std::clamp(options.optimisation, 0, 3);
  base::Result<std::unique_ptr<llvm::TargetMachine>> machine = machines_->take(cpu_, level);
  if (!machine) return machine.take_error();
  Work work{.module = *owned.module, .machine = **machine, .cpu = cpu_, .options = options};
  const std::string name = owned.module->getModuleIdentifier();
  base::Status guarded = run_guarded("compile " + name, [&] { work.run(); });
  if (!guarded) {
    // LLVM left in the middle of something: what it worked on may not even be destroyed.
    (void)owned.module.release();
    (void)owned.context.release();
    (void)machine->release();
    return guarded.take_error();
  }
  machines_->give_back(std::move(*machine), level);
  if (!work.failure.empty()) {
    return base::Error{base::ErrorCode::kInternal, "compile " + name + ": " + work.failure};
  }
  return std::move(work.compiled);
}

}  // namespace metate::jit
