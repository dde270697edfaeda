#include "compiler/infer/mapped_call.h"

#include <algorithm>

#include "compiler/infer/adapted_call.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/store.h"
#include "compiler/infer/ufunc.h"
#include "compiler/infer/user_call.h"
#include "compiler/ir/analysis/walk.h"

namespace metate::infer {
namespace {

// Element by element.

/// An operand's elements as the function sees them: NumPy numbers out of arrays, Python numbers as they are.
TypeId element_type(Writer& w, Value operand) {
  return w.is_array(operand) ? w.types().scalar(w.type(operand).dtype) : w.type_id(operand);
}

bool loop_takes(const Type& given, const Type& declared, bool all_weak) {
  if (declared.kind != TypeKind::kScalar) return false;
  if (given.weak && !all_weak) {
    bool integer = given.dtype == DType::kI64 && types::is_integer(declared.dtype);
    return integer || kind(given.dtype) <= kind(declared.dtype);
  }
  return types::can_cast(given.dtype, declared.dtype, types::Casting::kSafe);
}

const Declaration* find_loop(Writer& w, const Adaptation& adaptation, std::span<const TypeId> elements) {
  bool all_weak = std::ranges::all_of(elements, [&](TypeId type) { return w.types()[type].weak; });
  for (const Declaration& declaration : adaptation.declarations) {
    bool takes_all = true;
    for (size_t i = 0; i < elements.size(); ++i)
      takes_all = takes_all && loop_takes(w.types()[elements[i]], w.types()[declaration.arguments[i]], all_weak);
    if (takes_all) return &declaration;
  }
  return nullptr;
}

/// The value as NumPy's ufuncs give it: no Python numbers.
Value as_numpy(Writer& w, Value value, DType dtype) {
  if (w.is_array(value)) return w.type(value).dtype == dtype ? value : convert_to_dtype(w, value, dtype);
  return w.cast(value, w.types().scalar(dtype));
}

Value store_into(Writer& w, std::string_view name, Value value, Value out) {
  if (!w.is_array(out)) return w.error(MessageId::kArgumentType, {std::string(name), "out", w.describe(out)});
  DType from = w.type(value).dtype, to = w.type(out).dtype;
  if (!types::can_cast(from, to, types::Casting::kSameKind))
    return w.error(MessageId::kCastNotSafe, {std::string(types::numpy_name(from)), std::string(types::numpy_name(to))});
  // Another than the assignment of f(x): elements are written as they come, even where a later one raises.
  if (from != DType::kBool) return apply_ufunc_out(w, ScalarOp::kPositive, std::array{value}, out);
  assign(w, out, value);
  return out;
}

// Place by place.

size_t loop_axes(Writer& w, Value operand, size_t core_axes) {
  return w.is_array(operand) ? w.type(operand).ndim - core_axes : 0;
}

/// The place in the loop that a part of an operand is taken for.
struct Place {
  std::span<const Value> indices;  // one for each loop axis
  bool stretches;                  // the operand has one place for all along its loop axes of extent 1

  /// The indices of the operand's own loop axes, which are the last ones of the loop.
  std::vector<Value> of(Writer& w, Value operand, size_t axes) const {
    std::vector<Value> own(indices.end() - static_cast<ptrdiff_t>(axes), indices.end());
    for (size_t axis = 0; stretches && axis < axes; ++axis)
      own[axis] = index::select(w, index::equal(w, w.dim(operand, axis), w.integer(1)), w.integer(0), own[axis]);
    return own;
  }
};

/// The part of an operand that one call gets: a number, or a view of its core axes. `in_array` makes an array of one
/// element of a number, so that the function can write it.
Value part_at(Writer& w, Value operand, size_t core_axes, bool in_array, const Place& place) {
  if (!w.is_array(operand)) return operand;
  const Type array = w.type(operand);
  size_t loops = array.ndim - core_axes;
  std::vector<Value> operands = place.of(w, operand, loops);
  operands.insert(operands.begin(), operand);
  if (core_axes == 0 && !in_array) return w.builder().load(operand, std::span(operands).subspan(1));

  ir::IndexSpec spec(loops, ir::IndexKind::kInteger);
  spec.insert(spec.end(), core_axes, ir::IndexKind::kFull);
  if (core_axes == 0) spec.push_back(ir::IndexKind::kNewAxis);
  if (loops == 0 && core_axes > 0) return operand;
  bool keeps_order = array.layout == types::Layout::kC;
  TypeId type = w.types().array(array.dtype, static_cast<int>(std::max<size_t>(core_axes, 1)),
                                keeps_order ? types::Layout::kC : types::Layout::kAny, array.writable);
  return w.emit(ir::Opcode::kView, ir::Function::add_to(w.function().index_specs, std::move(spec)), operands, type);
}

/// The extents that an operand has to share with others, and what an error says of it.
class SharedExtents {
 public:
  SharedExtents(Writer& w, std::string_view name, size_t count) : w_(w), name_(name), extents_(count) {}

