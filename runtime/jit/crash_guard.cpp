#include "runtime/jit/crash_guard.h"

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>

#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/ErrorHandling.h"

namespace metate::jit {
namespace {

constexpr int kFatalErrorCode = 70;  // EX_SOFTWARE

thread_local std::string fatal_reason;

void on_fatal_error(void*, const char* reason, bool) {
  if (llvm::CrashRecoveryContext* context = llvm::CrashRecoveryContext::GetCurrent()) {
    fatal_reason = reason ? reason : "";
    context->HandleExit(kFatalErrorCode);
  }
  // LLVM was called outside of a guard, which is itself the bug; it must not go on after a fatal error.
  std::fprintf(stderr, "metate: internal error: LLVM: %s\n", reason ? reason : "unknown fatal error");
  std::abort();
}

// LLVM can recover only while its signal handlers are installed. They belong to the whole process, so they are there
// no longer than some guard is active.
class SignalHandlers {
 public:
  SignalHandlers() {
    std::lock_guard lock(mutex());
    static const bool kInstalled = [] {
      llvm::install_fatal_error_handler(on_fatal_error);
      llvm::install_bad_alloc_error_handler(on_fatal_error);
      return true;
    }();
    (void)kInstalled;
    if (users()++ == 0) llvm::CrashRecoveryContext::Enable();
  }
  ~SignalHandlers() {
    std::lock_guard lock(mutex());
    if (--users() == 0) llvm::CrashRecoveryContext::Disable();
  }

 private:
  static std::mutex& mutex() {
    static std::mutex kMutex;
    return kMutex;
  }
  static int& users() {
    static int users = 0;
    return users;
  }
};

}  // namespace

base::Status run_guarded(std::string_view stage, llvm::function_ref<void()> work) {
  SignalHandlers handlers;
  fatal_reason.clear();
  llvm::CrashRecoveryContext context;
  if (context.RunSafely(work)) return base::Success{};
  std::string message = std::string(stage) + ": LLVM ";
  if (context.RetCode == kFatalErrorCode) {
    message += "gave up: " + fatal_reason;
  } else {
    // 128 + signal, as a shell says it.
    message += "crashed with signal " + std::to_string(context.RetCode - 128);
  }
  return base::Error{base::ErrorCode::kInternal, std::move(message)};
}

}  // namespace metate::jit
