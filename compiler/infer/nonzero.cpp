#include "compiler/infer/nonzero.h"

#include <numeric>

#include "compiler/infer/attributes.h"
#include "compiler/infer/axes.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/creation.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/nest_body.h"
#include "compiler/infer/reduction_call.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/ufunc.h"
#include "compiler/infer/view.h"
#include "compiler/ops/reduction.h"

namespace metate::infer {

using ops::ArrayFunction;

std::vector<Value> nonzero(Writer& w, Value array) {
  Value mask = w.type(array).dtype == DType::kBool ? array : apply_ufunc(w, ScalarOp::kTruth, {array});
  Value count = mask ? reduce_all(w, ops::ReductionId::kCountNonzero, mask) : Value();
  if (!count) return {};
  count = to_weak_int(w, count);
  std::vector<Value> extents = elements_of(w, shape_tuple(w, mask)), found;
  // Every index is stored, and overwritten by the next one where the element is false: a branch that cannot be
  // predicted costs more. So there has to be room for one more than are found.
  Value room = index::add(w, count, w.integer(1));
  for (size_t axis = 0; axis < extents.size(); ++axis) found.push_back(allocate(w, DType::kI64, std::array{room}));

  NestBody nest(w, {.reductions = {{ScalarOp::kAdd}}}, extents, std::array{w.integer(0)});
  Value place = nest.accumulators()[0];
  TypeId element = w.types().scalar(DType::kI64);
  for (size_t axis = 0; axis < extents.size(); ++axis)
    w.builder().store(w.cast(nest.indices()[axis], element), found[axis], std::array{place});
  Value is_true = w.builder().load(mask, nest.indices());
  nest.close(std::array{index::add(w, place, w.cast(is_true, w.types().weak_int()))});
  for (Value& indices : found) indices = run_of_axis(w, indices, 0, w.integer(0), count);
  return found;
}

Value call_nonzero(Writer& w, ArrayFunction function, const BoundArguments& arguments) {
  Value array = arguments[0];
  if (!array) return {};
  std::string name = "np." + std::string(ops::name(function)) + "()";
  if (!w.is_array(array) || w.type(array).ndim == 0)
    return w.error(MessageId::kArgumentType, {name, "a", w.describe(array)});
  if (function == ArrayFunction::kFlatnonzero) array = flat_in_order(w, array);
  std::vector<Value> found = nonzero(w, array);
  if (found.empty()) return {};
  if (function == ArrayFunction::kFlatnonzero) return found[0];
  if (function == ArrayFunction::kNonzero) return w.tuple(found);
  Value result =
      allocate(w, DType::kI64, std::array{w.dim(found[0], 0), w.integer(static_cast<int64_t>(found.size()))});
  NestBody nest(w, {.mode = ir::NestMode::kParallel, .independent = true}, std::array{w.dim(found[0], 0)});
  for (size_t axis = 0; axis < found.size(); ++axis)
    w.builder().store(w.builder().load(found[axis], nest.indices()), result,
                      std::array{nest.indices()[0], w.integer(static_cast<int64_t>(axis))});
  nest.close();
  return result;
}

}  // namespace metate::infer
