#include "compiler/tools/opt/infer_functions.h"

#include <algorithm>
#include <deque>
#include <iostream>
#include <map>

#include "compiler/infer/infer.h"
#include "compiler/ir/verify/verify.h"

namespace metate::tools {
namespace {

using types::TypeId;

/// Solves callees as they are asked for, recursive ones again and again until their return types stay.
class TextCallees : public infer::CalleeProvider {
 public:
  TextCallees(const std::vector<ir::Function>& functions, support::Diagnostics& diagnostics)
      : functions_(functions), diagnostics_(diagnostics) {}

  const infer::CalleeSignature* signature(types::ConstantId callee) override {
    const ir::Function* function = find(callee);
    if (!function) return nullptr;
    infer::CalleeSignature& signature = signatures_.emplace_back();
    for (ir::Value param : function->params()) signature.parameters.push_back({function->value(param).name, {}});
    return &signature;
  }

  std::optional<infer::CalleeResult> specialise(types::ConstantId callee, std::span<const TypeId> arguments,
                                                const infer::CallSite&) override {
    const ir::Function& function = *find(callee);
    auto [entry, is_new] = solved_.try_emplace({function.name, {arguments.begin(), arguments.end()}});
    Solved& solved = entry->second;
    if (is_new) {
      solved.number = static_cast<uint32_t>(solved_.size() - 1);
      solved.return_type = function.universe().types.unknown();
    }
    while (!solved.done && !solved.busy) {
      solved.busy = true;
      std::optional<ir::Function> typed = infer::infer(function, arguments, *this, function.options, diagnostics_);
      solved.busy = false;
      if (!typed) return std::nullopt;
      solved.done = typed->return_type == solved.return_type;
      solved.return_type = typed->return_type;
    }
    return infer::CalleeResult{{function.name, solved.number}, solved.return_type};
  }

 private:
  struct Solved {
    uint32_t number = 0;
    TypeId return_type;
    bool busy = false, done = false;
  };

  const ir::Function* find(types::ConstantId callee) {
    for (const ir::Function& function : functions_)
      if (function.name == function.universe().constants[callee].symbol) return &function;
    return nullptr;
  }

  const std::vector<ir::Function>& functions_;
  support::Diagnostics& diagnostics_;
  std::deque<infer::CalleeSignature> signatures_;
  std::map<std::pair<support::Symbol, std::vector<TypeId>>, Solved> solved_;
};

bool has_types(const ir::Function& function) {
  return std::ranges::none_of(
      function.params(), [&](ir::Value param) { return function.type(param) == function.universe().types.unknown(); });
}

}  // namespace

bool infer_functions(std::vector<ir::Function>& functions) {
  std::vector<ir::Function> result;
  bool good = true;
  for (const ir::Function& function : functions) {
    if (function.stage != ir::Stage::kUntyped) {
      result.push_back(function);
      continue;
    }
    if (!has_types(function)) continue;
    support::Diagnostics diagnostics;
    TextCallees callees(functions, diagnostics);
    std::vector<TypeId> arguments;
    for (ir::Value param : function.params()) arguments.push_back(function.type(param));
    std::optional<ir::Function> typed = infer::infer(function, arguments, callees, function.options, diagnostics);
    for (const support::Diagnostic& diagnostic : diagnostics.all()) std::cerr << support::render(diagnostic, nullptr);
    good = good && typed;
    if (!typed) continue;
    ir::verify_or_die(*typed, "infer");
    result.push_back(std::move(*typed));
  }
  functions = std::move(result);
  return good;
}

}  // namespace metate::tools
