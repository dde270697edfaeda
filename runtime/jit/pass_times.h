// pass_times – a span for each pass of LLVM's, where spans are recorded.
#pragma once

#include <memory>
#include <vector>

#include "runtime/base/trace.h"

namespace llvm {
class PassInstrumentationCallbacks;
class StringRef;
}  // namespace llvm

namespace metate::jit {

/// Passes that only run others are left out. Has to live for as long as the passes run.
class PassTimes {
 public:
  explicit PassTimes(llvm::PassInstrumentationCallbacks& callbacks);

 private:
  void begin(llvm::StringRef pass);
  void end(llvm::StringRef pass);

  llvm::PassInstrumentationCallbacks& callbacks_;
  std::vector<std::unique_ptr<base::TimedSpan>> open_;
};

}  // namespace metate::jit
