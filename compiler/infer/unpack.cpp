#include "compiler/infer/unpack.h"

#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/iteration.h"
#include "compiler/infer/list_display.h"

namespace metate::infer {

Value unpack(Writer& w, Value sequence, size_t count) {
  auto expected = static_cast<int64_t>(count);
  Value length = iteration_count(w, sequence);
  if (!length) return {};
  if (std::optional<int64_t> known = w.constant_integer(length)) {
    if (*known != expected) return w.error(MessageId::kUnpack, {w.describe(sequence), std::to_string(count)});
  } else {
    TypeId truth = w.types().weak_bool();
    std::string number = std::to_string(count);
    w.check(w.op(ScalarOp::kLessEqual, {w.integer(expected), length}, truth), "ValueError",
            "not enough values to unpack (expected " + number + ", got {})", {length});
    w.check(w.op(ScalarOp::kLessEqual, {length, w.integer(expected)}, truth), "ValueError",
            "too many values to unpack (expected " + number + ")");
  }
  if (w.type(sequence).kind == TypeKind::kTuple) return sequence;
  std::vector<Value> elements;
  for (int64_t i = 0; i < expected; ++i) elements.push_back(iteration_at(w, sequence, w.integer(i)));
  return w.tuple(elements);
}

Value unpack_starred(Writer& w, Value sequence, size_t count, size_t place) {
  Value length = iteration_count(w, sequence);
  if (!length) return {};
  std::optional<int64_t> known = w.constant_integer(length);
  if (!known) return w.error(MessageId::kNeedsConstant, {"the length of what a starred target takes from"});
  auto total = static_cast<size_t>(*known), others = count - 1;
  if (total < others) return w.error(MessageId::kUnpack, {w.describe(sequence), "at least " + std::to_string(others)});
  std::vector<Value> elements;
  for (int64_t i = 0; i < *known; ++i) elements.push_back(iteration_at(w, sequence, w.integer(i)));
  auto first = elements.begin() + static_cast<ptrdiff_t>(place), last = first + static_cast<ptrdiff_t>(total - others);
  Value rest = make_list(w, std::vector(first, last));
  elements.insert(elements.erase(first, last), rest);
  return w.tuple(elements);
}

}  // namespace metate::infer
