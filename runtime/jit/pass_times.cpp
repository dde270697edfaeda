#include "runtime/jit/pass_times.h"

#include "llvm/IR/PassInstrumentation.h"

namespace metate::jit {
namespace {

bool runs_others(llvm::StringRef pass) {
  return pass.contains("PassManager") || pass.contains("Adaptor") || pass.contains("WrapperPass") ||
         pass.contains("ByRarity");
}

}  // namespace

PassTimes::PassTimes(llvm::PassInstrumentationCallbacks& callbacks) : callbacks_(callbacks) {
  if (!base::is_traced()) return;
  callbacks.registerBeforeNonSkippedPassCallback([this](llvm::StringRef pass, llvm::Any) { begin(pass); });
  callbacks.registerAfterPassCallback(
      [this](llvm::StringRef pass, llvm::Any, const llvm::PreservedAnalyses&) { end(pass); });
  callbacks.registerAfterPassInvalidatedCallback(
      [this](llvm::StringRef pass, const llvm::PreservedAnalyses&) { end(pass); });
}

void PassTimes::begin(llvm::StringRef pass) {
  if (runs_others(pass)) return;
  llvm::StringRef name = callbacks_.getPassNameForClassName(pass);
  if (name.empty()) name = pass.substr(pass.rfind(':') + 1);
  open_.push_back(std::make_unique<base::TimedSpan>(base::SpanKind::kPass, std::string_view(name.data(), name.size())));
}

void PassTimes::end(llvm::StringRef pass) {
  if (!runs_others(pass) && !open_.empty()) open_.pop_back();
}

}  // namespace metate::jit
