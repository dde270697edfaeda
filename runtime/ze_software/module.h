// module – a program that was built from SPIR-V, and the log of its build.
#pragma once

#include <memory>
#include <string>

#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/program.h"

namespace metate::ze_software {

struct Module : _ze_module_handle_t {
  std::shared_ptr<const Program> program;
};

struct ModuleBuildLog : _ze_module_build_log_handle_t {
  std::string text;
};

}  // namespace metate::ze_software
