// standard_environment.h – names with their common meanings, for code that no Python process stands behind: the
// embedded library, tools and tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/frontend/environment.h"
#include "compiler/ir/universe.h"

namespace metate::frontend {

/// Builtins, and the modules `np`, `numpy`, `math` and `metate`, whose attributes are taken to exist; functions that
/// were added are callees, numbered in their order. Free variables are parameters.
class StandardEnvironment : public Environment {
 public:
  using Code = std::shared_ptr<const bytecode::CodeObject>;

  explicit StandardEnvironment(ir::Universe& universe) : universe_(universe) {}

  /// A function of the module, which the others may call by its name.
  void add_function(Code code) { functions_[code->name] = callee(code); }
  /// Every function that was added or found inside of one so far, by callee number.
  const std::vector<Code>& callees() const { return callees_; }
  /// Says which callee is built next.
  void enter(size_t number) { current_ = number; }

  types::ConstantId global(std::string_view name) override;
  types::ConstantId builtin(std::string_view name) override;
  types::ConstantId free_variable(uint32_t) override { return {}; }
  bool free_variables_are_parameters() const override { return true; }
  types::ConstantId attribute(types::ConstantId object, std::string_view name) override;
  types::ConstantId itself(uint32_t index) override;
  types::ConstantId inner_function(InnerFunction function) override;

 private:
  types::ConstantId callee(const Code& code);
  types::ConstantId named(types::ConstantKind kind, std::string_view name);

  ir::Universe& universe_;
  std::map<std::string, types::ConstantId, std::less<>> functions_;
  std::vector<Code> callees_;
  std::map<Code, std::vector<bool>> selves_;  // InnerFunction::is_self
  size_t current_ = 0;
};

}  // namespace metate::frontend
