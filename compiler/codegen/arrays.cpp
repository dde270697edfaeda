// arrays – extents, indices, element access, views, storage.
#include <array>

#include "compiler/codegen/check_marks.h"
#include "compiler/codegen/function_lowering.h"
#include "runtime/abi/context.h"

namespace metate::codegen {

using types::DType;
using types::Layout;
using types::Type;

void FunctionLowering::lower_dim(ir::Inst inst) {
  set_leaf(ir_.result(inst), leaves(ir_.operands(inst)[0])[kShapeLeaf + ir_.inst(inst).imm]);
}

void FunctionLowering::lower_stride(ir::Inst inst) {
  ir::Value array = ir_.operands(inst)[0];
  set_leaf(ir_.result(inst), leaf_types().stride(builder_, ir_.type_data(array), leaves(array), ir_.inst(inst).imm));
}

void FunctionLowering::lower_index(ir::Inst inst) {
  ir::IndexCheck what = ir::IndexCheck::decode(ir_.inst(inst).imm);
  llvm::Value* index = leaf(ir_.operands(inst)[0]);
  llvm::Value* extent = leaf(ir_.operands(inst)[1]);
  llvm::Value* wrapped = index;
  if (what.wrap) {
    llvm::Value* negative = builder_.CreateICmpSLT(index, builder_.getInt64(0));
    wrapped = builder_.CreateSelect(negative, builder_.CreateAdd(index, extent), index);
  }
  if (what.check) {
    // One unsigned comparison covers both ends: extents are never negative.
    std::array<llvm::Value*, 3> values{index, builder_.getInt64(what.axis), extent};
    types::TypeTable& types = module_.universe().types;
    const types::TypeId integer = types.weak_int(), given = what.wrap ? integer : types.scalar(DType::kU64);
    raise_if(builder_.CreateICmpUGE(wrapped, extent), inst, ir::index_message(module_.universe()), values,
             {given, integer, integer});
  }
  set_leaf(ir_.result(inst), wrapped);
}

llvm::Align FunctionLowering::element_align(const Type& array) const {
  // Arrays of layout A may be views into packed records, so nothing is known of their alignment.
  if (array.layout == Layout::kAny) return llvm::Align(1);
  return llvm::Align(static_cast<uint64_t>(is_complex(array.dtype) ? size(array.dtype) / 2 : size(array.dtype)));
}

llvm::Value* FunctionLowering::element_address(ir::Value array, std::span<const ir::Value> indices) {
  const Type& type = ir_.type_data(array);
  llvm::ArrayRef<llvm::Value*> parts = leaves(array);
  METATE_ASSERT(indices.size() == type.ndim);
  if (type.layout == Layout::kAny) {
    llvm::Value* address = parts[kDataLeaf];
    for (unsigned axis = 0; axis < type.ndim; ++axis) {
      llvm::Value* offset = builder_.CreateNSWMul(leaf(indices[axis]), parts[stride_leaf(type) + axis]);
      address = builder_.CreateInBoundsGEP(builder_.getInt8Ty(), address, offset);
    }
    return address;
  }
  // Horner's scheme over the extents, from the slowest axis to the fastest.
  llvm::Value* linear = builder_.getInt64(0);
  for (unsigned i = 0; i < type.ndim; ++i) {
    unsigned axis = type.layout == Layout::kC ? i : type.ndim - 1 - i;
    if (i > 0) linear = builder_.CreateNSWMul(linear, parts[kShapeLeaf + axis]);
    linear = i > 0 ? builder_.CreateNSWAdd(linear, leaf(indices[axis])) : leaf(indices[axis]);
  }
  if (is_complex(type.dtype)) linear = builder_.CreateShl(linear, 1, "", false, true);
  return builder_.CreateInBoundsGEP(leaf_types().memory(type.dtype), parts[kDataLeaf], linear);
}

void FunctionLowering::lower_load(ir::Inst inst) {
  ir::Value array = ir_.operands(inst)[0];
  const Type& type = ir_.type_data(array);
  llvm::Type* memory = leaf_types().memory(type.dtype);
  llvm::Value* address = element_address(array, ir_.operands(inst).subspan(1));
  Leaves parts{builder_.CreateAlignedLoad(memory, address, element_align(type))};
  if (is_complex(type.dtype))
    parts.push_back(builder_.CreateAlignedLoad(memory, builder_.CreateConstInBoundsGEP1_64(memory, address, 1),
                                               element_align(type)));
  if (type.dtype == DType::kBool) parts[0] = builder_.CreateIsNotNull(parts[0]);
  set_leaves(ir_.result(inst), std::move(parts));
}

void FunctionLowering::lower_store(ir::Inst inst) {
  ir::Value array = ir_.operands(inst)[1];
  const Type& type = ir_.type_data(array);
  llvm::Type* memory = leaf_types().memory(type.dtype);
  llvm::ArrayRef<llvm::Value*> parts = leaves(ir_.operands(inst)[0]);
  llvm::Value* address = element_address(array, ir_.operands(inst).subspan(2));
  llvm::Value* first = type.dtype == DType::kBool ? builder_.CreateZExt(parts[0], memory) : parts[0];
  builder_.CreateAlignedStore(first, address, element_align(type));
  if (is_complex(type.dtype))
    builder_.CreateAlignedStore(parts[1], builder_.CreateConstInBoundsGEP1_64(memory, address, 1), element_align(type));
}

/// Makes a view's leaves out of data, owner and full shape and strides; drops strides that its layout implies.
static Leaves view_leaves(const Type& type, llvm::Value* data, llvm::Value* owner, llvm::ArrayRef<llvm::Value*> shape,
                          llvm::ArrayRef<llvm::Value*> strides) {
  Leaves parts{data, owner};
  parts.append(shape.begin(), shape.end());
  if (type.layout == Layout::kAny) parts.append(strides.begin(), strides.end());
  return parts;
}

void FunctionLowering::lower_view(ir::Inst inst) {
  std::span<const ir::Value> operands = ir_.operands(inst);
  const Type& source = ir_.type_data(operands[0]);
  llvm::ArrayRef<llvm::Value*> parts = leaves(operands[0]);
  llvm::Value* data = parts[kDataLeaf];
  llvm::SmallVector<llvm::Value*, 4> shape, strides;
  unsigned axis = 0;
  size_t next = 1;
  auto advance = [&](llvm::Value* elements, llvm::Value* stride) {
    data = builder_.CreateInBoundsGEP(builder_.getInt8Ty(), data, builder_.CreateNSWMul(elements, stride));
  };
  for (ir::IndexKind kind : ir_.index_specs[ir_.inst(inst).imm]) {
    if (kind == ir::IndexKind::kNewAxis) {
      shape.push_back(builder_.getInt64(1));
      strides.push_back(builder_.getInt64(0));
      continue;
    }
    llvm::Value* stride = leaf_types().stride(builder_, source, parts, axis);
    if (kind == ir::IndexKind::kInteger) {
      advance(leaf(operands[next++]), stride);
    } else if (kind == ir::IndexKind::kSlice) {
      advance(leaf(operands[next]), stride);
      shape.push_back(leaf(operands[next + 1]));
      strides.push_back(builder_.CreateNSWMul(stride, leaf(operands[next + 2])));
      next += 3;
    } else {
      shape.push_back(parts[kShapeLeaf + axis]);
      strides.push_back(stride);
    }
    ++axis;
  }
  METATE_ASSERT(axis == source.ndim);
  ir::Value result = ir_.result(inst);
  set_leaves(result, view_leaves(ir_.type_data(result), data, parts[kOwnerLeaf], shape, strides));
}

void FunctionLowering::lower_transpose(ir::Inst inst) {
  ir::Value array = ir_.operands(inst)[0];
  const Type& source = ir_.type_data(array);
  llvm::ArrayRef<llvm::Value*> parts = leaves(array);
  llvm::SmallVector<llvm::Value*, 4> shape, strides;
  for (uint8_t axis : ir_.axes[ir_.inst(inst).imm]) {
    shape.push_back(parts[kShapeLeaf + axis]);
    strides.push_back(leaf_types().stride(builder_, source, parts, axis));
  }
  ir::Value result = ir_.result(inst);
  set_leaves(result, view_leaves(ir_.type_data(result), parts[kDataLeaf], parts[kOwnerLeaf], shape, strides));
}

void FunctionLowering::lower_reshape(ir::Inst inst) {
  std::span<const ir::Value> operands = ir_.operands(inst);
  llvm::ArrayRef<llvm::Value*> parts = leaves(operands[0]);
  ir::Value result = ir_.result(inst);
  METATE_ASSERT(ir_.type_data(operands[0]).layout == Layout::kC && ir_.type_data(result).layout == Layout::kC);
  llvm::SmallVector<llvm::Value*, 4> shape;
  for (ir::Value extent : operands.subspan(1)) shape.push_back(leaf(extent));
  set_leaves(result, view_leaves(ir_.type_data(result), parts[kDataLeaf], parts[kOwnerLeaf], shape, {}));
}

void FunctionLowering::lower_broadcast(ir::Inst inst) {
  std::span<const ir::Value> operands = ir_.operands(inst);
  const Type& source = ir_.type_data(operands[0]);
  llvm::ArrayRef<llvm::Value*> parts = leaves(operands[0]);
  llvm::SmallVector<llvm::Value*, 4> shape, strides;
  size_t added = operands.size() - 1 - source.ndim;
  for (size_t axis = 0; axis + 1 < operands.size(); ++axis) {
    shape.push_back(leaf(operands[axis + 1]));
    if (axis < added) {
      strides.push_back(builder_.getInt64(0));
      continue;
    }
    auto from = static_cast<unsigned>(axis - added);
    llvm::Value* single = builder_.CreateICmpEQ(parts[kShapeLeaf + from], builder_.getInt64(1));
    llvm::Value* stride = leaf_types().stride(builder_, source, parts, from);
    strides.push_back(builder_.CreateSelect(single, builder_.getInt64(0), stride));
  }
  ir::Value result = ir_.result(inst);
  METATE_ASSERT(ir_.type_data(result).layout == Layout::kAny);
  set_leaves(result, view_leaves(ir_.type_data(result), parts[kDataLeaf], parts[kOwnerLeaf], shape, strides));
}

/// All leaves of an array under another type: same shape and strides, data moved by `offset` parts.
Leaves FunctionLowering::retyped(ir::Value array, const Type& target, unsigned offset) {
  const Type& source = ir_.type_data(array);
  llvm::ArrayRef<llvm::Value*> parts = leaves(array);
  llvm::SmallVector<llvm::Value*, 4> shape, strides;
  for (unsigned axis = 0; axis < source.ndim; ++axis) {
    shape.push_back(parts[kShapeLeaf + axis]);
    strides.push_back(leaf_types().stride(builder_, source, parts, axis));
  }
  llvm::Value* data = parts[kDataLeaf];
  if (offset > 0) data = builder_.CreateConstInBoundsGEP1_64(leaf_types().memory(source.dtype), data, offset);
  return view_leaves(target, data, parts[kOwnerLeaf], shape, strides);
}

std::pair<llvm::Value*, llvm::Value*> FunctionLowering::memory_range(const Type& type,
                                                                     llvm::ArrayRef<llvm::Value*> parts) {
  llvm::Value* zero = builder_.getInt64(0);
  llvm::Value *low = zero, *high = builder_.getInt64(static_cast<uint64_t>(size(type.dtype))),
              *empty = builder_.getFalse();
  for (unsigned axis = 0; axis < type.ndim; ++axis) {
    llvm::Value* extent = parts[kShapeLeaf + axis];
    llvm::Value* last = builder_.CreateNSWSub(extent, builder_.getInt64(1));
    llvm::Value* span = builder_.CreateMul(last, leaf_types().stride(builder_, type, parts, axis));
    low = builder_.CreateAdd(low, builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, span, zero));
    high = builder_.CreateAdd(high, builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, span, zero));
    empty = builder_.CreateOr(empty, builder_.CreateICmpEQ(extent, zero));
  }
  llvm::Value* begin = builder_.CreateAdd(builder_.CreatePtrToInt(parts[kDataLeaf], builder_.getInt64Ty()), low);
  llvm::Value* length = builder_.CreateSelect(empty, zero, builder_.CreateSub(high, low));
  return {begin, builder_.CreateAdd(begin, length)};
}

