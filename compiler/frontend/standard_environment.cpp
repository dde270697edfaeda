#include "compiler/frontend/standard_environment.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numbers>
#include <optional>

namespace metate::frontend {
namespace {

using types::ConstantKind;

constexpr std::string_view kBuiltins[] = {"abs",   "all",      "any",   "bool", "complex", "divmod", "enumerate",
                                          "float", "int",      "len",   "max",  "min",     "pow",    "print",
                                          "range", "reversed", "round", "str",  "sum",     "tuple",  "zip"};
constexpr std::string_view kExceptions[] = {"ArithmeticError",     "AssertionError",   "AttributeError", "Exception",
                                            "IndexError",          "KeyError",         "LookupError",    "MemoryError",
                                            "NotImplementedError", "OverflowError",    "RecursionError", "RuntimeError",
                                            "StopIteration",       "TypeError",        "ValueError",     "IOError",
                                            "ZeroDivisionError",   "UnboundLocalError"};
constexpr std::string_view kModules[] = {"math", "metate", "numpy"};

template <size_t N>
bool contains(const std::string_view (&names)[N], std::string_view name) {
  return std::ranges::find(names, name) != std::end(names);
}

/// The numbers in `math` and NumPy.
std::optional<double> number(std::string_view name) {
  if (name == "pi") return std::numbers::pi;
  if (name == "e") return std::numbers::e;
  if (name == "tau") return 2 * std::numbers::pi;
  if (name == "inf") return std::numeric_limits<double>::infinity();
  if (name == "nan") return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

}  // namespace

types::ConstantId StandardEnvironment::global(std::string_view name) {
  if (auto found = functions_.find(name); found != functions_.end()) return found->second;
  if (name == "np") return named(ConstantKind::kModule, "numpy");
  if (contains(kModules, name)) return named(ConstantKind::kModule, name);
  if (name == "prange" || name == "njit") return named(ConstantKind::kEntity, "metate." + std::string(name));
  return builtin(name);
}

types::ConstantId StandardEnvironment::builtin(std::string_view name) {
  if (contains(kBuiltins, name)) return named(ConstantKind::kEntity, "builtins." + std::string(name));
  if (contains(kExceptions, name)) return named(ConstantKind::kException, name);
  return {};
}

types::ConstantId StandardEnvironment::attribute(types::ConstantId object, std::string_view name) {
  const types::Constant& constant = universe_.constants[object];
  if (constant.kind != ConstantKind::kModule) return {};
  std::string_view module = universe_.symbols.name(constant.symbol);
  std::string full = std::string(module) + "." + std::string(name);
  if (module == "math" || module == "numpy")
    if (std::optional<double> value = number(name)) return universe_.constants.real(*value);
  if (module == "numpy") {
    if (name == "newaxis") return universe_.constants.none();
    if (name == "random" || name == "linalg" || name == "fft") return named(ConstantKind::kModule, full);
    if (std::optional<types::DType> dtype = types::dtype_from_numpy_name(name))
      return universe_.constants.dtype(*dtype);
  }
  return named(ConstantKind::kEntity, full);
}

types::ConstantId StandardEnvironment::inner_function(InnerFunction function) {
  selves_[function.code] = std::move(function.is_self);
  return callee(function.code);
}

types::ConstantId StandardEnvironment::itself(uint32_t index) {
  if (current_ >= callees_.size()) return {};
  auto found = selves_.find(callees_[current_]);
  return found != selves_.end() && found->second[index] ? callee(found->first) : types::ConstantId();
}

types::ConstantId StandardEnvironment::callee(const Code& code) {
  auto found = std::ranges::find(callees_, code);
  auto number = found - callees_.begin();
  if (found == callees_.end()) callees_.push_back(code);
  return universe_.constants.intern({.kind = ConstantKind::kCallee,
                                     .symbol = universe_.symbols.intern(code->name),
                                     .integer = number,
                                     .elements = {}});
}

types::ConstantId StandardEnvironment::named(ConstantKind kind, std::string_view name) {
  return universe_.constants.intern({.kind = kind, .symbol = universe_.symbols.intern(name), .elements = {}});
}

}  // namespace metate::frontend
