#include "compiler/tools/opt/call_text.h"

#include <algorithm>

#include "compiler/ir/interpret/python_text.h"
#include "compiler/ir/interpret/strided.h"
#include "compiler/ir/text/cursor.h"
#include "compiler/ir/text/parse_types.h"
#include "compiler/ops/fold.h"

namespace metate::tools {
namespace {

using types::Scalar;
using types::Type;
using types::TypeKind;

class CallReader {
 public:
  CallReader(std::string_view text, ir::Universe& universe, Call& call)
      : cursor_(text), universe_(universe), call_(call) {}

  void read(std::span<const ir::Function> functions);

 private:
  ir::Datum argument(ir::TypeId id);
  Scalar number(types::DType dtype);
  ir::Datum array(const Type& type);
  void list(const Type& type, size_t axis, ir::Shape& shape, std::vector<Scalar>& elements);

  ir::Cursor cursor_;
  ir::Universe& universe_;
  Call& call_;
};

void CallReader::read(std::span<const ir::Function> functions) {
  std::string name = cursor_.expect_name("a function's name");
  auto found = std::ranges::find_if(
      functions, [&](const ir::Function& function) { return universe_.symbols.name(function.name) == name; });
  if (found == functions.end()) {
    call_.error = "there is no function " + name;
    return;
  }
  call_.function = &*found;
  cursor_.expect('(');
  std::span<const ir::Value> params = found->params();
  for (size_t i = 0; i < params.size(); ++i) {
    if (i != 0) cursor_.expect(',');
    call_.arguments.push_back(argument(found->type(params[i])));
  }
  cursor_.expect(')');
  if (!cursor_.at(ir::TokenKind::kEnd)) cursor_.fail("more text than one call");
  if (cursor_.failed())
    call_.error = "column " + std::to_string(cursor_.error()->column) + ": " + cursor_.error()->message;
}

ir::Datum CallReader::argument(ir::TypeId id) {
  const Type& type = universe_.types[id];
  switch (type.kind) {
    case TypeKind::kScalar:
      return number(type.dtype);
    case TypeKind::kArray:
      return array(type);
    case TypeKind::kTuple:
    case TypeKind::kView:
    case TypeKind::kSlice:
    case TypeKind::kClosure: {
      std::vector<ir::Datum> parts;
      cursor_.expect('(');
      for (ir::TypeId element : type.elements) {
        if (!parts.empty()) cursor_.expect(',');
        parts.push_back(argument(element));
      }
      cursor_.expect(')');
      return parts;
    }
    case TypeKind::kConstant:
    case TypeKind::kKernelObject:
    case TypeKind::kUnknown:
      ir::parse_constant(cursor_, universe_);
      return ir::Datum::nothing();
  }
  METATE_UNREACHABLE();
}

Scalar CallReader::number(types::DType dtype) {
  size_t offset = cursor_.peek().offset;
  std::optional<Scalar> value = types::to_scalar(universe_.constants[ir::parse_constant(cursor_, universe_)]);
  if (!value) cursor_.fail_at(offset, "expected a number");
  return value ? ops::cast(*value, dtype) : Scalar::of(dtype, 0);
}

ir::Datum CallReader::array(const Type& type) {
  ir::Shape shape(type.ndim, -1);
  std::vector<Scalar> elements;
  list(type, 0, shape, elements);
  for (int64_t& extent : shape) extent = std::max<int64_t>(extent, 0);

  int64_t item = types::size(type.dtype), gap = type.layout == types::Layout::kAny ? 2 : 1;
  ir::Array array{nullptr, nullptr, shape, ir::contiguous_strides(shape, gap * item, type.layout)};
  std::vector<std::byte>& storage = call_.storage.emplace_back(static_cast<size_t>(gap * item) * (elements.size() + 1));
  array.data = storage.data();
  size_t next = 0;
  if (!cursor_.failed())
    ir::for_each_index(shape, [&](std::span<const int64_t> index) {
      types::store(elements[next++], ir::element(array, index));
      return true;
    });
  return array;
}

void CallReader::list(const Type& type, size_t axis, ir::Shape& shape, std::vector<Scalar>& elements) {
  if (axis == type.ndim) {
    elements.push_back(number(type.dtype));
    return;
  }
  size_t offset = cursor_.peek().offset;
  int64_t extent = 0;
  cursor_.expect('[');
  cursor_.list(']', [&] {
    list(type, axis + 1, shape, elements);
    ++extent;
  });
  if (shape[axis] < 0) shape[axis] = extent;
  if (shape[axis] != extent) cursor_.fail_at(offset, "the lists differ in length");
}

std::string array_text(const ir::Array& array, types::DType dtype) {
  if (array.shape.empty()) return ir::python_text(types::load(dtype, array.data));
  std::string text = "[";
  for (int64_t i = 0; i < array.shape[0]; ++i) {
    ir::Array item{array.data + i * array.strides[0], array.owner, {}, {}};
    item.shape.assign(array.shape.begin() + 1, array.shape.end());
    item.strides.assign(array.strides.begin() + 1, array.strides.end());
    text += (i ? ", " : "") + array_text(item, dtype);
  }
  return text + "]";
}

}  // namespace

Call read_call(std::string_view text, std::span<const ir::Function> functions, ir::Universe& universe) {
  Call call;
  CallReader(text, universe, call).read(functions);
  return call;
}

std::string to_text(const ir::Datum& value, ir::TypeId id, const ir::Universe& universe) {
  const Type& type = universe.types[id];
  if (!value.defined()) return "undefined";
  if (const Scalar* scalar = value.scalar()) return type.weak ? ir::python_text(*scalar) : types::to_text(*scalar);
  if (const ir::Array* array = value.array())
    return universe.text(id) + " " +
           (ir::Memory::alive(array->owner) ? array_text(*array, type.dtype) : "in released storage");
  if (!value.tuple()) return universe.text(id);
  std::string text = "(";
  for (size_t i = 0; i < value.tuple()->size(); ++i)
    text += (i ? ", " : "") + to_text((*value.tuple())[i], type.elements[i], universe);
  return text + ")";
}

std::string to_text(const ir::Outcome& outcome, const ir::Function& function) {
  switch (outcome.kind) {
    case ir::Outcome::Kind::kReturned:
      return "returns " + to_text(outcome.value, function.return_type, function.universe());
    case ir::Outcome::Kind::kRaised: {
      const support::SourceRange& range = outcome.raised.place.range;
      std::string place = range.known() ? " @" + std::to_string(range.line) + ":" + std::to_string(range.column) : "";
      return "raises " + outcome.raised.exception + ": " + outcome.raised.message + place;
    }
    case ir::Outcome::Kind::kRefused:
      return "refuses: " + outcome.reason;
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::tools
