// host_cpu – what the machine is, in LLVM's words: part of every cache key and of every choice between ISAs.
#pragma once

#include <string>
#include <string_view>

#include "runtime/abi/math_functions.h"
#include "runtime/base/api.h"
#include "runtime/base/result.h"

namespace metate::jit {

struct HostCpu {
  std::string triple;       // "x86_64-pc-linux-gnu"
  std::string name;         // "znver2"
  std::string features;     // "+avx,+avx2,…,-avx512f", sorted
  std::string data_layout;  // must be set on a module before its IR is built

  /// Each of the comma-separated LLVM feature names is there; true for an empty list.
  bool has(std::string_view names) const;

  /// The family of mathematical routines that code for this CPU calls.
  abi::MathFamily math_family() const;

  /// Triple, name and features as one line: code made for another line may not run here.
  std::string key() const;
};

/// The CPU of this process. METATE_CPU_NAME and METATE_CPU_FEATURES override name and features, which serves code that
/// is to run on an older machine and the tests of its paths.
METATE_API base::Result<HostCpu> detect_host_cpu();

/// A CPU of this machine's architecture by LLVM's name for it, "x86-64-v3" or "znver4", with the features that the name
/// stands for. InvalidArgument for other names.
base::Result<HostCpu> cpu_of_name(std::string_view name);

}  // namespace metate::jit
