// array_function.h – the rows of array_functions.def.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace metate::ops {

enum class ArrayFunction : uint16_t {
#define ARRAY_FUNCTION(enumerator, ...) enumerator,
#include "compiler/ops/array_functions.def"
};

inline constexpr int kArrayFunctionCount = 0
#define ARRAY_FUNCTION(...) +1
#include "compiler/ops/array_functions.def"
    ;

/// What decides the type of the result.
enum class ArrayRule : uint8_t {
  kCreate,       // a shape and a dtype
  kLike,         // another array's
  kRange,        // the numbers' common dtype; one axis
  kCopy,         // the array's shape, its dtype or another
  kView,         // the array's dtype; axes as the function says
  kProduct,      // the common dtype; axes of a matrix product
  kElementwise,  // broadcasting and the common dtype
  kJoin,         // the common dtype; axes of the first
  kInPlace,      // nothing is returned
  kQuestion,     // whole numbers, or a tuple of them
};

enum class ArrayAttribute : uint8_t {
#define ARRAY_ATTRIBUTE(enumerator, ...) enumerator,
#include "compiler/ops/array_functions.def"
};

struct ArrayFunctionInfo {
  std::string_view name;
  std::string_view signature;
  ArrayRule rule;
};

const ArrayFunctionInfo& info(ArrayFunction function);
inline std::string_view name(ArrayFunction function) { return info(function).name; }
std::optional<ArrayFunction> array_function_from_name(std::string_view name);

std::string_view name(ArrayAttribute attribute);
std::optional<ArrayAttribute> array_attribute_from_name(std::string_view name);

}  // namespace metate::ops
