#include "compiler/infer/compare.h"

#include "compiler/infer/calls.h"
#include "compiler/infer/dtypes.h"
#include "compiler/infer/iteration.h"
#include "compiler/infer/list_display.h"
#include "compiler/infer/operators.h"
#include "compiler/infer/python_numbers.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/ufunc.h"

namespace metate::infer {
namespace {

using ir::PyOperator;

Value logical(Writer& w, ScalarOp op, Value a, Value b) { return w.op(op, {a, b}, w.types().weak_bool()); }

/// Constants without a run-time value: the same one or not. np.float32 and its dtype object are one here.
std::optional<bool> same_constant(Writer& w, Value a, Value b) {
  if (w.type(a).kind != TypeKind::kConstant && w.type(b).kind != TypeKind::kConstant) return std::nullopt;
  if (std::optional<DType> x = dtype_argument(w, a), y = dtype_argument(w, b); x && y) return *x == *y;
  return w.type_id(a) == w.type_id(b);
}

Value identity(Writer& w, PyOperator op, Value a, Value b) {
  std::optional<bool> same = same_constant(w, a, b);
  bool bools = is_python_number(w, a) && w.type_id(a) == w.types().weak_bool() && w.type_id(b) == w.type_id(a);
  if (!same && !bools) return no_operator(w, op, a, b);
  Value result = same ? w.boolean(*same) : python_operator(w, PyOperator::kEqual, {a, b});
  return op == PyOperator::kIs ? result : negate(w, result);
}

Value equal_tuples(Writer& w, Value a, Value b) {
  std::vector<Value> x = elements_of(w, a), y = elements_of(w, b);
  if (x.size() != y.size()) return w.boolean(false);
  Value all = w.boolean(true);
  for (size_t i = 0; i < x.size(); ++i)
    all = logical(w, ScalarOp::kBitwiseAnd, all, truth(w, compare(w, PyOperator::kEqual, x[i], y[i])));
  return all;
}

/// a < b: at the first place where they differ the elements decide, else the lengths.
Value order_tuples(Writer& w, PyOperator op, Value a, Value b) {
  std::vector<Value> x = elements_of(w, a), y = elements_of(w, b);
  size_t common = std::min(x.size(), y.size());
  Value result = compare(w, op, w.integer(static_cast<int64_t>(x.size())), w.integer(static_cast<int64_t>(y.size())));
  for (size_t i = common; i-- > 0;) {
    Value same = truth(w, compare(w, PyOperator::kEqual, x[i], y[i]));
    Value decided = truth(w, compare(w, op, x[i], y[i]));
    if (!same || !decided || !result) return {};
    result = w.op(ScalarOp::kSelect, {same, result, decided}, w.types().weak_bool());
  }
  return result;
}

Value compare_tuples(Writer& w, PyOperator op, Value a, Value b) {
  if (op == PyOperator::kEqual) return equal_tuples(w, a, b);
  if (op == PyOperator::kNotEqual) return negate(w, equal_tuples(w, a, b));
  return order_tuples(w, op, a, b);
}

Value contains(Writer& w, PyOperator op, Value item, Value container) {
  Value found;
  if (w.type(container).kind == TypeKind::kTuple || is_list(w, container)) {
    found = w.boolean(false);
    for (Value element : elements_of(w, container))
      found = logical(w, ScalarOp::kBitwiseOr, found, truth(w, compare(w, PyOperator::kEqual, item, element)));
  } else if (w.is_array(container) && w.is_scalar(item)) {
    found = truth(w, call_named(w, "numpy.any", {compare(w, PyOperator::kEqual, container, item)}));
  } else {
    return no_operator(w, op, item, container);
  }
  return op == PyOperator::kIn ? found : negate(w, found);
}

}  // namespace

Value negate(Writer& w, Value truth) { return w.op(ScalarOp::kLogicalNot, {truth}, w.types().weak_bool()); }

Value compare(Writer& w, PyOperator op, Value a, Value b) {
  if (!a || !b) return {};
  if (op == PyOperator::kIs || op == PyOperator::kIsNot) return identity(w, op, a, b);
  if (op == PyOperator::kIn || op == PyOperator::kNotIn) return contains(w, op, a, b);
  if (is_python_number(w, a) && is_python_number(w, b)) {
    Value result = python_operator(w, op, {a, b});
    return result ? result : no_operator(w, op, a, b);
  }
  if (is_numeric(w, a) && is_numeric(w, b)) return apply_ufunc(w, *ufunc_of(op), {a, b});
  if (w.type(a).kind == TypeKind::kTuple && w.type(b).kind == TypeKind::kTuple) return compare_tuples(w, op, a, b);
  if (std::optional<bool> same = same_constant(w, a, b)) {
    if (op == PyOperator::kEqual) return w.boolean(*same);
    if (op == PyOperator::kNotEqual) return w.boolean(!*same);
  }
  return no_operator(w, op, a, b);
}

Value truth(Writer& w, Value value) {
  if (!value) return {};
  const Type& type = w.type(value);
  switch (type.kind) {
    case TypeKind::kScalar:
      return w.cast(value, w.types().weak_bool());
    case TypeKind::kArray:
      if (type.ndim == 0) return truth(w, w.builder().load(value, {}));
      return w.error(MessageId::kArrayTruth, {w.describe(value)});
    case TypeKind::kTuple:
      return w.boolean(!type.elements.empty());
    case TypeKind::kConstant: {
      const types::Constant& constant = *w.constant(value);
      if (constant.kind == types::ConstantKind::kString)
        return w.boolean(!w.universe().symbols.name(constant.symbol).empty());
      return w.boolean(constant.kind != types::ConstantKind::kNone);
    }
    case TypeKind::kView:
      return truth(w, iteration_count(w, value));
    case TypeKind::kSlice:
    case TypeKind::kClosure:
    case TypeKind::kKernelObject:
      return w.boolean(true);
    case TypeKind::kUnknown:
      return {};
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::infer