void FunctionLowering::lower_overlap(ir::Inst inst) {
  const ir::Value array = ir_.operands(inst)[0], other = ir_.operands(inst)[1];
  auto [begin, end] = memory_range(ir_.type_data(array), leaves(array));
  auto [other_begin, other_end] = memory_range(ir_.type_data(other), leaves(other));
  llvm::Value* meets =
      builder_.CreateAnd(builder_.CreateICmpULT(begin, other_end), builder_.CreateICmpULT(other_begin, end));
  // Of an array without elements only a place inside of the other could seem to meet it.
  llvm::Value* some =
      builder_.CreateAnd(builder_.CreateICmpNE(begin, end), builder_.CreateICmpNE(other_begin, other_end));
  set_leaf(ir_.result(inst), builder_.CreateAnd(meets, some));
}

void FunctionLowering::lower_distance(ir::Inst inst) {
  auto address = [&](ir::Value array) {
    return builder_.CreatePtrToInt(leaves(array)[kDataLeaf], builder_.getInt64Ty());
  };
  llvm::Value *from = address(ir_.operands(inst)[0]), *to = address(ir_.operands(inst)[1]);
  set_leaf(ir_.result(inst), builder_.CreateSub(to, from));
}

void FunctionLowering::lower_real(ir::Inst inst) {
  ir::Value result = ir_.result(inst);
  METATE_ASSERT(ir_.type_data(result).layout == Layout::kAny);
  set_leaves(result, retyped(ir_.operands(inst)[0], ir_.type_data(result), ir_.inst(inst).imm));
}

