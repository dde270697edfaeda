#include "compiler/infer/mapped_call.h"

#include <algorithm>

#include "compiler/infer/adapted_call.h"
#include "compiler/infer/convert.h"
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

/// Where the function is called with a part of an operand.
struct Place {
  std::span<const Value> indices;  // one for each loop axis
  size_t rank() const { return indices.size(); }
};

size_t loop_axes(Writer& w, Value operand, size_t core_axes) {
  return w.is_array(operand) ? w.type(operand).ndim - core_axes : 0;
}

/// The part of an operand that one call gets: a number, or a view of its core axes. `in_array` makes an array of one
/// element of a number, so that the function can write it.
Value part_at(Writer& w, Value operand, size_t core_axes, bool in_array, Place place) {
  if (!w.is_array(operand)) return operand;
  const Type array = w.type(operand);
  bool has_loop = array.ndim > core_axes;
  std::vector<Value> operands{operand};
  if (has_loop) operands.insert(operands.end(), place.indices.begin(), place.indices.end());
  if (core_axes == 0 && !in_array) return w.builder().load(operand, std::span(operands).subspan(1));

  ir::IndexSpec spec(has_loop ? place.rank() : 0, ir::IndexKind::kInteger);
  spec.insert(spec.end(), core_axes, ir::IndexKind::kFull);
  if (core_axes == 0) spec.push_back(ir::IndexKind::kNewAxis);
  if (!has_loop && core_axes > 0) return operand;
  bool keeps_order = array.layout == types::Layout::kC;
  TypeId type = w.types().array(array.dtype, static_cast<int>(std::max<size_t>(core_axes, 1)),
                                keeps_order ? types::Layout::kC : types::Layout::kAny, array.writable);
  return w.emit(ir::Opcode::kView, ir::Function::add_to(w.function().index_specs, std::move(spec)), operands, type);
}

/// Each name of a core axis has one extent; axes in front of the core have the same extents in all operands.
bool check_extents(Writer& w, std::string_view name, const Adaptation& adaptation, std::span<const Value> operands,
                   std::vector<Value>& loop_extents) {
  std::vector<Value> core(256);
  for (size_t i = 0; i < operands.size(); ++i) {
    const std::vector<uint8_t>& axes = adaptation.core_axes[i];
    size_t ndim = w.is_array(operands[i]) ? w.type(operands[i]).ndim : 0;
    if (ndim < axes.size()) {
      w.error(MessageId::kArgumentType, {std::string(name), std::to_string(i + 1), w.describe(operands[i])});
      return false;
    }
    size_t in_front = loop_axes(w, operands[i], axes.size());
    if (in_front > 0 && !loop_extents.empty() && in_front != loop_extents.size()) {
      w.error(MessageId::kArgumentType, {std::string(name), std::to_string(i + 1), w.describe(operands[i])});
      return false;
    }
    auto require = [&](Value& known, size_t axis, std::string_view what) {
      Value extent = w.dim(operands[i], axis);
      if (!known) {
        known = extent;
        return;
      }
      std::string text = std::string(name) + ": operand " + std::to_string(i) + " has " + std::string(what) +
                         " of size {}, where another has {}";
      w.check(w.op(ScalarOp::kEqual, {extent, known}, w.types().weak_bool()), "ValueError", text, {extent, known});
    };
    if (loop_extents.empty()) loop_extents.resize(in_front);
    for (size_t axis = 0; axis < in_front; ++axis) require(loop_extents[axis], axis, "a loop axis");
    for (size_t axis = 0; axis < axes.size(); ++axis) require(core[axes[axis]], in_front + axis, "a core axis");
  }
  return true;
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
  std::optional<CalleeResult> callee = specialise(w, adaptation.target, elements);
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
    if (i >= first_result && !w.type(operands[i]).writable) return w.error(MessageId::kReadOnly, {});
  }
  std::vector<Value> extents;
  if (!check_extents(w, name, adaptation, operands, extents)) return {};

  // Numbers in arrays: results, and inputs that are declared so.
  auto in_array = [&](size_t i) {
    return i >= first_result ||
           (!adaptation.declarations.empty() && w.types().is_array(adaptation.declarations[0].arguments[i]));
  };
  auto call_at = [&](Place place) {
    std::vector<Value> parts;
    for (size_t i = 0; i < operands.size(); ++i)
      parts.push_back(part_at(w, operands[i], adaptation.core_axes[i].size(), in_array(i), place));
    return call_declared(w, name, adaptation, parts);
  };
  if (extents.empty()) return call_at({}) ? w.none() : Value();
  ir::Block outside = w.builder().block();
  ir::NestMode mode = w.options().parallel ? ir::NestMode::kParallel : ir::NestMode::kSerial;
  ir::NestData data{.mode = mode, .rank = static_cast<uint8_t>(extents.size())};
  ir::Inst nest = w.builder().nest(std::move(data), extents, {});
  ir::Block body = w.function().region(ir::nest_body(w.function(), nest)).blocks.front();
  w.builder().position(body);
  const std::vector<Value> indices = w.function().block(body).params;
  bool good = call_at({indices}).valid();
  w.builder().yield({});
  w.builder().position(outside);
  return good ? w.none() : Value();
}

}  // namespace metate::infer
