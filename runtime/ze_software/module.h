// module – what a program made of SPIR-V or of a native binary, and the log of its build.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "runtime/ze_software/digest.h"
#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/program.h"

namespace metate::ze_software {

struct Context;

/// A module shares its program with those that it was linked with.
struct Module : _ze_module_handle_t {
  Context& context;
  std::shared_ptr<const Program> program;
  size_t first_unit = 0, unit_count = 0;

  /// The functions whose addresses have been asked for, each compiled when it was.
  std::map<std::string, std::shared_ptr<const Program>> functions;
  std::mutex functions_mutex;

  Module(Context& context, std::shared_ptr<const Program> made);

  std::span<const ProgramUnit> units() const { return program->units().subspan(first_unit, unit_count); }
  const CompiledKernel* find_kernel(std::string_view name) const;
  /// What it uses that no unit of its own defines.
  std::vector<std::string> imports() const;
  /// Modules of equal SPIR-V and constants have equal ones, in any process.
  const Digest& digest() const;

 private:
  mutable Digest digest_{};  // made when it is first asked for
  mutable std::once_flag digest_once_;
};

struct ModuleBuildLog : _ze_module_build_log_handle_t {
  std::string text;
};

/// The answer to who asks for a kernel that the device cannot run.
ze_result_t explain_refusal(const CompiledKernel& kernel);

/// Gives the log to whoever asked for it.
void return_log(std::string text, ze_module_build_log_handle_t* log);

}  // namespace metate::ze_software
