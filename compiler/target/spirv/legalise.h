// legalise – what LLVM's optimiser makes that SPIR-V has no words for: written in other words, or named.
#pragma once

#include <optional>
#include <string>

namespace llvm {
class Module;
}  // namespace llvm

namespace metate::target::spirv {

/// Writes operations that the back end does not know, or gets wrong, as operations that it knows.
void legalise(llvm::Module& module);

/// What there is still in the module that the back end has no words for, and in which function: such as the i65 of a
/// sum's closed form. The back end would end the process with it, or widen it without a word.
std::optional<std::string> illegal_in(const llvm::Module& module);

}  // namespace metate::target::spirv
