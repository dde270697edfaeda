#include "compiler/infer/iterator_functions.h"

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/iteration.h"
#include "compiler/infer/tuple_item.h"

namespace metate::infer {
namespace {

using types::View;

Value wrong_type(Writer& w, std::string_view function, std::string_view argument, Value value) {
  return w.error(MessageId::kArgumentType, {std::string(function), std::string(argument), w.describe(value)});
}

Value make_view(Writer& w, View view, std::span<const Value> parts) {
  std::vector<TypeId> types;
  for (Value part : parts) types.push_back(w.type_id(part));
  return w.structure(w.types().view(view, std::move(types)), parts);
}

Value range(Writer& w, std::span<const Value> arguments) {
  Value start = arguments[0], stop = arguments[1], step = arguments[2];
  if (w.is_none(stop)) {
    stop = start;
    start = w.integer(0);
  }
  for (Value bound : {start, stop, step})
    if (!w.is_integer(bound)) return wrong_type(w, "range()", "bound", bound);
  step = to_weak_int(w, step);
  w.check(w.op(ScalarOp::kNotEqual, {step, w.integer(0)}, w.types().weak_bool()), "ValueError",
          "range() arg 3 must not be zero");
  return make_view(w, View::kRange, std::array{to_weak_int(w, start), to_weak_int(w, stop), step});
}

Value enumerate(Writer& w, std::span<const Value> arguments) {
  if (!is_iterable(w, arguments[0])) return w.error(MessageId::kNotIterable, {w.describe(arguments[0])});
  if (!w.is_integer(arguments[1])) return wrong_type(w, "enumerate()", "start", arguments[1]);
  return make_view(w, View::kEnumerate, std::array{arguments[0], to_weak_int(w, arguments[1])});
}

Value zip(Writer& w, std::span<const Value> arguments) {
  std::vector<Value> parts = elements_of(w, arguments[0]);
  for (Value part : parts)
    if (!is_iterable(w, part)) return w.error(MessageId::kNotIterable, {w.describe(part)});
  return make_view(w, View::kZip, parts);
}

Value reversed(Writer& w, std::span<const Value> arguments) {
  const Type& type = w.type(arguments[0]);
  bool sequence = is_iterable(w, arguments[0]) && (type.kind != TypeKind::kView || type.view() == View::kRange);
  if (!sequence) return wrong_type(w, "reversed()", "sequence", arguments[0]);
  return make_view(w, View::kReversed, arguments);
}

/// np.ndindex(2, 3) and np.ndindex((2, 3))
Value ndindex(Writer& w, std::span<const Value> arguments) {
  Value shape = arguments[0];
  if (w.type(shape).elements.size() == 1 && is_sequence(w, w.element(shape, 0))) shape = w.element(shape, 0);
  std::optional<std::vector<Value>> extents = shape_argument(w, shape);
  return extents ? make_view(w, View::kNdIndex, std::array{w.tuple(*extents)}) : Value();
}

Value ndenumerate(Writer& w, std::span<const Value> arguments) {
  if (!w.is_array(arguments[0])) return wrong_type(w, "np.ndenumerate()", "arr", arguments[0]);
  return make_view(w, View::kNdEnumerate, arguments);
}

constexpr NamedFunction kFunctions[] = {
    {"builtins.range", "start, stop=None, step=1, /", range},
    {"builtins.enumerate", "iterable, start=0", enumerate},
    {"builtins.zip", "*iterables", zip},
    {"builtins.reversed", "sequence, /", reversed},
    {"numpy.ndindex", "*shape", ndindex},
    {"numpy.ndenumerate", "arr", ndenumerate},
};

}  // namespace

std::span<const NamedFunction> iterator_functions() { return kFunctions; }

}  // namespace metate::infer