  void require(size_t place, Value extent, size_t operand, std::string_view what) {
    Value& known = extents_[place];
    if (known) check(index::equal(w_, extent, known), extent, known, operand, what);
    if (!known) known = extent;
  }

  /// NumPy's broadcasting: an extent of 1 fits any other.
  void broadcast(size_t place, Value extent, size_t operand) {
    Value& known = extents_[place];
    if (!known) {
      known = extent;
      return;
    }
    Value one = w_.integer(1), is_one = index::equal(w_, known, one);
    Value fits = either(index::equal(w_, extent, known), either(index::equal(w_, extent, one), is_one));
    check(fits, extent, known, operand, "a loop axis");
    known = index::select(w_, is_one, extent, known);
  }

  const std::vector<Value>& extents() const { return extents_; }

 private:
  Value either(Value a, Value b) { return w_.op(ScalarOp::kBitwiseOr, {a, b}, w_.types().weak_bool()); }

  void check(Value good, Value extent, Value known, size_t operand, std::string_view what) {
    std::string text = std::string(name_) + ": operand " + std::to_string(operand) + " has " + std::string(what) +
                       " of size {}, where another has {}";
    w_.check(good, "ValueError", text, {extent, known});
  }

  Writer& w_;
  std::string_view name_;
  std::vector<Value> extents_;
};

/// Each name of a core axis has one extent. The axes in front of the core are broadcast over all operands, but a
/// result has to have every place. Nothing where operands cannot fit, whatever their extents; that is reported.
std::optional<std::vector<Value>> loop_extents(Writer& w, std::string_view name, const Adaptation& adaptation,
                                               std::span<const Value> operands) {
  size_t first_result = operands.size() - adaptation.result_count, rank = 0;
  std::vector<size_t> loops;
  auto misfit = [&](size_t i) {
    w.error(MessageId::kArgumentType, {std::string(name), std::to_string(i + 1), w.describe(operands[i])});
    return std::nullopt;
  };
  for (size_t i = 0; i < operands.size(); ++i) {
    size_t ndim = w.is_array(operands[i]) ? w.type(operands[i]).ndim : 0;
    if (ndim < adaptation.core_axes[i].size()) return misfit(i);
    loops.push_back(loop_axes(w, operands[i], adaptation.core_axes[i].size()));
    rank = std::max(rank, loops.back());
  }
  SharedExtents core(w, name, 256), loop(w, name, rank);
  for (size_t i = 0; i < operands.size(); ++i) {
    if (i >= first_result && loops[i] < rank) return misfit(i);
    for (size_t axis = 0; axis < loops[i]; ++axis) loop.broadcast(rank - loops[i] + axis, w.dim(operands[i], axis), i);
    const std::vector<uint8_t>& axes = adaptation.core_axes[i];
    for (size_t axis = 0; axis < axes.size(); ++axis)
      core.require(axes[axis], w.dim(operands[i], loops[i] + axis), i, "a core axis");
  }
  for (size_t i = first_result; i < operands.size(); ++i)
    for (size_t axis = 0; axis < rank; ++axis) loop.require(axis, w.dim(operands[i], axis), i, "a loop axis");
  return loop.extents();
}

}  // namespace

Value call_elementwise_function(Writer& w, std::string_view name, const Adaptation& adaptation,
                                std::span<const Value> given) {
  std::vector<Value> operands(given.begin(), given.end() - 1);
  Value out = given.back();
  bool any_array = false;
  std::vector<TypeId> elements;
  for (Value& operand : operands) {
    if (!operand || !out) return {};
    if (w.is_array(operand) && w.type(operand).ndim == 0) operand = w.builder().load(operand, {});
    if (!is_numeric(w, operand)) return w.error(MessageId::kNoOperator, {std::string(name), w.describe(operand)});
    any_array = any_array || w.is_array(operand);
    elements.push_back(element_type(w, operand));
  }
  const Declaration* loop = nullptr;
  if (!adaptation.declarations.empty()) {
    loop = find_loop(w, adaptation, elements);
    if (!loop) return no_declaration(w, name, adaptation, elements);
    for (size_t i = 0; i < operands.size(); ++i) {
      operands[i] = convert_to_dtype(w, operands[i], w.types()[loop->arguments[i]].dtype);
      elements[i] = loop->arguments[i];
    }
  }
  std::optional<CalleeResult> callee = specialise(w, adaptation.target, elements, true);
  if (!callee) return {};
  const Type result = w.types()[callee->return_type];
  if (result.kind != TypeKind::kScalar)
    return w.error(MessageId::kDeclaredResult,
                   {std::string(name), w.universe().describe(callee->return_type), "a number"});

  uint32_t index = ir::Function::add_to(w.function().callees, callee->callee);
  ir::Opcode opcode = any_array ? ir::Opcode::kMap : ir::Opcode::kCall;
  TypeId type = any_array ? broadcast_type(w, operands, result.dtype) : callee->return_type;
  Value value = w.emit(opcode, index, operands, type);
  if (!value) return {};
  DType dtype = loop && loop->result ? w.types()[loop->result].dtype : result.dtype;
  if (is_complex(result.dtype) && !is_complex(dtype))
    return w.error(MessageId::kDeclaredResult, {std::string(name), w.universe().describe(callee->return_type),
                                                w.universe().describe(loop->result)});
  value = as_numpy(w, value, dtype);
  return w.is_none(out) ? value : store_into(w, name, value, out);
}

Value call_generalised_function(Writer& w, std::string_view name, const Adaptation& adaptation,
                                std::span<const Value> operands) {
  if (std::ranges::any_of(operands, [](Value operand) { return !operand; })) return {};
  size_t first_result = operands.size() - adaptation.result_count;
  for (size_t i = 0; i < operands.size(); ++i) {
    bool good = i < first_result ? is_numeric(w, operands[i]) : w.is_array(operands[i]);
    if (!good)
      return w.error(MessageId::kArgumentType, {std::string(name), std::to_string(i + 1), w.describe(operands[i])});
    if (i >= first_result && !require_writable(w, operands[i])) return {};
  }
  std::optional<std::vector<Value>> extents = loop_extents(w, name, adaptation, operands);
  if (!extents) return {};

  // Numbers in arrays: results, and inputs that are declared so.
  auto in_array = [&](size_t i) {
    return i >= first_result ||
           (!adaptation.declarations.empty() && w.types().is_array(adaptation.declarations[0].arguments[i]));
  };
  auto call_at = [&](std::span<const Value> indices) {
    std::vector<Value> parts;
    for (size_t i = 0; i < operands.size(); ++i)
      parts.push_back(
          part_at(w, operands[i], adaptation.core_axes[i].size(), in_array(i), {indices, i < first_result}));
    return call_declared(w, name, adaptation, parts);
  };
  if (extents->empty()) return call_at({}) ? w.none() : Value();
  ir::Block outside = w.builder().block();
  ir::NestMode mode = w.options().parallel ? ir::NestMode::kParallel : ir::NestMode::kSerial;
  ir::NestData data{.mode = mode, .rank = static_cast<uint8_t>(extents->size())};
  ir::Inst nest = w.builder().nest(std::move(data), *extents, {});
  ir::Block body = w.function().region(ir::nest_body(w.function(), nest)).blocks.front();
  w.builder().position(body);
  const std::vector<Value> indices = w.function().block(body).params;
  bool good = call_at(indices).valid();
  w.builder().yield({});
  w.builder().position(outside);
  return good ? w.none() : Value();
}

}  // namespace metate::infer
