#include "runtime/ze_software/program.h"

#include <llvm/IR/GlobalVariable.h>

#include "runtime/jit/crash_guard.h"
#include "runtime/ze_software/device.h"
#include "runtime/ze_software/driver.h"
#include "runtime/ze_software/kernel_printf.h"
#include "runtime/ze_software/work_group/work_group.h"

namespace metate::ze_software {
namespace {

#ifdef METATE_ASSERTIONS
constexpr bool kVerify = true;
#else
constexpr bool kVerify = false;
#endif

/// What comes of the SPIR-V before it is machine code.
struct Translation {
  bool done = false;
  std::unique_ptr<llvm::Module> module;
  std::vector<CompiledKernel> kernels;
  std::vector<std::string> symbols;  // of the kernels' functions
  std::vector<ProgramGlobal> globals;
  std::vector<std::string> global_symbols;
};

void translate(std::unique_ptr<llvm::Module> empty, std::span<const std::byte> spirv, const ProgramOptions& options,
               Translation& translation, std::string& log) {
  std::optional<spirv::Module> read = spirv::read_module(std::move(empty), spirv, options.constants, log);
  if (!read) return;
  translation.kernels = work_group::make_entries(*read, translation.symbols);
  for (const spirv::ExportedGlobal& global : read->exported_globals) {
    const uint64_t size = read->module->getDataLayout().getTypeAllocSize(global.variable->getValueType());
    translation.globals.push_back({global.name, nullptr, size});
    translation.global_symbols.push_back(global.variable->getName().str());
  }
  translation.module = std::move(read->module);
  translation.done = true;
}

bool fits_device(std::span<const CompiledKernel> kernels, std::string& log) {
  for (const CompiledKernel& kernel : kernels) {
    if (kernel.local_bytes > kMaxLocalMemory) {
      log.append("error: kernel '" + kernel.name + "' needs " + std::to_string(kernel.local_bytes) +
                 " bytes of local memory, the device has " + std::to_string(kMaxLocalMemory) + "\n");
      return false;
    }
    if (kernel.argument_bytes > kMaxArgumentBytes) {
      log.append("error: the arguments of kernel '" + kernel.name + "' take " + std::to_string(kernel.argument_bytes) +
                 " bytes, the device takes " + std::to_string(kMaxArgumentBytes) + "\n");
      return false;
    }
  }
  return true;
}

/// What kernels call besides mathematics.
const void* find_symbol(std::string_view name) {
  return name == kKernelPrintfSymbol ? reinterpret_cast<const void*>(&metate_kernel_printf) : nullptr;
}

void write_error(const base::Error& error, std::string& log) {
  log.append("error: ").append(error.message).append("\n");
}

}  // namespace

Program::~Program() = default;

std::shared_ptr<const Program> Program::build(Driver& driver, std::span<const std::byte> spirv,
                                              const ProgramOptions& options, std::string& log) {
  base::Result<jit::Jit*> jit = driver.jit();
  if (!jit) return write_error(jit.error(), log), nullptr;
  jit::OwnedModule owned = (*jit)->new_module("spirv");

  // 1. SPIR-V to LLVM IR that runs ranges of items. What SPIR-V there is, no fault in it may take the process along.
  Translation translation;
  const base::Status guarded =
      jit::run_guarded("read SPIR-V", [&] { translate(std::move(owned.module), spirv, options, translation, log); });
  if (!guarded) {
    (void)owned.context.release();  // LLVM left it in the middle of something
    return write_error(guarded.error(), log), nullptr;
  }
  if (!translation.done || !fits_device(translation.kernels, log)) return nullptr;
  owned.module = std::move(translation.module);

  // 2. To machine code.
  jit::CompileOptions compile_options;
  compile_options.optimisation = options.optimise ? 2 : 0;
  compile_options.verify = kVerify;
  base::Result<jit::Compiled> compiled = (*jit)->compile(std::move(owned), compile_options);
  if (!compiled) return write_error(compiled.error(), log), nullptr;
  base::Result<std::unique_ptr<jit::LinkedCode>> code = (*jit)->link(compiled->object, find_symbol);
  if (!code) return write_error(code.error(), log), nullptr;

  std::shared_ptr<Program> program(new Program);
  program->code_ = std::move(*code);
  program->kernels_ = std::move(translation.kernels);
  for (size_t i = 0; i < program->kernels_.size(); ++i) {
    program->kernels_[i].run = program->code_->function<std::remove_pointer_t<RunRange>>(translation.symbols[i]);
  }
  program->globals_ = std::move(translation.globals);
  for (size_t i = 0; i < program->globals_.size(); ++i) {
    program->globals_[i].address = const_cast<void*>(program->code_->lookup(translation.global_symbols[i]));
  }
  return program;
}

const CompiledKernel* Program::find_kernel(std::string_view name) const {
  for (const CompiledKernel& kernel : kernels_) {
    if (kernel.name == name) return &kernel;
  }
  return nullptr;
}

const ProgramGlobal* Program::find_global(std::string_view name) const {
  for (const ProgramGlobal& global : globals_) {
    if (global.name == name) return &global;
  }
  return nullptr;
}

}  // namespace metate::ze_software
