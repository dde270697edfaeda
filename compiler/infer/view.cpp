#include "compiler/infer/view.h"

#include <algorithm>

#include "compiler/infer/slice.h"

namespace metate::infer {
namespace {

using ir::IndexKind;
using Kind = KeyItem::Kind;
using types::Layout;

/// What is taken from one axis of the array, or a new axis.
struct Part {
  IndexKind kind;
  bool unit_step = false;
};

/// A contiguous run of a C array is given by integers on its first axes, then at most one slice, then full axes. New
/// axes have extent 1, so their stride does not matter.
template <class Iterator>
bool is_run(Iterator begin, Iterator end) {
  bool leading = true;
  for (Iterator part = begin; part != end; ++part) {
    switch (part->kind) {
      case IndexKind::kNewAxis:
        break;
      case IndexKind::kInteger:
        if (!leading) return false;
        break;
      case IndexKind::kSlice:
        if (!leading || !part->unit_step) return false;
        leading = false;
        break;
      case IndexKind::kFull:
        leading = false;
        break;
    }
  }
  return true;
}

Value emit_view(Writer& w, std::span<const Value> operands, const std::vector<Part>& parts) {
  if (!std::all_of(operands.begin(), operands.end(), [](Value v) { return v.valid(); })) return {};
  const Type& array = w.type(operands[0]);
  bool run = array.layout == Layout::kC   ? is_run(parts.begin(), parts.end())
             : array.layout == Layout::kF ? is_run(parts.rbegin(), parts.rend())
                                          : false;
  ir::IndexSpec spec;
  for (const Part& part : parts) spec.push_back(part.kind);
  auto ndim = std::count_if(spec.begin(), spec.end(), [](IndexKind kind) { return kind != IndexKind::kInteger; });
  TypeId type = w.types().view_of(array, static_cast<size_t>(ndim), run ? array.layout : Layout::kAny);
  uint32_t index = ir::Function::add_to(w.function().index_specs, std::move(spec));
  return w.emit(ir::Opcode::kView, index, operands, type);
}

}  // namespace

Value make_view(Writer& w, Value array, const Key& key) {
  std::vector<Value> operands{array};
  std::vector<Part> parts;
  size_t axis = 0;
  for (const KeyItem& item : key) {
    switch (item.kind) {
      case Kind::kNewAxis:
        parts.push_back({IndexKind::kNewAxis});
        break;
      case Kind::kFull:
        parts.push_back({IndexKind::kFull});
        break;
      case Kind::kInteger:
        parts.push_back({IndexKind::kInteger});
        operands.push_back(checked_index(w, array, axis, item.value));
        break;
      case Kind::kSlice: {
        Value extent = w.dim(array, axis);
        SliceRange range = apply_slice(w, item.value, extent);
        if (!range.count) return {};
        bool unit_step = w.constant_integer(range.step) == 1;
        if (unit_step && range.count == extent) {
          parts.push_back({IndexKind::kFull});
          break;
        }
        parts.push_back({IndexKind::kSlice, unit_step});
        operands.insert(operands.end(), {range.start, range.count, range.step});
        break;
      }
    }
    if (item.uses_axis()) ++axis;
  }
  return emit_view(w, operands, parts);
}

Value first_axis_at(Writer& w, Value array, Value index) {
  if (!array || !index) return {};
  if (w.type(array).ndim == 1) return w.builder().load(array, std::array{index});
  std::vector<Part> parts(w.type(array).ndim, {IndexKind::kFull});
  parts[0] = {IndexKind::kInteger};
  return emit_view(w, std::array{array, index}, parts);
}

Value run_of_axis(Writer& w, Value array, size_t axis, Value start, Value count) {
  if (!array || !start || !count) return {};
  std::vector<Part> parts(w.type(array).ndim, {IndexKind::kFull});
  parts[axis] = {IndexKind::kSlice, true};
  return emit_view(w, std::array{array, start, count, w.integer(1)}, parts);
}

Value broadcast_known(Writer& w, Value array, std::span<const Value> extents) {
  std::vector<Value> operands{array};
  operands.insert(operands.end(), extents.begin(), extents.end());
  const Type& source = w.type(array);
  TypeId type = w.types().array(source.dtype, static_cast<int>(extents.size()), Layout::kAny, false, source.space);
  return w.emit(ir::Opcode::kBroadcast, 0, operands, type);
}

Value transpose(Writer& w, Value array, std::span<const uint8_t> permutation) {
  if (!array) return {};
  const Type& type = w.type(array);
  if (std::is_sorted(permutation.begin(), permutation.end())) return array;
  bool reversed = std::is_sorted(permutation.rbegin(), permutation.rend());
  Layout layout = !reversed                   ? Layout::kAny
                  : type.layout == Layout::kC ? Layout::kF
                  : type.layout == Layout::kF ? Layout::kC
                                              : Layout::kAny;
  TypeId result = w.types().view_of(type, type.ndim, layout);
  uint32_t axes = ir::Function::add_to(w.function().axes, std::vector<uint8_t>(permutation.begin(), permutation.end()));
  return w.emit(ir::Opcode::kTranspose, axes, {array}, result);
}

}  // namespace metate::infer
