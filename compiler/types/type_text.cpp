// type_text – types as IR text and as words for messages.
#include "compiler/types/c_pointer.h"
#include "compiler/types/type.h"
#include "runtime/base/assert.h"

namespace metate::types {
namespace {

std::string_view weak_name(DType dtype) {
  switch (kind(dtype)) {
    case Kind::kBool:
      return "bool";
    case Kind::kFloat:
      return "float";
    case Kind::kComplex:
      return "complex";
    case Kind::kSigned:
    case Kind::kUnsigned:
      return "int";
  }
  METATE_UNREACHABLE();
}

std::string_view view_name(View view) {
  switch (view) {
    case View::kRange:
      return "range";
    case View::kEnumerate:
      return "enumerate";
    case View::kZip:
      return "zip";
    case View::kReversed:
      return "reversed";
    case View::kNdIndex:
      return "ndindex";
    case View::kNdEnumerate:
      return "ndenumerate";
    case View::kFlat:
      return "flat";
  }
  METATE_UNREACHABLE();
}

std::string_view kernel_object_name(KernelObject object) {
  switch (object) {
    case KernelObject::kItem:
      return "item";
    case KernelObject::kNdItem:
      return "nd_item";
    case KernelObject::kGroup:
      return "group";
    case KernelObject::kSubGroup:
      return "sub_group";
  }
  METATE_UNREACHABLE();
}

std::string_view space_suffix(MemorySpace space) {
  switch (space) {
    case MemorySpace::kGlobal:
      return "";
    case MemorySpace::kGroup:
      return ",group";
    case MemorySpace::kPrivate:
      return ",private";
  }
  METATE_UNREACHABLE();
}

std::string_view space_phrase(MemorySpace space) {
  switch (space) {
    case MemorySpace::kGlobal:
      return "";
    case MemorySpace::kGroup:
      return " in local memory";
    case MemorySpace::kPrivate:
      return " in private memory";
  }
  METATE_UNREACHABLE();
}

char layout_letter(Layout layout) { return layout == Layout::kC ? 'C' : layout == Layout::kF ? 'F' : 'A'; }

}  // namespace

std::optional<View> view_from_name(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(View::kFlat); ++i)
    if (view_name(static_cast<View>(i)) == name) return static_cast<View>(i);
  return std::nullopt;
}

std::optional<KernelObject> kernel_object_from_name(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(KernelObject::kSubGroup); ++i)
    if (kernel_object_name(static_cast<KernelObject>(i)) == name) return static_cast<KernelObject>(i);
  return std::nullopt;
}

std::string to_text(TypeId id, const TypeTable& types, const ConstantTable& constants,
                    const support::SymbolTable& symbols) {
  const Type& type = types[id];
  auto list = [&] {
    std::string text = "<";
    for (size_t i = 0; i < type.elements.size(); ++i)
      text += (i ? "," : "") + to_text(type.elements[i], types, constants, symbols);
    return text + ">";
  };
  switch (type.kind) {
    case TypeKind::kUnknown:
      return "?";
    case TypeKind::kScalar:
      return type.weak ? "weak_" + std::string(weak_name(type.dtype)) : std::string(ir_name(type.dtype));
    case TypeKind::kArray:
      return "array<" + std::string(ir_name(type.dtype)) + "," + std::to_string(type.ndim) + "," +
             layout_letter(type.layout) + (type.writable ? "" : ",readonly") + std::string(space_suffix(type.space)) +
             (is_c_pointer(type) ? ",pointer" : "") + ">";
    case TypeKind::kTuple:
      return "tuple" + list();
    case TypeKind::kConstant:
      return "const[" + to_text(constants[type.constant], constants, symbols) + "]";
    case TypeKind::kView:
      return std::string(view_name(type.view())) + list();
    case TypeKind::kSlice:
      return "slice" + list();
    case TypeKind::kClosure:
      return "closure[" + to_text(constants[type.constant], constants, symbols) + "]" + list();
    case TypeKind::kKernelObject:
      return std::string(kernel_object_name(type.kernel_object())) + "<" + std::to_string(type.ndim) + ">";
  }
  METATE_UNREACHABLE();
}

namespace {

/// The name of a kind of value without an article, as it stands inside a tuple's.
std::string plain_name(TypeId id, const TypeTable& types, const ConstantTable& constants,
                       const support::SymbolTable& symbols) {
  const Type& type = types[id];
  switch (type.kind) {
    case TypeKind::kScalar:
      return type.weak ? std::string(weak_name(type.dtype)) : "np." + std::string(numpy_name(type.dtype));
    case TypeKind::kArray:
      if (is_c_pointer(type)) return "pointer to " + std::string(numpy_name(type.dtype));
      return std::string(type.writable ? "" : "read-only ") + std::to_string(type.ndim) + "-d " +
             std::string(numpy_name(type.dtype)) + " array" + std::string(space_phrase(type.space));
    case TypeKind::kTuple: {
      std::string text = "tuple(";
      if (type.constant) {
        // Its class, which is described as "the class module.Point".
        const std::string_view described = symbols.name(constants[type.constant].symbol);
        text = std::string(described.substr(described.find_last_of(" .") + 1)) + "(";
      }
      for (size_t i = 0; i < type.elements.size(); ++i)
        text += (i ? ", " : "") + plain_name(type.elements[i], types, constants, symbols);
      return text + ")";
    }
    case TypeKind::kConstant: {
      const Constant& constant = constants[type.constant];
      if (constant.kind == ConstantKind::kString) return "str";
      if (constant.kind == ConstantKind::kDType) return "np." + std::string(numpy_name(constant.dtype));
      if (constant.symbol) return std::string(symbols.name(constant.symbol));
      return to_text(constant, constants, symbols);
    }
    case TypeKind::kClosure:
      // Structures of inference: an f-string over its values, a list display, a bound method.
      if (constants[type.constant].kind == ConstantKind::kTuple) return "str";
      if (constants[type.constant].kind == ConstantKind::kEntity) {
        std::string_view name = symbols.name(constants[type.constant].symbol);
        return name == "builtins.list" ? "list" : "method " + std::string(name.substr(name.rfind('.') + 1));
      }
      return "function " + std::string(symbols.name(constants[type.constant].symbol));
    case TypeKind::kUnknown:
      return "value of unknown type";
    case TypeKind::kView:
      return std::string(view_name(type.view())) + " object";
    case TypeKind::kSlice:
      return "slice";
    case TypeKind::kKernelObject:
      return std::string(kernel_object_name(type.kernel_object()));
  }
  METATE_UNREACHABLE();
}

bool starts_with_vowel(std::string_view text) {
  return text.starts_with("np.") || std::string_view("aeio").find(text.front()) != std::string_view::npos;
}

}  // namespace

std::string describe(TypeId id, const TypeTable& types, const ConstantTable& constants,
                     const support::SymbolTable& symbols) {
  std::string name = plain_name(id, types, constants, symbols);
  if (name.empty()) return name;
  if (types[id].kind == TypeKind::kConstant && constants[types[id].constant].kind != ConstantKind::kString) return name;
  return (starts_with_vowel(name) ? "an " : "a ") + name;
}

}  // namespace metate::types
