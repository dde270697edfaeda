// arguments – the arguments of a call, and how they are bound to parameters.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

struct Arguments {
  struct Keyword {
    support::Symbol name;
    Value value;
  };
  std::vector<Value> positional;
  std::vector<Keyword> keywords;
};

/// The value of each parameter, by its name or place.
class BoundArguments {
 public:
  BoundArguments(std::vector<std::string> names, std::vector<Value> values)
      : names_(std::move(names)), values_(std::move(values)) {}

  std::span<const Value> values() const { return values_; }
  Value operator[](size_t place) const { return values_[place]; }
  bool has(std::string_view name) const;
  /// Invalid where there is no such parameter.
  Value operator[](std::string_view name) const;

 private:
  std::vector<std::string> names_;
  std::vector<Value> values_;
};

/// Binds as Python does to parameters given as text (ops/signature.h), with their defaults; `*args` gets a tuple.
/// Nothing where an error was reported for `function`, "len()".
std::optional<BoundArguments> bind_arguments(Writer& writer, std::string_view function, std::string_view signature,
                                             const Arguments& arguments);

/// The same for the parameters of a compiled callee, whose closure holds the values `captured`.
std::optional<std::vector<Value>> bind_arguments(Writer& writer, std::string_view function,
                                                 const CalleeSignature& signature, const Arguments& arguments,
                                                 std::span<const Value> captured);

}  // namespace metate::infer
