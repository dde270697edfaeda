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

/// Binds as Python does to parameters given as in a `def`: "a, /, axis=None, *, keepdims=False"; "*args" gets a tuple.
/// Defaults are constants as IR text has them. One value a parameter; nothing where an error was reported for
/// `function`.
std::optional<std::vector<Value>> bind_arguments(Writer& writer, std::string_view function, std::string_view parameters,
                                                 const Arguments& arguments);

/// The same for the parameters of a compiled callee.
std::optional<std::vector<Value>> bind_arguments(Writer& writer, std::string_view function,
                                                 const CalleeSignature& signature, const Arguments& arguments);

}  // namespace metate::infer
