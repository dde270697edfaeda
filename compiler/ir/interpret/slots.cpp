#include "compiler/ir/interpret/slots.h"

#include <algorithm>
#include <bit>

#include "compiler/types/slots.h"

namespace metate::ir {

using types::Scalar;
using types::TypeKind;

Datum read_slots(const types::TypeTable& types, types::TypeId id, const int64_t*& slots) {
  const types::Type& type = types[id];
  const int64_t* own = slots;
  switch (type.kind) {
    case TypeKind::kScalar:
      slots += types::slot_count(id, types);
      if (!types::is_complex(type.dtype)) return types::load(type.dtype, own);
      return Scalar{type.dtype, types::load(types::real_part(type.dtype), own).bits,
                    types::load(types::real_part(type.dtype), own + 1).bits};
    case TypeKind::kArray: {
      slots += types::slot_count(id, types);
      const int64_t* shape = own + 2;
      const int64_t* strides = shape + type.ndim;
      return Array{std::bit_cast<std::byte*>(own[0]),
                   std::bit_cast<abi::Owner*>(own[1]),
                   {shape, strides},
                   {strides, strides + type.ndim}};
    }
    case TypeKind::kTuple:
    case TypeKind::kView:
    case TypeKind::kSlice:
    case TypeKind::kClosure: {
      std::vector<Datum> parts;
      for (types::TypeId element : type.elements) parts.push_back(read_slots(types, element, slots));
      return parts;
    }
    case TypeKind::kConstant:
    case TypeKind::kKernelObject:
    case TypeKind::kUnknown:
      return Datum::nothing();
  }
  METATE_UNREACHABLE();
}

void write_slots(const types::TypeTable& types, types::TypeId id, const Datum& value, Memory& memory, int64_t*& slots) {
  const types::Type& type = types[id];
  if (const std::vector<Datum>* parts = value.tuple()) {
    for (size_t i = 0; i < parts->size(); ++i) write_slots(types, type.elements[i], (*parts)[i], memory, slots);
    return;
  }
  int count = types::slot_count(id, types);
  std::fill_n(slots, count, 0);
  if (const Scalar* scalar = value.scalar()) {
    if (types::is_complex(type.dtype)) {
      types::store(scalar->real_part(), slots);
      types::store(scalar->imaginary_part(), slots + 1);
    } else {
      types::store(*scalar, slots);
    }
  } else if (const Array* array = value.array()) {
    if (array->owner) memory.hand_over(array->owner);
    slots[0] = std::bit_cast<int64_t>(array->data);
    slots[1] = std::bit_cast<int64_t>(array->owner);
    std::ranges::copy(array->shape, slots + 2);
    std::ranges::copy(array->strides, slots + 2 + array->shape.size());
  }
  slots += count;
}

}  // namespace metate::ir
