#include "compiler/ops/python_function.h"

#include <iterator>

#include "runtime/base/assert.h"

namespace metate::ops {
namespace {

using types::DType;
using types::Kind;
using enum ScalarOp;

using Ops = std::array<std::optional<ScalarOp>, 2>;
constexpr std::optional<ScalarOp> none;
constexpr std::optional<ScalarOp> numpy(ScalarOp op) { return op; }
constexpr Ops one(ScalarOp op) { return {op, std::nullopt}; }
constexpr Ops two(ScalarOp first, ScalarOp second) { return {first, second}; }
constexpr Check check(ScalarOp predicate, std::string_view operands, std::string_view exception,
                      std::string_view message) {
  return {predicate, operands, exception, message};
}

constexpr PythonOverload kOverloads[] = {
#define PYTHON(name, signature, numpy, loop, ops, ...) {name, signature, numpy, loop, ops, {__VA_ARGS__}},
#include "compiler/ops/python_functions.def"
};

DType dtype_of(char character) {
  switch (character) {
    case 'b':
      return DType::kBool;
    case 'i':
      return DType::kI64;
    case 'f':
      return DType::kF64;
    case 'c':
      return DType::kC128;
  }
  METATE_UNREACHABLE();
}

bool accepts(const PythonOverload& overload, std::span<const DType> operands) {
  if (overload.arity() != static_cast<int>(operands.size())) return false;
  for (size_t i = 0; i < operands.size(); ++i)
    if (kind(python_dtype(operands[i])) > kind(dtype_of(overload.loop[i]))) return false;
  return true;
}

}  // namespace

std::span<const Check> PythonOverload::checks() const {
  size_t count = 0;
  while (count < all_checks.size() && !all_checks[count].message.empty()) ++count;
  return {all_checks.data(), count};
}

std::span<const PythonOverload> python_overloads() { return kOverloads; }

std::span<const PythonOverload> python_function(std::string_view name) {
  const PythonOverload* first = std::begin(kOverloads);
  while (first != std::end(kOverloads) && first->name != name) ++first;
  const PythonOverload* last = first;
  while (last != std::end(kOverloads) && last->name == name) ++last;
  return {first, last};
}

std::optional<PythonResolution> resolve_python(std::span<const PythonOverload> function,
                                               std::span<const DType> operands) {
  for (const PythonOverload& overload : function) {
    if (!accepts(overload, operands)) continue;
    PythonResolution resolution{&overload};
    for (size_t i = 0; i < operands.size(); ++i) resolution.operands[i] = dtype_of(overload.loop[i]);
    std::string_view results = overload.loop.substr(operands.size() + 2);
    for (size_t i = 0; i < results.size(); ++i) resolution.results[i] = dtype_of(results[i]);
    return resolution;
  }
  return std::nullopt;
}

DType python_dtype(DType dtype) {
  switch (kind(dtype)) {
    case Kind::kBool:
      return DType::kBool;
    case Kind::kUnsigned:
    case Kind::kSigned:
      return DType::kI64;
    case Kind::kFloat:
      return DType::kF64;
    case Kind::kComplex:
      return DType::kC128;
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::ops
