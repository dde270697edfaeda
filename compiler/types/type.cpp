#include "compiler/types/type.h"

#include "compiler/support/hash.h"
#include "runtime/base/assert.h"

namespace metate::types {

TypeTable::TypeTable() { unknown_ = intern({}); }

size_t TypeTable::hash(const Type& t) {
  uint64_t packed = static_cast<uint64_t>(t.kind) | static_cast<uint64_t>(t.dtype) << 8 | uint64_t{t.weak} << 16 |
                    uint64_t{t.ndim} << 24 | static_cast<uint64_t>(t.layout) << 32 | uint64_t{t.writable} << 40 |
                    uint64_t{t.detail} << 48 | static_cast<uint64_t>(t.space) << 56;
  size_t seed = support::hash_combine(t.constant.index(), packed);
  for (TypeId element : t.elements) seed = support::hash_combine(seed, element.index());
  return seed;
}

TypeId TypeTable::intern(Type type) {
  size_t key = hash(type);
  auto [first, last] = index_.equal_range(key);
  for (auto it = first; it != last; ++it)
    if (types_[it->second.index()] == type) return it->second;
  TypeId id(static_cast<uint32_t>(types_.size()));
  types_.push_back(std::move(type));
  index_.emplace(key, id);
  return id;
}

TypeId TypeTable::array(DType dtype, int ndim, Layout layout, bool writable, MemorySpace space) {
  if (ndim <= 1 && layout == Layout::kF) layout = Layout::kC;  // one spelling for what is both
  return intern({.kind = TypeKind::kArray,
                 .dtype = dtype,
                 .ndim = static_cast<uint8_t>(ndim),
                 .layout = layout,
                 .writable = writable,
                 .space = space});
}

TypeId TypeTable::view(View view, std::vector<TypeId> elements) {
  return intern({.kind = TypeKind::kView, .detail = static_cast<uint8_t>(view), .elements = std::move(elements)});
}

TypeId type_of(ConstantId id, const ConstantTable& constants, TypeTable& types) {
  const Constant& constant = constants[id];
  switch (constant.kind) {
    case ConstantKind::kBool:
      return types.weak_bool();
    case ConstantKind::kInt:
      return types.weak_int();
    case ConstantKind::kFloat:
      return types.weak_float();
    case ConstantKind::kComplex:
      return types.weak_complex();
    case ConstantKind::kLargeInt:  // weak ones are int64; what knows the constant lets it bend all the same
    case ConstantKind::kScalar:
      return types.scalar(constant.dtype);
    case ConstantKind::kTuple: {
      std::vector<TypeId> elements;
      for (ConstantId element : constant.elements) elements.push_back(type_of(element, constants, types));
      // Of a named tuple `integer` is the number of its class behind 0.
      const ConstantId of_class =
          constant.integer ? ConstantId(static_cast<uint32_t>(constant.integer - 1)) : ConstantId();
      return types.intern({.kind = TypeKind::kTuple, .constant = of_class, .elements = std::move(elements)});
    }
    case ConstantKind::kArray: {
      const FrozenArray& array = constants.frozen(constant);
      return types.array(array.dtype, static_cast<int>(array.shape.size()),
                         array.column_major ? Layout::kF : Layout::kC, false);
    }
    case ConstantKind::kNone:
    case ConstantKind::kString:
    case ConstantKind::kEllipsis:
    case ConstantKind::kDType:
    case ConstantKind::kModule:
    case ConstantKind::kEntity:
    case ConstantKind::kCallee:
    case ConstantKind::kException:
    case ConstantKind::kForeign:
    case ConstantKind::kObject:
      return types.constant(id);
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::types
