#include "compiler/infer/arguments.h"

#include <algorithm>

#include "compiler/ir/text/parse.h"
#include "compiler/ops/signature.h"

namespace metate::infer {
namespace {

using ops::Parameter;

/// One value for each parameter that is given, invalid ones for defaults.
std::optional<std::vector<Value>> bind_given(Writer& w, std::string_view function,
                                             std::span<const Parameter> parameters, const Arguments& arguments) {
  std::vector<std::string_view> keywords;
  for (const Arguments::Keyword& keyword : arguments.keywords)
    keywords.push_back(w.universe().symbols.name(keyword.name));
  ops::Binding binding = ops::bind(parameters, static_cast<int>(arguments.positional.size()), keywords);
  if (!binding.error.empty()) {
    w.error(MessageId::kWrongArguments, {std::string(function), binding.error});
    return std::nullopt;
  }
  std::vector<Value> values(parameters.size());
  for (size_t i = 0; i < parameters.size(); ++i) {
    auto argument = static_cast<size_t>(binding.arguments[i]);
    if (parameters[i].kind == Parameter::Kind::kVariadic) {
      std::span<const Value> rest;
      if (binding.variadic_count > 0)
        rest = std::span(arguments.positional).subspan(argument, static_cast<size_t>(binding.variadic_count));
      values[i] = w.tuple(rest);
    } else if (binding.arguments[i] != ops::Binding::kDefault) {
      bool positional = argument < arguments.positional.size();
      values[i] = positional ? arguments.positional[argument]
                             : arguments.keywords[argument - arguments.positional.size()].value;
    }
  }
  return values;
}

/// "None", "0.0", "'C'", or the name of a builtin class: float.
Value default_value(Writer& w, std::string_view text) {
  if (std::optional<ConstantId> constant = ir::parse_constant(text, w.universe())) return w.constant(*constant);
  return w.constant(w.universe().constants.entity(w.universe().symbols.intern("builtins." + std::string(text))));
}

}  // namespace

bool BoundArguments::has(std::string_view name) const { return std::ranges::find(names_, name) != names_.end(); }

Value BoundArguments::operator[](std::string_view name) const {
  auto found = std::ranges::find(names_, name);
  return found == names_.end() ? Value() : values_[static_cast<size_t>(found - names_.begin())];
}

std::optional<BoundArguments> bind_arguments(Writer& w, std::string_view function, std::string_view signature,
                                             const Arguments& arguments) {
  std::vector<Parameter> parameters = ops::parse_signature(signature);
  std::optional<std::vector<Value>> values = bind_given(w, function, parameters, arguments);
  if (!values) return std::nullopt;
  std::vector<std::string> names;
  for (size_t i = 0; i < parameters.size(); ++i) {
    names.emplace_back(parameters[i].name);
    if (!(*values)[i]) (*values)[i] = default_value(w, parameters[i].default_text);
  }
  return BoundArguments(std::move(names), std::move(*values));
}

std::optional<std::vector<Value>> bind_arguments(Writer& w, std::string_view function, const CalleeSignature& signature,
                                                 const Arguments& arguments, std::span<const Value> captured) {
  std::vector<Parameter> parameters;
  for (const CalleeSignature::Parameter& parameter : signature.parameters)
    parameters.push_back({.name = w.universe().symbols.name(parameter.name),
                          .default_text = parameter.default_value || parameter.captured_default >= 0 ? "given" : "",
                          .kind = parameter.keyword_only ? Parameter::Kind::kKeywordOnly : Parameter::Kind::kAny});
  if (signature.takes_rest) parameters.back().kind = Parameter::Kind::kVariadic;
  std::optional<std::vector<Value>> values = bind_given(w, function, parameters, arguments);
  if (!values) return std::nullopt;
  for (size_t i = 0; i < parameters.size(); ++i) {
    if ((*values)[i]) continue;
    int32_t place = signature.parameters[i].captured_default;
    (*values)[i] =
        place >= 0 ? captured[static_cast<size_t>(place)] : w.constant(signature.parameters[i].default_value);
  }
  return values;
}

}  // namespace metate::infer
