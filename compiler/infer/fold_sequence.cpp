#include "compiler/infer/fold_sequence.h"

#include "compiler/infer/convert.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/iteration.h"
#include "compiler/infer/join.h"
#include "compiler/infer/scratch.h"
#include "compiler/infer/tuple_item.h"

namespace metate::infer {
namespace {

/// The type at which the accumulator comes to rest; nothing where it has none.
std::optional<TypeId> accumulator_type(Writer& w, TypeId start, Value iterable, const Combine& combine) {
  Scratch scratch(w.universe(), w.callees(), w.options(), w.function().sources);
  Writer& dry = scratch.writer();
  Value element = iteration_at(dry, dry.undef(w.type_id(iterable)), dry.undef(dry.types().weak_int()));
  TypeId type = start;
  for (;;) {
    Value next = element ? combine(dry, dry.undef(type), element) : element;
    std::optional<TypeId> joined = next ? join(type, dry.type_id(next), w.universe()) : std::nullopt;
    if (!joined || *joined == type) return joined;
    type = *joined;
  }
}

Value fold_in_nest(Writer& w, Value iterable, Value start, int64_t first, ScalarOp op, const Combine& combine) {
  std::optional<TypeId> type = accumulator_type(w, w.type_id(start), iterable, combine);
  // Where the types do not work out, writing it once for all to see gives the reason.
  if (!type) return combine(w, start, iteration_at(w, iterable, w.integer(0)));

  Value count = index::subtract(w, iteration_count(w, iterable), w.integer(first));
  Value initial = convert(w, start, *type);
  ir::Builder& builder = w.builder();
  ir::Inst nest = builder.nest({.reductions = {{op}}}, std::array{count}, std::array{initial});
  ir::Block outer = builder.block();
  builder.position(w.function().region(w.function().nests[w.function().inst(nest).imm].body).blocks.front());
  Value k = w.function().block(builder.block()).params[0], accumulator = w.function().block(builder.block()).params[1];
  Value element = iteration_at(w, iterable, index::add(w, k, w.integer(first)));
  builder.yield(std::array{convert(w, combine(w, accumulator, element), *type)});
  builder.position(outer);
  return w.function().result(nest);
}

}  // namespace

Value fold_sequence(Writer& w, Value iterable, Value start, int64_t first, ScalarOp op, const Combine& combine) {
  if (!iterable || !start) return {};
  Value count = iteration_count(w, iterable);
  std::optional<int64_t> known = count ? w.constant_integer(count) : std::nullopt;
  if (!count) return {};
  if (!known || w.type(iterable).kind == TypeKind::kView) return fold_in_nest(w, iterable, start, first, op, combine);
  Value result = start;
  for (int64_t i = first; i < *known; ++i) result = combine(w, result, iteration_at(w, iterable, w.integer(i)));
  return result;
}

}  // namespace metate::infer
