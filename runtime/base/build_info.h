// build_info.h – what this libmetate is: version, LLVM, thread back end, checks.
#pragma once

#include <string_view>

#include "runtime/base/api.h"

namespace metate::base {

struct BuildInfo {
  std::string_view version;     // of Metate, as in CMakeLists.txt
  std::string_view llvm;        // version of the LLVM that is linked in
  std::string_view threads;     // back end of runtime/cpu: "tbb" or "std"
  std::string_view sanitizers;  // as given to -fsanitize=, empty without
  bool assertions;              // METATE_ASSERT is kept and the verifier runs after every pass
};

METATE_API const BuildInfo& build_info();

}  // namespace metate::base
