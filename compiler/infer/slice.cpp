#include "compiler/infer/slice.h"

#include "compiler/infer/convert.h"
#include "compiler/infer/index_arithmetic.h"

namespace metate::infer {
namespace {

/// A bound as the user gave it, negative ones counted from the end, moved into [low, high].
Value clamp(Writer& w, Value bound, Value extent, Value low, Value high) {
  std::optional<int64_t> known = w.constant_integer(bound);
  if (known && *known >= 0) return index::minimum(w, bound, high);
  Value from_end = index::maximum(w, index::add(w, bound, extent), low);
  if (known) return from_end;
  return index::select(w, index::less(w, bound, w.integer(0)), from_end, index::minimum(w, bound, high));
}

Value bound(Writer& w, Value given, Value otherwise, Value extent, Value low, Value high) {
  return w.is_none(given) ? otherwise : clamp(w, to_weak_int(w, given), extent, low, high);
}

}  // namespace

Value make_slice(Writer& w, Value start, Value stop, Value step) {
  std::array parts{start, stop, step};
  std::vector<TypeId> types;
  for (Value part : parts) {
    if (!part) return {};
    if (!w.is_none(part) && !w.is_integer(part))
      return w.error(MessageId::kArgumentType, {"slice", "bound", w.describe(part)});
    types.push_back(w.type_id(part));
  }
  return w.structure(w.types().slice(std::move(types)), parts);
}

SliceRange apply_slice(Writer& w, Value slice, Value extent) {
  if (!slice || !extent) return {};
  Value zero = w.integer(0), one = w.integer(1), minus_one = w.integer(-1);
  Value given_step = w.element(slice, 2);
  Value step = w.is_none(given_step) ? one : to_weak_int(w, given_step);
  w.check(w.op(ScalarOp::kNotEqual, {step, zero}, w.types().weak_bool()), "ValueError", "slice step cannot be zero");

  Value rising = index::less(w, zero, step);
  auto by_sign = [&](auto up, auto down) {
    if (std::optional<int64_t> known = w.constant_integer(rising)) return *known ? up() : down();
    return index::select(w, rising, up(), down());
  };
  Value last = index::subtract(w, extent, one);
  Value start = by_sign([&] { return bound(w, w.element(slice, 0), zero, extent, zero, extent); },
                        [&] { return bound(w, w.element(slice, 0), last, extent, minus_one, last); });
  Value stop = by_sign([&] { return bound(w, w.element(slice, 1), extent, extent, zero, extent); },
                       [&] { return bound(w, w.element(slice, 1), minus_one, extent, minus_one, last); });
  bool whole = w.constant_integer(start) == 0 && w.constant_integer(step) == 1;  // then stop >= 0 is the count
  Value count = whole ? stop : index::range_count(w, start, stop, step);
  // Where nothing is taken a falling slice may start at -1.
  start = by_sign([&] { return start; }, [&] { return index::maximum(w, start, zero); });
  return {start, count, step};
}

}  // namespace metate::infer
