#include "compiler/infer/adapted_call.h"

#include <algorithm>

#include "compiler/infer/convert.h"
#include "compiler/infer/mapped_call.h"
#include "compiler/infer/user_call.h"
#include "compiler/types/c_pointer.h"

namespace metate::infer {
namespace {

/// What it costs a value to become a declared type.
enum class Way : uint8_t { kAsItIs, kSafe, kRounded, kNone };

Way way_of_number(const Type& from, const Type& to) {
  if (from.dtype == to.dtype) return Way::kAsItIs;
  if (from.weak) {
    bool fits_kind = kind(from.dtype) <= kind(to.dtype) || (from.dtype == DType::kI64 && is_integer(to.dtype));
    return fits_kind ? Way::kRounded : Way::kNone;
  }
  if (types::can_cast(from.dtype, to.dtype, types::Casting::kSafe)) return Way::kSafe;
  bool rounds = kind(from.dtype) == kind(to.dtype) && (is_float(from.dtype) || is_complex(from.dtype));
  return rounds ? Way::kRounded : Way::kNone;
}

Way way_of_array(const Type& from, const Type& to) {
  if (is_c_pointer(to)) {
    // A contiguous array is the address of its first element.
    bool good = from.dtype == to.dtype && from.space == to.space && from.layout != types::Layout::kAny;
    return good && (from.writable || !to.writable) ? Way::kSafe : Way::kNone;
  }
  bool same = from.dtype == to.dtype && from.ndim == to.ndim && from.space == to.space;
  bool layout = to.layout == types::Layout::kAny || from.layout == to.layout;
  return same && layout && (from.writable || !to.writable) ? Way::kAsItIs : Way::kNone;
}

Way way(Writer& w, TypeId from_id, TypeId to_id) {
  if (from_id == to_id) return Way::kAsItIs;
  const Type &from = w.types()[from_id], &to = w.types()[to_id];
  if (from.kind != to.kind) return Way::kNone;
  switch (to.kind) {
    case TypeKind::kScalar:
      return way_of_number(from, to);
    case TypeKind::kArray:
      return way_of_array(from, to);
    case TypeKind::kTuple: {
      if (from.elements.size() != to.elements.size()) return Way::kNone;
      Way worst = Way::kAsItIs;
      for (size_t i = 0; i < to.elements.size(); ++i) worst = std::max(worst, way(w, from.elements[i], to.elements[i]));
      return worst;
    }
    case TypeKind::kUnknown:
    case TypeKind::kConstant:
    case TypeKind::kView:
    case TypeKind::kSlice:
    case TypeKind::kClosure:
    case TypeKind::kKernelObject:
      return Way::kNone;
  }
  METATE_UNREACHABLE();
}

const Declaration* choose(Writer& w, std::span<const Declaration> declarations, std::span<const Value> operands) {
  const Declaration* best = nullptr;
  Way best_way = Way::kNone;
  for (const Declaration& declaration : declarations) {
    Way worst = Way::kAsItIs;
    for (size_t i = 0; i < declaration.arguments.size(); ++i)
      worst = std::max(worst, way(w, w.type_id(operands[i]), declaration.arguments[i]));
    if (worst < best_way) {
      best = &declaration;
      best_way = worst;
    }
  }
  return best;
}

std::string_view order_of(const Type& type) {
  if (type.kind != TypeKind::kArray || type.ndim == 0) return "";
  return type.layout == types::Layout::kC   ? " in C's order"
         : type.layout == types::Layout::kF ? " in Fortran's order"
                                            : " of any strides";
}

std::string list(Writer& w, std::span<const TypeId> types, bool with_order) {
  std::string text;
  for (TypeId type : types) {
    text += (text.empty() ? "" : ", ") + w.universe().describe(type);
    if (with_order) text += order_of(w.types()[type]);
  }
  return text;
}

/// A declared result is the user's word, so a number is converted as `astype` does, floats to integers included.
bool can_return(Writer& w, TypeId from_id, TypeId to_id) {
  if (from_id == to_id) return true;
  const Type &from = w.types()[from_id], &to = w.types()[to_id];
  if (from.kind != to.kind) return false;
  if (from.kind == TypeKind::kScalar) return is_complex(to.dtype) || !is_complex(from.dtype);
  if (from.kind == TypeKind::kArray) return way_of_array(from, to) == Way::kAsItIs;
  if (from.kind != TypeKind::kTuple || from.elements.size() != to.elements.size()) return false;
  for (size_t i = 0; i < to.elements.size(); ++i)
    if (!can_return(w, from.elements[i], to.elements[i])) return false;
  return true;
}

Value cast_all(Writer& w, Value value, TypeId type_id) {
  const Type& type = w.types()[type_id];
  if (type.kind == TypeKind::kScalar) return w.cast(value, type_id);
  if (type.kind != TypeKind::kTuple) return convert(w, value, type_id);
  std::vector<Value> elements;
  for (size_t i = 0; i < type.elements.size(); ++i)
    elements.push_back(cast_all(w, w.element(value, i), type.elements[i]));
  return w.structure(type_id, elements);
}

}  // namespace

Value no_declaration(Writer& w, std::string_view name, const Adaptation& adaptation,
                     std::span<const TypeId> arguments) {
  // How the elements lie is said only where nothing else makes the difference.
  const std::string given = list(w, arguments, false);
  const bool with_order = std::ranges::any_of(adaptation.declarations, [&](const Declaration& declaration) {
    return list(w, declaration.arguments, false) == given;
  });
  std::string declared;
  for (const Declaration& declaration : adaptation.declarations)
    declared += (declared.empty() ? "(" : " and (") + list(w, declaration.arguments, with_order) + ")";
  return w.error(MessageId::kNoDeclaration, {std::string(name), list(w, arguments, with_order), declared});
}

Value call_adapted(Writer& w, std::string_view name, const Adaptation& adaptation, std::span<const Value> operands) {
  switch (adaptation.kind) {
    case Adaptation::Kind::kConverted:
      return call_declared(w, name, adaptation, operands);
    case Adaptation::Kind::kElementwise:
      return call_elementwise_function(w, name, adaptation, operands);
    case Adaptation::Kind::kGeneralised:
      return call_generalised_function(w, name, adaptation, operands);
  }
  METATE_UNREACHABLE();
}

Value call_declared(Writer& w, std::string_view name, const Adaptation& adaptation, std::span<const Value> given) {
  std::vector<Value> operands(given.begin(), given.end());
  const Declaration* declaration = nullptr;
  if (!adaptation.declarations.empty()) {
    declaration = choose(w, adaptation.declarations, operands);
    if (!declaration) {
      std::vector<TypeId> arguments;
      for (Value operand : operands) arguments.push_back(w.type_id(operand));
      return no_declaration(w, name, adaptation, arguments);
    }
    for (size_t i = 0; i < declaration->arguments.size(); ++i)
      operands[i] = convert(w, operands[i], declaration->arguments[i]);
  }
  Value result = call_specialisation(w, adaptation.target, operands);
  if (!declaration || !declaration->result || !result) return result;
  if (!can_return(w, w.type_id(result), declaration->result))
    return w.error(MessageId::kDeclaredResult,
                   {std::string(name), w.describe(result), w.universe().describe(declaration->result)});
  return cast_all(w, result, declaration->result);
}

}  // namespace metate::infer
