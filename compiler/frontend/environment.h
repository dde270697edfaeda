// environment.h – how the names in a function become constants: what the compiler asks the world outside of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "compiler/bytecode/code_object.h"
#include "compiler/types/constant.h"

namespace metate::frontend {

/// A nested def or lambda, as its maker knows it. Its compiled form takes its parameters, then the free variables that
/// do not hold the function itself; a closure of it holds those, then the defaults that are no constants.
struct InnerFunction {
  struct Default {
    uint32_t parameter;
    types::ConstantId constant;  // invalid: the closure holds the value
  };
  std::shared_ptr<const bytecode::CodeObject> code;
  std::vector<bool> is_self;  // by free variable
  std::vector<Default> defaults;
};

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
  /// The function itself where free variable `index` of an inner function holds it, else an invalid id.
  virtual types::ConstantId itself(uint32_t) { return {}; }
  /// What every value is converted by that is stored in this local variable, np.float32 for one (the option `locals`);
  /// an invalid id where it is stored as it is.
  virtual types::ConstantId conversion(std::string_view) { return {}; }
  /// A callee constant for a nested def or lambda.
  virtual types::ConstantId inner_function(InnerFunction function) = 0;
};

}  // namespace metate::frontend
