#include "compiler/infer/synchronisation.h"

#include "compiler/infer/compare.h"
#include "compiler/infer/group_functions.h"
#include "compiler/infer/key.h"
#include "compiler/infer/store.h"
#include "compiler/ir/synchronisation.h"

namespace metate::infer {
namespace {

using ir::Atomic;
using ir::AtomicOp;
using ir::Fence;
using ir::MemoryOrder;
using ir::MemoryScope;

// OpenCL's numbers of CLK_LOCAL_MEM_FENCE and CLK_GLOBAL_MEM_FENCE.
constexpr int64_t kLocalFlag = 1;
constexpr int64_t kGlobalFlag = 2;

/// A constant that `read` gives a meaning.
template <class Read>
auto constant_argument(Writer& w, Value value, std::string_view what, Read read) -> decltype(read(int64_t{})) {
  std::optional<int64_t> number = w.constant_integer(value);
  auto meaning = number ? read(*number) : std::nullopt;
  if (!meaning && value) w.error(MessageId::kNeedsConstant, {std::string(what)});
  return meaning;
}

std::optional<MemoryOrder> order_argument(Writer& w, Value value) {
  return constant_argument(w, value, "a MemoryOrder", ir::memory_order_from_number);
}

std::optional<MemoryScope> scope_argument(Writer& w, Value value) {
  return constant_argument(w, value, "a MemoryScope", ir::memory_scope_from_number);
}

Value synchronise(Writer& w, ir::Opcode opcode, Fence fence) {
  w.builder().emit(opcode, fence.encode(), {}, {});
  return w.none();
}

/// The memory that OpenCL's flags name; all of it where there are none.
std::optional<Fence> flags_argument(Writer& w, Value flags) {
  Fence fence;
  if (w.is_none(flags)) return fence;
  std::optional<int64_t> known = constant_argument(
      w, flags, "LOCAL_MEM_FENCE, GLOBAL_MEM_FENCE or both", [](int64_t number) -> std::optional<int64_t> {
        bool good = number >= kLocalFlag && number <= (kLocalFlag | kGlobalFlag);
        return good ? std::optional(number) : std::nullopt;
      });
  if (!known) return std::nullopt;
  fence.group_memory = (*known & kLocalFlag) != 0;
  fence.global_memory = (*known & kGlobalFlag) != 0;
  return fence;
}

Value barrier(Writer& w, std::span<const Value> arguments) {
  if (!in_kernel(w, "barrier()")) return {};
  std::optional<Fence> fence = flags_argument(w, arguments[0]);
  return fence ? synchronise(w, ir::Opcode::kBarrier, *fence) : Value();
}

Value mem_fence(Writer& w, std::span<const Value> arguments) {
  if (!in_kernel(w, "mem_fence()")) return {};
  std::optional<Fence> fence = flags_argument(w, arguments[0]);
  if (!fence) return {};
  fence->scope = fence->global_memory ? MemoryScope::kDevice : MemoryScope::kWorkGroup;
  return synchronise(w, ir::Opcode::kFence, *fence);
}

Value sub_group_barrier(Writer& w, std::span<const Value>) {
  if (!in_kernel(w, "sub_group_barrier()")) return {};
  return synchronise(w, ir::Opcode::kBarrier, {.scope = MemoryScope::kSubGroup, .sub_group = true});
}

Value group_barrier(Writer& w, std::span<const Value> arguments) {
  if (!arguments[0] || !in_kernel(w, "group_barrier()")) return {};
  std::optional<bool> sub_group = is_sub_group_argument(w, "group_barrier()", "group", arguments[0]);
  if (!sub_group) return {};
  MemoryScope own = *sub_group ? MemoryScope::kSubGroup : MemoryScope::kWorkGroup;
  std::optional<MemoryScope> scope = w.is_none(arguments[1]) ? own : scope_argument(w, arguments[1]);
  return scope ? synchronise(w, ir::Opcode::kBarrier, {.scope = *scope, .sub_group = *sub_group}) : Value();
}

Value atomic_fence(Writer& w, std::span<const Value> arguments) {
  if (!in_kernel(w, "atomic_fence()")) return {};
  std::optional<MemoryOrder> order = order_argument(w, arguments[0]);
  std::optional<MemoryScope> scope = scope_argument(w, arguments[1]);
  return order && scope ? synchronise(w, ir::Opcode::kFence, {.order = *order, .scope = *scope}) : Value();
}

// Atomic operations.

bool is_atomic(DType dtype, AtomicOp op) {
  bool wide = types::size(dtype) == 4 || types::size(dtype) == 8;
  return wide && (types::is_integer(dtype) || (types::is_float(dtype) && !ir::is_bitwise(op)));
}

/// One element, by the array and the indices.
struct Element {
  Value array;
  std::vector<Value> indices;
};

/// Loading assigns nothing.
bool require_access(Writer& w, Value array, AtomicOp op) { return op == AtomicOp::kLoad || require_writable(w, array); }

/// `function` is called with an array that holds atomics, and an index or a tuple of indices.
std::optional<Element> element_argument(Writer& w, const std::string& function, Value array, Value index, AtomicOp op) {
  if (!array || !index) return std::nullopt;
  bool good =
      w.is_array(array) && is_atomic(w.type(array).dtype, op) && w.type(array).space != types::MemorySpace::kPrivate;
  if (!good) {
    w.error(MessageId::kArgumentType, {function, "array", w.describe(array)});
    return std::nullopt;
  }
  std::optional<Key> key = parse_key(w, array, index);
  if (!key) return std::nullopt;
  if (!selects_element(*key)) {
    w.error(MessageId::kArgumentType, {function, "index", w.describe(index)});
    return std::nullopt;
  }
  return Element{array, element_indices(w, array, *key)};
}

/// The element as it was.
Value emit_atomic(Writer& w, const Element& element, Atomic atomic, std::span<const Value> values) {
  DType dtype = w.type(element.array).dtype;
  std::vector<Value> operands{element.array};
  operands.insert(operands.end(), element.indices.begin(), element.indices.end());
  for (Value value : values) operands.push_back(convert_for_store(w, value, dtype));
  return w.emit(ir::Opcode::kAtomic, atomic.encode(), operands, w.types().scalar(dtype));
}

template <AtomicOp op>
Value atomic_function(Writer& w, std::span<const Value> arguments) {
  std::string name = "atomic." + std::string(ir::to_text(op));
  if (!in_kernel(w, name + "()")) return {};
  std::optional<Element> element = element_argument(w, name + "()", arguments[0], arguments[1], op);
  if (!element || !require_access(w, element->array, op)) return {};
  return emit_atomic(w, *element, {.op = op}, arguments.subspan(2));
}

// An AtomicRef is a structure of its array, order, scope and indices. Order and scope are in its type, so that
// functions that take it know them.

constexpr std::string_view kAtomicRef = "metate.AtomicRef";
constexpr size_t kOrderPart = 1, kScopePart = 2, kFirstIndexPart = 3;

Value known_part(Writer& w, int64_t number) {
  return w.undef(w.types().constant(w.universe().constants.integer(number)));
}

int64_t known_number(Writer& w, Value part) { return w.universe().constants[w.type(part).constant].integer; }

Value make_reference(Writer& w, std::span<const Value> arguments) {
  if (!in_kernel(w, "AtomicRef()")) return {};
  std::optional<MemoryOrder> order = order_argument(w, arguments[2]);
  std::optional<MemoryScope> scope = scope_argument(w, arguments[3]);
  std::optional<Element> element = element_argument(w, "AtomicRef()", arguments[0], arguments[1], AtomicOp::kExchange);
  if (!order || !scope || !element) return {};
  std::vector<Value> parts{element->array, known_part(w, static_cast<int64_t>(*order)),
                           known_part(w, static_cast<int64_t>(*scope))};
  parts.insert(parts.end(), element->indices.begin(), element->indices.end());
  std::vector<TypeId> types;
  for (Value part : parts) {
    if (!part) return {};
    types.push_back(w.type_id(part));
  }
  ConstantId name = w.universe().constants.entity(w.universe().symbols.intern(kAtomicRef));
  return w.structure(w.types().closure(name, std::move(types)), parts);
}

Value apply_reference(Writer& w, Value reference, AtomicOp op, std::span<const Value> values) {
  if (!reference) return {};
  const auto order = ir::memory_order_from_number(known_number(w, w.element(reference, kOrderPart)));
  const auto scope = ir::memory_scope_from_number(known_number(w, w.element(reference, kScopePart)));
  Element element{w.element(reference, 0), {}};
  if (!is_atomic(w.type(element.array).dtype, op))
    return w.error(MessageId::kNoAttribute,
                   {"an AtomicRef to " + w.describe(element.array), "fetch_" + std::string(ir::to_text(op))});
  if (!require_access(w, element.array, op)) return {};
  for (size_t part = kFirstIndexPart; part < w.type(reference).elements.size(); ++part)
    element.indices.push_back(w.element(reference, part));
  return emit_atomic(w, element, {.op = op, .order = *order, .scope = *scope}, values);
}

template <AtomicOp op>
Value reference_method(Writer& w, std::span<const Value> arguments) {
  return apply_reference(w, arguments[0], op, arguments.subspan(1));
}

Value store_through(Writer& w, std::span<const Value> arguments) {
  return apply_reference(w, arguments[0], AtomicOp::kStore, arguments.subspan(1)) ? w.none() : Value();
}

/// Whether the element was expected[expected_idx], which becomes what the element was.
Value compare_exchange(Writer& w, std::span<const Value> arguments) {
  const std::string function = "AtomicRef.compare_exchange()";
  Value expected = arguments[1];
  if (!expected || !arguments[3]) return {};
  if (!w.is_array(expected) || !w.type(expected).writable)
    return w.error(MessageId::kArgumentType, {function, "expected", w.describe(expected)});
  std::optional<Key> key = parse_key(w, expected, arguments[3]);
  if (!key) return {};
  if (!selects_element(*key))
    return w.error(MessageId::kArgumentType, {function, "expected_idx", w.describe(arguments[3])});
  std::vector<Value> place = element_indices(w, expected, *key);
  Value wanted = w.builder().load(expected, place);
  Value before = apply_reference(w, arguments[0], AtomicOp::kCompareExchange, std::array{wanted, arguments[2]});
  if (!before) return {};
  w.builder().store(convert_for_store(w, before, w.type(expected).dtype), expected, place);
  return compare(w, ir::PyOperator::kEqual, before, wanted);
}

constexpr NamedFunction kFunctions[] = {
    {"metate.barrier", "flags=None", barrier},
    {"metate.mem_fence", "flags=None", mem_fence},
    {"metate.group_barrier", "group, fence_scope=None", group_barrier},
    {"metate.sub_group_barrier", "", sub_group_barrier},
    {"metate.atomic_fence", "memory_order, memory_scope", atomic_fence},

    {"metate.atomic.add", "ary, idx, val", atomic_function<AtomicOp::kAdd>},
    {"metate.atomic.sub", "ary, idx, val", atomic_function<AtomicOp::kSub>},
    {"metate.atomic.min", "ary, idx, val", atomic_function<AtomicOp::kMin>},
    {"metate.atomic.max", "ary, idx, val", atomic_function<AtomicOp::kMax>},
    {"metate.atomic.and_", "ary, idx, val", atomic_function<AtomicOp::kAnd>},
    {"metate.atomic.or_", "ary, idx, val", atomic_function<AtomicOp::kOr>},
    {"metate.atomic.xor", "ary, idx, val", atomic_function<AtomicOp::kXor>},
    {"metate.atomic.exchange", "ary, idx, val", atomic_function<AtomicOp::kExchange>},
    {"metate.atomic.compare_exchange", "ary, idx, expected, desired", atomic_function<AtomicOp::kCompareExchange>},

    {kAtomicRef, "ref, index, memory_order=0, memory_scope=3, address_space=None", make_reference},
    {"metate.AtomicRef.load", "self, /", reference_method<AtomicOp::kLoad>},
    {"metate.AtomicRef.store", "self, val, /", store_through},
    {"metate.AtomicRef.exchange", "self, val, /", reference_method<AtomicOp::kExchange>},
    {"metate.AtomicRef.fetch_add", "self, val, /", reference_method<AtomicOp::kAdd>},
    {"metate.AtomicRef.fetch_sub", "self, val, /", reference_method<AtomicOp::kSub>},
    {"metate.AtomicRef.fetch_min", "self, val, /", reference_method<AtomicOp::kMin>},
    {"metate.AtomicRef.fetch_max", "self, val, /", reference_method<AtomicOp::kMax>},
    {"metate.AtomicRef.fetch_and", "self, val, /", reference_method<AtomicOp::kAnd>},
    {"metate.AtomicRef.fetch_or", "self, val, /", reference_method<AtomicOp::kOr>},
    {"metate.AtomicRef.fetch_xor", "self, val, /", reference_method<AtomicOp::kXor>},
    {"metate.AtomicRef.compare_exchange", "self, expected, desired, expected_idx=0", compare_exchange},
};

}  // namespace

std::span<const NamedFunction> synchronisation_functions() { return kFunctions; }

}  // namespace metate::infer
