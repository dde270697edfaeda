#include "compiler/ops/scalar_op.h"

#include <iterator>

namespace metate::ops {
namespace {

struct Row {
  std::string_view name;
  int arity;
};

constexpr Row kRows[] = {
#define UFUNC(enumerator, name, arity, ...) {name, arity},
#include "compiler/ops/ufuncs.def"
#undef UFUNC
#define SCALAR_OP(enumerator, name, arity, ...) {name, arity},
#include "compiler/ops/scalar_ops.def"
#undef SCALAR_OP
};

}  // namespace

std::string_view name(ScalarOp op) { return kRows[static_cast<size_t>(op)].name; }
int arity(ScalarOp op) { return kRows[static_cast<size_t>(op)].arity; }

std::optional<ScalarOp> scalar_op_from_name(std::string_view name) {
  for (size_t i = 0; i < std::size(kRows); ++i)
    if (kRows[i].name == name) return static_cast<ScalarOp>(i);
  return std::nullopt;
}

}  // namespace metate::ops
