// signature.h – parameter lists as text, "x, /, *, steps=None", and how a call's arguments go to them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace metate::ops {

struct Parameter {
  enum class Kind : uint8_t {
    kPositionalOnly,
    kAny,
    kKeywordOnly,
    kVariadic,  // *x: all positional arguments that are left
  };
  std::string_view name;
  std::string_view default_text;  // as Python writes it: "None", "0.0", "'C'"; empty: has to be given
  Kind kind;

  bool is_required() const { return default_text.empty() && kind != Kind::kVariadic; }
};

/// Views into `signature`.
std::vector<Parameter> parse_signature(std::string_view signature);

/// Which argument each parameter gets.
struct Binding {
  static constexpr int kDefault = -1;

  /// For each parameter the argument: 0 … positional-1 are the positional ones, then the keywords in order. Of a
  /// variadic parameter the first of its arguments, or kDefault.
  std::vector<int> arguments;
  int variadic_count = 0;
  std::string error;  // why the call does not fit, as CPython says it after "f() "; empty: it does
};

Binding bind(std::span<const Parameter> parameters, int positional, std::span<const std::string_view> keywords);

}  // namespace metate::ops
