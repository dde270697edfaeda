#include "runtime/jit/host_cpu.h"

#include <cstdlib>
#include <map>
#include <memory>

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/X86TargetParser.h"

#include "runtime/jit/target_machine.h"

namespace metate::jit {

bool HostCpu::has(std::string_view names) const {
  while (!names.empty()) {
    const size_t comma = names.find(',');
    const std::string wanted = "+" + std::string(names.substr(0, comma));
    // Whole entries only: +avx512f must not answer for +avx.
    if (("," + features + ",").find("," + wanted + ",") == std::string::npos) return false;
    names = comma == std::string_view::npos ? std::string_view() : names.substr(comma + 1);
  }
  return true;
}

abi::MathFamily HostCpu::math_family() const {
  const bool is_x86 = triple.starts_with("x86_64");
  const bool is_aarch64 = triple.starts_with("aarch64") || triple.starts_with("arm64");
  return is_aarch64 || (is_x86 && has("fma")) ? abi::MathFamily::kFused : abi::MathFamily::kPlain;
}

std::string HostCpu::key() const { return triple + " " + name + " " + features; }

base::Result<HostCpu> detect_host_cpu() {
  HostCpu cpu;
  cpu.triple = llvm::sys::getProcessTriple();
  const char* name = std::getenv("METATE_CPU_NAME");
  const char* features = std::getenv("METATE_CPU_FEATURES");
  cpu.name = name ? name : llvm::sys::getHostCPUName().str();
  if (features || name) {
    cpu.features = features ? features : "";
  } else {
    // The hypervisor or the operating system may withhold what the name promises, so every feature is said.
    std::map<std::string, bool> sorted;
    for (const auto& feature : llvm::sys::getHostCPUFeatures()) sorted[feature.getKey().str()] = feature.getValue();
    for (const auto& [feature, present] : sorted) {
      cpu.features += (cpu.features.empty() ? "" : ",") + std::string(present ? "+" : "-") + feature;
    }
  }
  base::Result<std::unique_ptr<llvm::TargetMachine>> machine = make_target_machine(cpu, 2);
  if (!machine) return machine.take_error();
  cpu.data_layout = data_layout_of(**machine);
  return cpu;
}

base::Result<HostCpu> cpu_of_name(std::string_view name) {
  HostCpu cpu{.triple = llvm::sys::getProcessTriple(), .name = std::string(name), .features = {}, .data_layout = {}};
#if defined(__x86_64__)
  llvm::SmallVector<llvm::StringRef, 64> known, features;
  llvm::X86::fillValidCPUArchList(known, /*Only64Bit=*/true);
  if (!llvm::is_contained(known, llvm::StringRef(cpu.name))) {
    llvm::sort(known);
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "there is no CPU '" + cpu.name + "'; known are native, " + llvm::join(known, ", ")};
  }
  llvm::X86::getFeaturesForCPU(cpu.name, features, /*NeedPlus=*/true);
  llvm::sort(features);
  cpu.features = llvm::join(features, ",");
#else
  return base::Error{base::ErrorCode::kUnsupported, "code can be made for the CPU of this machine only"};
#endif
  base::Result<std::unique_ptr<llvm::TargetMachine>> machine = make_target_machine(cpu, 2);
  if (!machine) return machine.take_error();
  cpu.data_layout = data_layout_of(**machine);
  return cpu;
}

}  // namespace metate::jit
