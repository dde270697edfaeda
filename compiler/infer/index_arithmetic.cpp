#include "compiler/infer/index_arithmetic.h"

namespace metate::infer::index {
namespace {

bool is(Writer& w, Value value, int64_t constant) { return value && w.constant_integer(value) == constant; }

/// The extent of an axis is never negative.
bool is_extent(Writer& w, Value value) {
  ir::Inst inst = value ? w.function().defining_inst(value) : ir::Inst();
  return inst && w.function().inst(inst).opcode == ir::Opcode::kDim;
}

Value binary(Writer& w, ScalarOp op, Value a, Value b) { return w.op(op, {a, b}, w.types().weak_int()); }

}  // namespace

Value add(Writer& w, Value a, Value b) {
  if (is(w, a, 0)) return b;
  if (is(w, b, 0)) return a;
  return binary(w, ScalarOp::kAdd, a, b);
}

Value subtract(Writer& w, Value a, Value b) {
  if (is(w, b, 0)) return a;
  if (a == b && a) return w.integer(0);
  return binary(w, ScalarOp::kSubtract, a, b);
}

Value multiply(Writer& w, Value a, Value b) {
  if (is(w, a, 1)) return b;
  if (is(w, b, 1)) return a;
  return binary(w, ScalarOp::kMultiply, a, b);
}

Value floor_divide(Writer& w, Value a, Value b) { return is(w, b, 1) ? a : binary(w, ScalarOp::kFloorDivide, a, b); }
Value remainder(Writer& w, Value a, Value b) {
  return is(w, b, 1) ? w.integer(0) : binary(w, ScalarOp::kRemainder, a, b);
}
Value minimum(Writer& w, Value a, Value b) { return a == b ? a : binary(w, ScalarOp::kMinimum, a, b); }
Value maximum(Writer& w, Value a, Value b) { return a == b ? a : binary(w, ScalarOp::kMaximum, a, b); }
Value less(Writer& w, Value a, Value b) { return w.op(ScalarOp::kLess, {a, b}, w.types().weak_bool()); }
Value equal(Writer& w, Value a, Value b) { return w.op(ScalarOp::kEqual, {a, b}, w.types().weak_bool()); }

Value select(Writer& w, Value condition, Value if_true, Value if_false) {
  if (!condition || !if_true || !if_false) return {};
  if (std::optional<int64_t> known = w.constant_integer(condition)) return *known ? if_true : if_false;
  return w.op(ScalarOp::kSelect, {condition, if_true, if_false}, w.types().weak_int());
}

Value range_count(Writer& w, Value start, Value stop, Value step) {
  if (!start || !stop || !step) return {};
  if (is(w, start, 0) && is(w, step, 1) && is_extent(w, stop)) return stop;
  Value zero = w.integer(0);
  Value rising = less(w, zero, step);
  auto by_sign = [&](auto up, auto down) {
    if (std::optional<int64_t> known = w.constant_integer(rising)) return *known ? up() : down();
    return select(w, rising, up(), down());
  };
  Value distance = by_sign([&] { return subtract(w, stop, start); }, [&] { return subtract(w, start, stop); });
  Value stride = by_sign([&] { return step; }, [&] { return subtract(w, zero, step); });
  Value rounded = floor_divide(w, add(w, distance, subtract(w, stride, w.integer(1))), stride);
  return maximum(w, rounded, zero);
}

}  // namespace metate::infer::index