void FunctionLowering::lower_widen(ir::Inst inst) {
  ir::Value result = ir_.result(inst);
  set_leaves(result, retyped(ir_.operands(inst)[0], ir_.type_data(result), 0));
}

void FunctionLowering::lower_alloc(ir::Inst inst) {
  ir::Value result = ir_.result(inst);
  const Type& type = ir_.type_data(result);
  METATE_ASSERT(type.layout != Layout::kAny);
  llvm::SmallVector<llvm::Value*, 4> shape;
  llvm::Value* bytes = builder_.getInt64(static_cast<uint64_t>(size(type.dtype)));
  llvm::Value* overflow = builder_.getFalse();
  for (ir::Value extent : ir_.operands(inst)) {
    shape.push_back(leaf(extent));
    llvm::Value* product = builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smul_with_overflow, bytes, shape.back());
    bytes = builder_.CreateExtractValue(product, 0);
    overflow = builder_.CreateOr(overflow, builder_.CreateExtractValue(product, 1));
  }
  // A size that overflows is asked for as the largest there is, so there is one way to fail.
  bytes = builder_.CreateSelect(overflow, builder_.getInt64(INT64_MAX), bytes);
  const char* function = ir_.options.offload ? "metate_alloc_shared" : "metate_alloc";
  llvm::Value* owner = builder_.CreateCall(module_.runtime_call(function), {context(), bytes});
  std::array<llvm::Value*, 1> values{bytes};
  raise_if(builder_.CreateIsNull(owner), inst, ir::memory_message(module_.universe()), values,
           {module_.universe().types.weak_int()});
  llvm::Value* data = builder_.CreateConstInBoundsGEP1_64(builder_.getInt8Ty(), owner, abi::kOwnerDataOffset);
  set_leaves(result, view_leaves(type, data, owner, shape, {}));
}

