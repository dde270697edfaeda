// builtins – the built-in variables of a kernel: who am I, how many are we.
#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

struct Items {
  Reader& reader;
  llvm::IRBuilder<>& b = reader.builder();

  llvm::Value* query(ItemQuery what, uint32_t dimension = 0) {
    return b.CreateCall(item_query(reader.module()), {b.getInt32(static_cast<uint32_t>(what)), b.getInt32(dimension)});
  }

  /// The three dimensions as a vector of the variable's type.
  llvm::Value* vector(ItemQuery what, llvm::Type* type) {
    llvm::Value* result = llvm::PoisonValue::get(type);
    for (uint32_t d = 0; d < 3; ++d) {
      llvm::Value* element = b.CreateZExtOrTrunc(query(what, d), type->getScalarType());
      result = b.CreateInsertElement(result, element, d);
    }
    return result;
  }

  /// (z * size_y + y) * size_x + x
  llvm::Value* linear(ItemQuery id, ItemQuery size, bool without_offset) {
    llvm::Value* index = nullptr;
    for (uint32_t d = 3; d-- > 0;) {
      llvm::Value* own = query(id, d);
      if (without_offset) own = b.CreateSub(own, query(ItemQuery::kGlobalOffset, d));
      index = index ? b.CreateAdd(b.CreateMul(index, query(size, d)), own) : own;
    }
    return index;
  }

  llvm::Value* local_index() { return linear(ItemQuery::kLocalId, ItemQuery::kGroupSize, false); }

  // A sub-group is a row of items with neighbouring linear ids; the last of a group may have fewer.

  llvm::Value* sub_group_size() {
    llvm::Value* size = query(ItemQuery::kMaxSubGroupSize);
    llvm::Value* first = b.CreateMul(b.CreateUDiv(local_index(), size), size);
    return b.CreateBinaryIntrinsic(llvm::Intrinsic::umin, size, b.CreateSub(group_items(), first));
  }

  llvm::Value* sub_group_count() {
    llvm::Value* size = query(ItemQuery::kMaxSubGroupSize);
    llvm::Value* rounded = b.CreateAdd(group_items(), b.CreateSub(size, b.getInt64(1)));
    return b.CreateUDiv(rounded, size);
  }

  llvm::Value* group_items() {
    llvm::Value* xy = b.CreateMul(query(ItemQuery::kGroupSize, 0), query(ItemQuery::kGroupSize, 1));
    return b.CreateMul(xy, query(ItemQuery::kGroupSize, 2));
  }
};

/// Whether it has a bit for each item of the sub-group.
bool is_mask(spv::BuiltIn builtin) {
  switch (builtin) {
    case spv::BuiltIn::SubgroupEqMask:
    case spv::BuiltIn::SubgroupGeMask:
    case spv::BuiltIn::SubgroupGtMask:
    case spv::BuiltIn::SubgroupLeMask:
    case spv::BuiltIn::SubgroupLtMask:
      return true;
    default:
      return false;
  }
}

/// Whether it has a value for each dimension.
bool is_triple(spv::BuiltIn builtin) {
  switch (builtin) {
    case spv::BuiltIn::GlobalInvocationId:
    case spv::BuiltIn::LocalInvocationId:
    case spv::BuiltIn::WorkgroupId:
    case spv::BuiltIn::NumWorkgroups:
    case spv::BuiltIn::WorkgroupSize:
    case spv::BuiltIn::EnqueuedWorkgroupSize:
    case spv::BuiltIn::GlobalSize:
    case spv::BuiltIn::GlobalOffset:
      return true;
    default:
      return false;
  }
}

}  // namespace

llvm::Value* builtin_value(Reader& reader, spv::BuiltIn builtin, llvm::Type* type) {
  if (is_mask(builtin)) return ballot_mask(reader, builtin, type);
  auto* lanes = llvm::dyn_cast<llvm::FixedVectorType>(type);
  if (!type->isIntOrIntVectorTy() || (lanes && lanes->getNumElements() != 3) ||
      (lanes != nullptr) != is_triple(builtin)) {
    reader.fail("a built-in variable is neither an integer nor three of them");
    return nullptr;
  }
  Items items{reader};
  auto scalar = [&](llvm::Value* value) { return reader.builder().CreateZExtOrTrunc(value, type); };
  switch (builtin) {
    case spv::BuiltIn::GlobalInvocationId:
      return items.vector(ItemQuery::kGlobalId, type);
    case spv::BuiltIn::LocalInvocationId:
      return items.vector(ItemQuery::kLocalId, type);
    case spv::BuiltIn::WorkgroupId:
      return items.vector(ItemQuery::kGroupId, type);
    case spv::BuiltIn::NumWorkgroups:
      return items.vector(ItemQuery::kGroupCount, type);
    case spv::BuiltIn::WorkgroupSize:
    case spv::BuiltIn::EnqueuedWorkgroupSize:
      return items.vector(ItemQuery::kGroupSize, type);
    case spv::BuiltIn::GlobalSize:
      return items.vector(ItemQuery::kGlobalSize, type);
    case spv::BuiltIn::GlobalOffset:
      return items.vector(ItemQuery::kGlobalOffset, type);
    case spv::BuiltIn::WorkDim:
      return scalar(items.query(ItemQuery::kWorkDimensions));
    case spv::BuiltIn::GlobalLinearId:
      return scalar(items.linear(ItemQuery::kGlobalId, ItemQuery::kGlobalSize, true));
    case spv::BuiltIn::LocalInvocationIndex:
      return scalar(items.local_index());
    case spv::BuiltIn::SubgroupId:
      return scalar(reader.builder().CreateUDiv(items.local_index(), items.query(ItemQuery::kMaxSubGroupSize)));
    case spv::BuiltIn::SubgroupLocalInvocationId:
      return scalar(reader.builder().CreateURem(items.local_index(), items.query(ItemQuery::kMaxSubGroupSize)));
    case spv::BuiltIn::SubgroupSize:
      return scalar(items.sub_group_size());
    case spv::BuiltIn::SubgroupMaxSize:
      return scalar(items.query(ItemQuery::kMaxSubGroupSize));
    case spv::BuiltIn::NumSubgroups:
    case spv::BuiltIn::NumEnqueuedSubgroups:
      return scalar(items.sub_group_count());
    default:
      break;
  }
  reader.lack("built-in variable " + std::to_string(static_cast<uint32_t>(builtin)) + " is not there yet");
  return nullptr;
}

}  // namespace metate::ze_software::spirv
