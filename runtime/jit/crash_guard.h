// crash_guard – runs LLVM so that its fatal errors become internal-bug errors and the process lives.
#pragma once

#include <string_view>

#include "llvm/ADT/STLFunctionalExtras.h"

#include "runtime/base/result.h"

namespace metate::jit {

/// Runs `work`. If LLVM reports a fatal error, aborts or crashes inside, `work` is left at once (destructors do not
/// run: what it made leaks) and an Error with `stage` and LLVM's reason is returned.
///
/// `work` must not hold locks while it is in LLVM. Guards may nest and run on many threads at once. While one is
/// active, LLVM's handlers of SIGSEGV, SIGABRT and their like stand in front of the process's own.
base::Status run_guarded(std::string_view stage, llvm::function_ref<void()> work);

}  // namespace metate::jit
