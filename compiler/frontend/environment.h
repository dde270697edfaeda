// environment.h – how the names in a function become constants: what the compiler asks the world outside of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "compiler/bytecode/code_object.h"
#include "compiler/types/constant.h"

namespace metate::frontend {

/// Implemented by the Python extension, by tools and by tests. Everything is frozen when it is asked for; whoever
/// implements this records the dependency. An invalid id says that there is no such thing.
class Environment {
 public:
  virtual ~Environment() = default;

  /// A global of the function's module, or else a builtin.
  virtual types::ConstantId global(std::string_view name) = 0;
  /// A builtin whatever the module defines: `assert` means AssertionError even where a global hides it.
  virtual types::ConstantId builtin(std::string_view name) { return global(name); }
  /// The content of closure cell `index` of the function (an index into its freevars); invalid if it is empty.
  virtual types::ConstantId free_variable(uint32_t index) = 0;
  /// True for an inner function compiled for its outer one: its free variables are parameters behind the others.
  virtual bool free_variables_are_parameters() const { return false; }
  /// An attribute of a constant: np.sqrt, math.pi, module.sub.f.
  virtual types::ConstantId attribute(types::ConstantId object, std::string_view name) = 0;
  /// A callee constant for a nested def or lambda.
  virtual types::ConstantId inner_function(std::shared_ptr<const bytecode::CodeObject> code) = 0;
};

}  // namespace metate::frontend
