// c_pointer – C's pointers to numbers: arrays of no dimension with a mark, which may be indexed.
#pragma once

#include "compiler/types/type.h"

namespace metate::types {

inline constexpr uint8_t kCPointer = 1;  // the `detail` of such an array type

inline bool is_c_pointer(const Type& type) { return type.kind == TypeKind::kArray && type.detail == kCPointer; }

inline TypeId c_pointer(TypeTable& types, DType dtype, bool writable) {
  return types.intern({.kind = TypeKind::kArray, .dtype = dtype, .writable = writable, .detail = kCPointer});
}

}  // namespace metate::types
