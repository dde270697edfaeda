#include "compiler/codegen/leaves.h"

#include "compiler/types/slots.h"

namespace metate::codegen {

using types::DType;
using types::Layout;
using types::Type;
using types::TypeId;
using types::TypeKind;

namespace {

llvm::Value* slot_address(llvm::IRBuilderBase& builder, llvm::Value* slots, unsigned slot) {
  return slot == 0 ? slots : builder.CreateConstInBoundsGEP1_64(builder.getInt64Ty(), slots, slot);
}

}  // namespace

llvm::Type* LeafTypes::scalar(DType dtype) const {
  return dtype == DType::kBool ? llvm::Type::getInt1Ty(context_) : memory(dtype);
}

llvm::Type* LeafTypes::memory(DType dtype) const {
  switch (dtype) {
    case DType::kBool:
    case DType::kI8:
    case DType::kU8:
      return llvm::Type::getInt8Ty(context_);
    case DType::kI16:
    case DType::kU16:
      return llvm::Type::getInt16Ty(context_);
    case DType::kI32:
    case DType::kU32:
      return llvm::Type::getInt32Ty(context_);
    case DType::kI64:
    case DType::kU64:
      return llvm::Type::getInt64Ty(context_);
    case DType::kF16:
      return llvm::Type::getHalfTy(context_);
    case DType::kF32:
    case DType::kC64:
      return llvm::Type::getFloatTy(context_);
    case DType::kF64:
    case DType::kC128:
      return llvm::Type::getDoubleTy(context_);
  }
  METATE_UNREACHABLE();
}

llvm::PointerType* LeafTypes::data_pointer(const Type& array) const {
  switch (array.space) {
    case types::MemorySpace::kGlobal:
      return llvm::PointerType::get(context_, spaces_.global);
    case types::MemorySpace::kGroup:
      return llvm::PointerType::get(context_, spaces_.group);
    case types::MemorySpace::kPrivate:
      return llvm::PointerType::get(context_, spaces_.frame);
  }
  METATE_UNREACHABLE();
}

void LeafTypes::append(TypeId id, llvm::SmallVectorImpl<llvm::Type*>& out) const {
  const Type& type = universe_.types[id];
  switch (type.kind) {
    case TypeKind::kScalar:
      out.append(is_complex(type.dtype) ? 2 : 1, scalar(type.dtype));
      return;
    case TypeKind::kArray:
      out.push_back(data_pointer(type));
      out.push_back(llvm::PointerType::get(context_, 0));
      out.append(type.layout == Layout::kAny ? 2 * type.ndim : type.ndim, llvm::Type::getInt64Ty(context_));
      return;
    case TypeKind::kTuple:
    case TypeKind::kView:
    case TypeKind::kSlice:
    case TypeKind::kClosure:
      for (TypeId element : type.elements) append(element, out);
      return;
    case TypeKind::kUnknown:
    case TypeKind::kConstant:
    case TypeKind::kKernelObject:
      return;
  }
}

llvm::SmallVector<llvm::Type*, 6> LeafTypes::leaves(TypeId type) const {
  llvm::SmallVector<llvm::Type*, 6> out;
  append(type, out);
  return out;
}

Leaves LeafTypes::load_slots(llvm::IRBuilderBase& builder, TypeId type, llvm::Value* slots) const {
  Leaves out;
  load(builder, type, slots, 0, out);
  return out;
}

unsigned LeafTypes::load(llvm::IRBuilderBase& builder, TypeId id, llvm::Value* slots, unsigned slot,
                         Leaves& out) const {
  const Type& type = universe_.types[id];
  if (type.kind == TypeKind::kScalar) {
    for (int part = 0; part < (is_complex(type.dtype) ? 2 : 1); ++part) {
      llvm::Value* value = builder.CreateLoad(memory(type.dtype), slot_address(builder, slots, slot++));
      out.push_back(type.dtype == DType::kBool ? builder.CreateIsNotNull(value) : value);
    }
    return slot;
  }
  if (type.kind == TypeKind::kArray) {
    for (llvm::Type* leaf : leaves(id)) out.push_back(builder.CreateLoad(leaf, slot_address(builder, slots, slot++)));
    return type.layout == Layout::kAny ? slot : slot + type.ndim;
  }
  for (TypeId element : type.elements) slot = load(builder, element, slots, slot, out);
  return slot;
}

void LeafTypes::store_slots(llvm::IRBuilderBase& builder, TypeId type, llvm::ArrayRef<llvm::Value*> leaves,
                            llvm::Value* slots) const {
  unsigned leaf = 0, slot = 0;
  store(builder, type, leaves, leaf, slots, slot);
}

void LeafTypes::store(llvm::IRBuilderBase& builder, TypeId id, llvm::ArrayRef<llvm::Value*> leaves, unsigned& leaf,
                      llvm::Value* slots, unsigned& slot) const {
  const Type& type = universe_.types[id];
  if (type.kind == TypeKind::kScalar) {
    for (int part = 0; part < (is_complex(type.dtype) ? 2 : 1); ++part) {
      llvm::Value* value = leaves[leaf++];
      if (type.dtype == DType::kBool) value = builder.CreateZExt(value, builder.getInt8Ty());
      builder.CreateStore(value, slot_address(builder, slots, slot++));
    }
  } else if (type.kind == TypeKind::kArray) {
    unsigned count = leaf_count(id);
    llvm::ArrayRef<llvm::Value*> array = leaves.slice(leaf, count);
    for (unsigned i = 0; i < kShapeLeaf + type.ndim; ++i)
      builder.CreateStore(array[i], slot_address(builder, slots, slot++));
    for (unsigned axis = 0; axis < type.ndim; ++axis)
      builder.CreateStore(stride(builder, type, array, axis), slot_address(builder, slots, slot++));
    leaf += count;
  } else {
    for (TypeId element : type.elements) store(builder, element, leaves, leaf, slots, slot);
  }
}

llvm::Value* LeafTypes::stride(llvm::IRBuilderBase& builder, const Type& array, llvm::ArrayRef<llvm::Value*> leaves,
                               unsigned axis) const {
  if (array.layout == Layout::kAny) return leaves[stride_leaf(array) + axis];
  llvm::Value* stride = builder.getInt64(static_cast<uint64_t>(size(array.dtype)));
  if (array.layout == Layout::kC)
    for (unsigned i = array.ndim - 1u; i > axis; --i) stride = builder.CreateNSWMul(stride, leaves[kShapeLeaf + i]);
  else
    for (unsigned i = 0; i < axis; ++i) stride = builder.CreateNSWMul(stride, leaves[kShapeLeaf + i]);
  return stride;
}

}  // namespace metate::codegen
