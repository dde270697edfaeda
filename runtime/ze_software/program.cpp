#include "runtime/ze_software/program.h"

namespace metate::ze_software {

const CompiledKernel* ProgramUnit::find_kernel(std::string_view name) const {
  for (const CompiledKernel& kernel : kernels) {
    if (kernel.name == name) return &kernel;
  }
  return nullptr;
}

const ProgramGlobal* ProgramUnit::find_global(std::string_view name) const {
  for (const ProgramGlobal& global : globals) {
    if (global.name == name) return &global;
  }
  return nullptr;
}

ProgramUnit source_of(const ProgramUnit& unit) {
  ProgramUnit source;
  source.spirv = unit.spirv;
  source.constants = unit.constants;
  source.exports = unit.exports;
  return source;
}

void Program::bind(std::unique_ptr<jit::LinkedCode> code) {
  code_ = std::move(code);
  size_t index = 0;
  for (ProgramUnit& unit : units_) {
    for (CompiledKernel& kernel : unit.kernels) {
      const std::string symbol = kernel_symbol(index++);
      if (kernel.refusal.empty()) kernel.run = code_->function<std::remove_pointer_t<RunRange>>(symbol);
    }
    for (ProgramGlobal& global : unit.globals) global.address = const_cast<void*>(code_->lookup(global.symbol));
  }
}

}  // namespace metate::ze_software
