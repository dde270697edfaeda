#include "compiler/ops/signature.h"

#include <algorithm>

namespace metate::ops {
namespace {

using Kind = Parameter::Kind;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::string quoted(std::string_view name) { return "'" + std::string(name) + "'"; }

std::string too_many(std::span<const Parameter> parameters, int given) {
  auto count = std::ranges::count_if(parameters, [](const Parameter& p) { return p.kind != Kind::kKeywordOnly; });
  return "takes " + std::to_string(count) + " positional argument" + (count == 1 ? "" : "s") + " but " +
         std::to_string(given) + (given == 1 ? " was given" : " were given");
}

}  // namespace

std::vector<Parameter> parse_signature(std::string_view signature) {
  std::vector<Parameter> parameters;
  Kind kind = Kind::kAny;
  while (!signature.empty()) {
    size_t comma = std::min(signature.find(','), signature.size());
    std::string_view word = trimmed(signature.substr(0, comma));
    signature.remove_prefix(std::min(comma + 1, signature.size()));
    if (word == "/") {
      for (Parameter& parameter : parameters) parameter.kind = Kind::kPositionalOnly;
    } else if (word == "*") {
      kind = Kind::kKeywordOnly;
    } else if (word.starts_with('*')) {
      parameters.push_back({word.substr(1), {}, Kind::kVariadic});
      kind = Kind::kKeywordOnly;
    } else {
      size_t equals = word.find('=');
      std::string_view text = equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1);
      parameters.push_back({word.substr(0, equals), text, kind});
    }
  }
  return parameters;
}

Binding bind(std::span<const Parameter> parameters, int positional, std::span<const std::string_view> keywords) {
  Binding binding;
  binding.arguments.assign(parameters.size(), Binding::kDefault);
  int next = 0;
  for (size_t i = 0; i < parameters.size() && next < positional; ++i) {
    if (parameters[i].kind == Kind::kKeywordOnly) continue;  // a compiled callee has its *args last
    binding.arguments[i] = next;
    if (parameters[i].kind == Kind::kVariadic) {
      binding.variadic_count = positional - next;
      next = positional;
    } else {
      ++next;
    }
  }
  if (next < positional) binding.error = too_many(parameters, positional);
  for (size_t k = 0; k < keywords.size() && binding.error.empty(); ++k) {
    auto named = std::ranges::find_if(parameters, [&](const Parameter& p) {
      return p.name == keywords[k] && p.kind != Kind::kPositionalOnly && p.kind != Kind::kVariadic;
    });
    if (named == parameters.end()) {
      binding.error = "got an unexpected keyword argument " + quoted(keywords[k]);
      continue;
    }
    int& argument = binding.arguments[static_cast<size_t>(named - parameters.begin())];
    if (argument != Binding::kDefault) binding.error = "got multiple values for argument " + quoted(keywords[k]);
    argument = positional + static_cast<int>(k);
  }
  for (size_t i = 0; i < parameters.size() && binding.error.empty(); ++i)
    if (parameters[i].is_required() && binding.arguments[i] == Binding::kDefault)
      binding.error = "missing a required argument: " + quoted(parameters[i].name);
  return binding;
}

}  // namespace metate::ops
