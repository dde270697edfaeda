// rare_paths – code that next to never runs becomes functions of its own, which cost little to compile.
#pragma once

namespace llvm {
class Function;
class Module;
}  // namespace llvm

namespace metate::jit {

/// A branch that gives one of its sides the weight 0 says that this side is rare, such as the version of a loop that
/// checks each index. All that only runs after it moves to a function that is marked `cold`; so are functions that only
/// such ones use. (LLVM's hot-cold splitting does the same for what it estimates to be cold itself.)
void move_rare_paths(llvm::Module& module);

bool is_rare(const llvm::Function& function);

}  // namespace metate::jit
