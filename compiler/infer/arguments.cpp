#include "compiler/infer/arguments.h"

#include <algorithm>

#include "compiler/ir/text/parse.h"

namespace metate::infer {
namespace {

struct Parameter {
  support::Symbol name;
  ConstantId default_value;
  bool positional = true;
  bool keyword = true;
  bool rest = false;
};

std::vector<Parameter> parse_parameters(std::string_view text, ir::Universe& universe) {
  std::vector<Parameter> parameters;
  bool positional = true;
  while (!text.empty()) {
    std::string_view item = text.substr(0, text.find(", "));
    text.remove_prefix(std::min(text.size(), item.size() + 2));
    if (item == "/") {
      for (Parameter& parameter : parameters) parameter.keyword = false;
      continue;
    }
    if (item == "*") {
      positional = false;
      continue;
    }
    Parameter parameter{.positional = positional};
    if (item[0] == '*') {
      item.remove_prefix(1);
      parameter.rest = true;
      parameter.keyword = positional = false;
    }
    if (size_t equals = item.find('='); equals != std::string_view::npos) {
      parameter.default_value = *ir::parse_constant(item.substr(equals + 1), universe);
      item = item.substr(0, equals);
    }
    parameter.name = universe.symbols.intern(item);
    parameters.push_back(parameter);
  }
  return parameters;
}

std::vector<Parameter> parameters_of(const CalleeSignature& signature) {
  std::vector<Parameter> parameters;
  for (const CalleeSignature::Parameter& parameter : signature.parameters)
    parameters.push_back({parameter.name, parameter.default_value, !parameter.keyword_only});
  return parameters;
}

std::string counted(size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

class Binder {
 public:
  Binder(Writer& w, std::string_view function, std::vector<Parameter> parameters)
      : w_(w), function_(function), parameters_(std::move(parameters)), bound_(parameters_.size()) {}

  std::optional<std::vector<Value>> run(const Arguments& arguments) {
    if (!take_positional(arguments.positional)) return std::nullopt;
    for (const Arguments::Keyword& keyword : arguments.keywords)
      if (!take_keyword(keyword)) return std::nullopt;
    for (size_t i = 0; i < parameters_.size(); ++i)
      if (!fill(i)) return std::nullopt;
    return std::move(bound_);
  }

 private:
  std::string name_of(support::Symbol symbol) { return std::string(w_.universe().symbols.name(symbol)); }

  bool take_positional(const std::vector<Value>& values) {
    size_t next = 0;
    for (size_t i = 0; i < parameters_.size(); ++i) {
      const Parameter& parameter = parameters_[i];
      if (parameter.rest) {
        std::vector<Value> rest(values.begin() + static_cast<ptrdiff_t>(next), values.end());
        bound_[i] = w_.tuple(rest);
        next = values.size();
      } else if (parameter.positional && next < values.size()) {
        bound_[i] = values[next++];
      }
    }
    if (next == values.size()) return true;
    w_.error(MessageId::kWrongArgumentCount,
             {function_, counted(next, "positional argument"), std::to_string(values.size())});
    return false;
  }

  bool take_keyword(const Arguments::Keyword& keyword) {
    for (size_t i = 0; i < parameters_.size(); ++i) {
      if (parameters_[i].name != keyword.name || !parameters_[i].keyword) continue;
      if (bound_[i]) {
        w_.error(MessageId::kRepeatedArgument, {function_, name_of(keyword.name)});
        return false;
      }
      bound_[i] = keyword.value;
      return true;
    }
    w_.error(MessageId::kUnknownKeyword, {function_, name_of(keyword.name)});
    return false;
  }

  bool fill(size_t i) {
    if (bound_[i]) return true;
    if (!parameters_[i].default_value) {
      w_.error(MessageId::kMissingArgument, {function_, name_of(parameters_[i].name)});
      return false;
    }
    bound_[i] = w_.constant(parameters_[i].default_value);
    return true;
  }

  Writer& w_;
  std::string function_;
  std::vector<Parameter> parameters_;
  std::vector<Value> bound_;
};

}  // namespace

std::optional<std::vector<Value>> bind_arguments(Writer& w, std::string_view function, std::string_view parameters,
                                                 const Arguments& arguments) {
  return Binder(w, function, parse_parameters(parameters, w.universe())).run(arguments);
}

std::optional<std::vector<Value>> bind_arguments(Writer& w, std::string_view function, const CalleeSignature& signature,
                                                 const Arguments& arguments) {
  std::vector<Parameter> parameters = parameters_of(signature);
  if (signature.takes_rest) {
    parameters.back().rest = true;
    parameters.back().keyword = false;
  }
  return Binder(w, function, std::move(parameters)).run(arguments);
}

}  // namespace metate::infer