llvm::AllocaInst* FunctionLowering::frame_variable(llvm::Type* type) {
  llvm::BasicBlock& entry = target_.getEntryBlock();
  llvm::IRBuilder<> at_entry(&entry, entry.begin());
  llvm::AllocaInst* memory = at_entry.CreateAlloca(type);
  memory->setAlignment(llvm::Align(kLocalAlign));
  return memory;
}

void FunctionLowering::lower_local(ir::Inst inst) {
  ir::Value result = ir_.result(inst);
  const Type& type = ir_.type_data(result);
  METATE_ASSERT(type.layout != Layout::kAny);
  uint64_t count = uint64_t{ir_.inst(inst).imm} * (is_complex(type.dtype) ? 2 : 1);
  auto* storage = llvm::ArrayType::get(leaf_types().memory(type.dtype), count);
  llvm::Value* data = nullptr;
  if (type.space == types::MemorySpace::kGroup)
    data = module_.group_variable(storage, leaf_types().data_pointer(type)->getAddressSpace());
  else
    data = frame_variable(storage);
  if (module_.is_checked()) mark_storage(*this, inst, data);
  llvm::SmallVector<llvm::Value*, 4> shape;
  for (ir::Value extent : ir_.operands(inst)) shape.push_back(leaf(extent));
  llvm::Value* owner = llvm::ConstantPointerNull::get(builder_.getPtrTy());
  set_leaves(result, view_leaves(type, data, owner, shape, {}));
}

}  // namespace metate::codegen
