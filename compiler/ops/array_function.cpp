#include "compiler/ops/array_function.h"

#include <iterator>

namespace metate::ops {
namespace {

using enum ArrayRule;

constexpr ArrayFunctionInfo kFunctions[] = {
#define ARRAY_FUNCTION(enumerator, name, signature, rule) {name, signature, rule},
#include "compiler/ops/array_functions.def"
};

constexpr std::string_view kAttributes[] = {
#define ARRAY_ATTRIBUTE(enumerator, name) name,
#include "compiler/ops/array_functions.def"
};

}  // namespace

const ArrayFunctionInfo& info(ArrayFunction function) { return kFunctions[static_cast<size_t>(function)]; }

std::optional<ArrayFunction> array_function_from_name(std::string_view name) {
  for (size_t i = 0; i < std::size(kFunctions); ++i)
    if (kFunctions[i].name == name) return static_cast<ArrayFunction>(i);
  return std::nullopt;
}

std::string_view name(ArrayAttribute attribute) { return kAttributes[static_cast<size_t>(attribute)]; }

std::optional<ArrayAttribute> array_attribute_from_name(std::string_view name) {
  for (size_t i = 0; i < std::size(kAttributes); ++i)
    if (kAttributes[i] == name) return static_cast<ArrayAttribute>(i);
  return std::nullopt;
}

}  // namespace metate::ops
