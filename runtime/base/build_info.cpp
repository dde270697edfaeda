// build_info – the values come from CMake, as definitions of this file alone: a new version rebuilds nothing else.
#include "runtime/base/build_info.h"

namespace metate::base {
namespace {

constexpr BuildInfo kBuildInfo = {
    .version = METATE_VERSION,
    .llvm = METATE_LLVM_VERSION,
    .threads = METATE_THREAD_BACK_END,
    .sanitizers = METATE_SANITIZERS,
#ifdef METATE_ASSERTIONS
    .assertions = true,
#else
    .assertions = false,
#endif
};

}  // namespace

const BuildInfo& build_info() { return kBuildInfo; }

}  // namespace metate::base
