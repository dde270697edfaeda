#include "compiler/infer/join.h"

#include <algorithm>

namespace metate::infer {
namespace {

using types::Type;
using types::TypeId;
using types::TypeKind;

/// Signed and unsigned integers are one kind to NEP 50.
int rank(types::DType dtype) {
  switch (types::kind(dtype)) {
    case types::Kind::kBool:
      return 0;
    case types::Kind::kUnsigned:
    case types::Kind::kSigned:
      return 1;
    case types::Kind::kFloat:
      return 2;
    case types::Kind::kComplex:
      return 3;
  }
  METATE_UNREACHABLE();
}

TypeId join_scalars(const Type& a, const Type& b, types::TypeTable& types) {
  if (a.weak && b.weak) return types.weak(rank(a.dtype) >= rank(b.dtype) ? a.dtype : b.dtype);
  if (a.weak == b.weak) return types.scalar(types::promote(a.dtype, b.dtype));
  const Type& weak = a.weak ? a : b;
  const Type& strong = a.weak ? b : a;
  if (rank(strong.dtype) >= rank(weak.dtype)) return types.scalar(strong.dtype);
  return types.scalar(types::promote(strong.dtype, weak.dtype));
}

}  // namespace

std::optional<TypeId> join(TypeId a_id, TypeId b_id, ir::Universe& universe) {
  if (a_id == b_id) return a_id;
  types::TypeTable& types = universe.types;
  const Type& a = types[a_id];
  const Type& b = types[b_id];
  if (a.kind != b.kind) return std::nullopt;
  switch (a.kind) {
    case TypeKind::kScalar:
      return join_scalars(a, b, types);
    case TypeKind::kArray:
      if (a.dtype != b.dtype || a.ndim != b.ndim || a.space != b.space) return std::nullopt;
      return types.array(a.dtype, a.ndim, a.layout == b.layout ? a.layout : types::Layout::kAny,
                         a.writable && b.writable, a.space);
    case TypeKind::kTuple:
    case TypeKind::kView:
    case TypeKind::kSlice:
    case TypeKind::kClosure: {
      if (a.detail != b.detail || a.constant != b.constant || a.elements.size() != b.elements.size())
        return std::nullopt;
      Type joined = a;
      for (size_t i = 0; i < a.elements.size(); ++i) {
        std::optional<TypeId> element = join(a.elements[i], b.elements[i], universe);
        if (!element) return std::nullopt;
        joined.elements[i] = *element;
      }
      return types.intern(std::move(joined));
    }
    case TypeKind::kUnknown:
    case TypeKind::kConstant:
    case TypeKind::kKernelObject:
      return std::nullopt;
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::infer
