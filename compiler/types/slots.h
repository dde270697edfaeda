// slots.h – how values lie in argument and result buffers: 8-byte slots, the calling convention of entry points.
//
// Every compiled function can be called as   int32_t entry(Context*, int64_t* results, const int64_t* arguments).
// Arguments stand one after the other, each in the slots of its type:
//   scalar    1 slot; bool as one byte 0 or 1, narrow integers and floats in the low bytes
//   complex   2 slots: real, imaginary (each float or double in its low bytes)
//   array     2 + 2*ndim slots: data, owner (null: borrowed), shape[ndim], strides[ndim] in bytes (abi::ArrayHeader)
//   tuple, view, slice, closure: its elements' slots
//   const     none
#pragma once

#include "compiler/types/type.h"

namespace metate::types {

inline int slot_count(TypeId id, const TypeTable& table) {
  const Type& type = table[id];
  switch (type.kind) {
    case TypeKind::kScalar:
      return is_complex(type.dtype) ? 2 : 1;
    case TypeKind::kArray:
      return 2 + 2 * type.ndim;
    case TypeKind::kTuple:
    case TypeKind::kView:
    case TypeKind::kSlice:
    case TypeKind::kClosure: {
      int count = 0;
      for (TypeId element : type.elements) count += slot_count(element, table);
      return count;
    }
    case TypeKind::kUnknown:
    case TypeKind::kConstant:
    case TypeKind::kKernelObject:
      return 0;
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::types
