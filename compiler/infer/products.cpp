#include "compiler/infer/products.h"

#include "compiler/infer/axes.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/copies.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/store.h"
#include "compiler/infer/ufunc.h"
#include "compiler/infer/view.h"

namespace metate::infer {
namespace {

using ops::ArrayFunction;

std::string shape_text(int ndim) { return ndim == 1 ? "({},)" : "({},{})"; }

/// NumPy has a wording of its own for each function.
void check_extents(Writer& w, ArrayFunction function, Value a, Value b) {
  size_t inner = w.type(a).ndim - 1u;
  Value of_a = w.dim(a, inner), of_b = w.dim(b, 0), fits = index::equal(w, of_a, of_b);
  if (function == ArrayFunction::kMatmul)
    return w.check(fits, "ValueError",
                   "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
                   "(n?,k),(k,m?)->(n?,m?) (size {} is different from {})",
                   {of_b, of_a});
  std::vector<Value> values;
  for (Value operand : {a, b})
    for (size_t axis = 0; axis < w.type(operand).ndim; ++axis) values.push_back(w.dim(operand, axis));
  values.insert(values.end(), {of_a, of_b});
  w.check(fits, "ValueError",
          "shapes " + shape_text(w.type(a).ndim) + " and " + shape_text(w.type(b).ndim) + " not aligned: {} (dim " +
              std::to_string(inner) + ") != {} (dim 0)",
          values);
}

Value product(Writer& w, ArrayFunction function, Value a, Value b) {
  std::string name = "np." + std::string(ops::name(function)) + "()";
  for (Value operand : {a, b}) {
    if (!operand) return {};
    bool good = w.is_array(operand) && w.type(operand).ndim >= 1 && w.type(operand).ndim <= 2;
    if (!good) return w.error(MessageId::kArgumentType, {name, "operand", w.describe(operand)});
  }
  DType dtype = types::promote(w.type(a).dtype, w.type(b).dtype);
  a = convert_to_dtype(w, a, dtype);
  b = convert_to_dtype(w, b, dtype);
  check_extents(w, function, a, b);
  int ndim = w.type(a).ndim + w.type(b).ndim - 2;
  TypeId type = ndim == 0 ? w.types().scalar(dtype) : w.types().array(dtype, ndim, types::Layout::kC);
  return w.emit(ir::Opcode::kArrayFunction, static_cast<uint32_t>(ArrayFunction::kDot), {a, b}, type);
}

Value outer(Writer& w, Value a, Value b) {
  using Kind = KeyItem::Kind;
  Value column = flat_in_order(w, to_array(w, a, std::nullopt)), row = flat_in_order(w, to_array(w, b, std::nullopt));
  if (!column || !row) return {};
  column = make_view(w, column, {{Kind::kFull, {}}, {Kind::kNewAxis, {}}});
  return apply_ufunc(w, ScalarOp::kMultiply, {column, row});
}

}  // namespace

Value call_product(Writer& w, ArrayFunction function, const BoundArguments& arguments) {
  Value a = arguments[0], b = arguments[1];
  if (!a || !b) return {};
  bool numbers = (w.is_scalar(a) && is_numeric(w, b)) || (w.is_scalar(b) && is_numeric(w, a));
  Value result;
  if (function == ArrayFunction::kOuter) {
    result = outer(w, a, b);
  } else if (function != ArrayFunction::kMatmul && numbers) {
    result = apply_ufunc(w, ScalarOp::kMultiply, {a, b});
  } else if (function == ArrayFunction::kVdot) {
    if (!w.is_array(a) || !w.is_array(b) || w.type(a).ndim != 1 || w.type(b).ndim != 1)
      return w.error(MessageId::kArgumentType, {"np.vdot()", "operand", "other than a 1-d array"});
    result = product(w, ArrayFunction::kDot,
                     types::is_complex(w.type(a).dtype) ? apply_ufunc(w, ScalarOp::kConjugate, {a}) : a, b);
  } else {
    result = product(w, function, a, b);
  }
  return store_result(w, arguments["out"], result,
                      {.function = "np." + std::string(ops::name(function)) + "()",
                       .wrong_shape = "output array has wrong dimensions"});
}

}  // namespace metate::infer
