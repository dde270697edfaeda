// group – barriers, and what the items of a sub-group or work-group do together.
#include "runtime/ze_software/spirv/combine.h"
#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

constexpr uint64_t kLargestSubGroup = 64;

std::optional<ItemSet> item_set(Reader& reader, uint32_t scope_id) {
  const std::optional<uint64_t> scope = reader.constant(scope_id);
  if (!scope) {
    reader.fail("the scope of a group operation is not constant");
    return std::nullopt;
  }
  if (static_cast<spv::Scope>(*scope) == spv::Scope::Workgroup) return ItemSet::kWorkGroup;
  if (static_cast<spv::Scope>(*scope) == spv::Scope::Subgroup) return ItemSet::kSubGroup;
  reader.lack("a group operation is for more than a work-group: groups cannot wait for one another");
  return std::nullopt;
}

/// The BarrierMemory that a barrier's scope and semantics put in order; all of it where they are not constant.
uint32_t ordered_memory(Reader& reader, uint32_t scope_id, uint32_t semantics_id) {
  using Mask = spv::MemorySemanticsMask;
  const std::optional<uint64_t> scope = reader.constant(scope_id), semantics = reader.constant(semantics_id);
  if (scope && static_cast<spv::Scope>(*scope) == spv::Scope::Invocation) return 0;
  const bool in_sub_groups = scope && static_cast<spv::Scope>(*scope) == spv::Scope::Subgroup;
  const uint32_t among = in_sub_groups ? kInSubGroups : 0u;
  if (!semantics) return kAllMemory | among;
  auto has = [&](Mask mask) { return (*semantics & static_cast<uint32_t>(mask)) != 0; };
  const bool orders = has(Mask::Acquire | Mask::Release | Mask::AcquireRelease | Mask::SequentiallyConsistent);
  if (!orders) return 0;
  return (has(Mask::WorkgroupMemory) ? kLocalMemory : 0u) | (has(Mask::CrossWorkgroupMemory) ? kGlobalMemory : 0u) |
         among;
}

void read_barrier(Reader& reader, const Instruction& instruction) {
  const std::optional<uint64_t> scope = reader.constant(instruction.operands[0]);
  if (scope && static_cast<spv::Scope>(*scope) == spv::Scope::Invocation) return;
  if (std::optional<ItemSet> set = item_set(reader, instruction.operands[0]))
    call_barrier(reader.builder(), *set, ordered_memory(reader, instruction.operands[1], instruction.operands[2]));
}

/// How an instruction that reduces or scans combines values; nothing for other instructions.
std::optional<Combine> combine_of(spv::Op opcode) {
  switch (opcode) {
    case spv::Op::OpGroupIAdd:
    case spv::Op::OpGroupNonUniformIAdd:
      return Combine::kIAdd;
    case spv::Op::OpGroupFAdd:
    case spv::Op::OpGroupNonUniformFAdd:
      return Combine::kFAdd;
    case spv::Op::OpGroupIMulKHR:
    case spv::Op::OpGroupNonUniformIMul:
      return Combine::kIMul;
    case spv::Op::OpGroupFMulKHR:
    case spv::Op::OpGroupNonUniformFMul:
      return Combine::kFMul;
    case spv::Op::OpGroupSMin:
    case spv::Op::OpGroupNonUniformSMin:
      return Combine::kSMin;
    case spv::Op::OpGroupUMin:
    case spv::Op::OpGroupNonUniformUMin:
      return Combine::kUMin;
    case spv::Op::OpGroupFMin:
    case spv::Op::OpGroupNonUniformFMin:
      return Combine::kFMin;
    case spv::Op::OpGroupSMax:
    case spv::Op::OpGroupNonUniformSMax:
      return Combine::kSMax;
    case spv::Op::OpGroupUMax:
    case spv::Op::OpGroupNonUniformUMax:
      return Combine::kUMax;
    case spv::Op::OpGroupFMax:
    case spv::Op::OpGroupNonUniformFMax:
      return Combine::kFMax;
    case spv::Op::OpGroupBitwiseAndKHR:
    case spv::Op::OpGroupLogicalAndKHR:
    case spv::Op::OpGroupNonUniformBitwiseAnd:
    case spv::Op::OpGroupNonUniformLogicalAnd:
      return Combine::kAnd;
    case spv::Op::OpGroupBitwiseOrKHR:
    case spv::Op::OpGroupLogicalOrKHR:
    case spv::Op::OpGroupNonUniformBitwiseOr:
    case spv::Op::OpGroupNonUniformLogicalOr:
      return Combine::kOr;
    case spv::Op::OpGroupBitwiseXorKHR:
    case spv::Op::OpGroupLogicalXorKHR:
    case spv::Op::OpGroupNonUniformBitwiseXor:
    case spv::Op::OpGroupNonUniformLogicalXor:
      return Combine::kXor;
    default:
      return std::nullopt;
  }
}

/// SPIR-V numbers them in a row, but for the rotation.
bool is_non_uniform(spv::Op opcode) {
  return (opcode >= spv::Op::OpGroupNonUniformElect && opcode <= spv::Op::OpGroupNonUniformQuadSwap) ||
         opcode == spv::Op::OpGroupNonUniformRotateKHR;
}

/// Intel's shuffles name no scope: they are for sub-groups.
bool is_for_sub_groups(spv::Op opcode) {
  return opcode == spv::Op::OpSubgroupShuffleINTEL || opcode == spv::Op::OpSubgroupShuffleXorINTEL ||
         opcode == spv::Op::OpSubgroupShuffleUpINTEL || opcode == spv::Op::OpSubgroupShuffleDownINTEL;
}

/// One instruction for a set of items, which operand 0 of most says.
class GroupReader {
 public:
  GroupReader(Reader& reader, const Instruction& instruction)
      : reader_(reader), b_(reader.builder()), instruction_(instruction) {}

  /// Null for an instruction that is none of this family.
  llvm::Value* read() {
    switch (instruction_.opcode) {
      case spv::Op::OpGroupAll:
      case spv::Op::OpGroupNonUniformAll:
        return meet(Together::kReduce, Combine::kAnd, operand(1));
      case spv::Op::OpGroupAny:
      case spv::Op::OpGroupNonUniformAny:
        return meet(Together::kReduce, Combine::kOr, operand(1));
      case spv::Op::OpGroupNonUniformAllEqual:
        return all_equal();
      case spv::Op::OpGroupNonUniformElect:
        return b_.CreateICmpEQ(own_number(), first_number());
      case spv::Op::OpGroupBroadcast:
      case spv::Op::OpGroupNonUniformBroadcast:
      case spv::Op::OpGroupNonUniformShuffle:
        return select(operand(1), partner_number());
      case spv::Op::OpGroupNonUniformBroadcastFirst:
        return select(operand(1), first_number());
      case spv::Op::OpGroupNonUniformShuffleXor:
        return select(operand(1), b_.CreateXor(own_number(), number(2)));
      // Below the first item and above the last there is nobody: the item gets its own value.
      case spv::Op::OpGroupNonUniformShuffleUp:
        return select(operand(1), b_.CreateSub(own_number(), number(2)));
      case spv::Op::OpGroupNonUniformShuffleDown:
        return select(operand(1), b_.CreateAdd(own_number(), number(2)));
      case spv::Op::OpGroupNonUniformRotateKHR:
        return select(operand(1), rotated_number());
      case spv::Op::OpSubgroupShuffleINTEL:
        return select(operand(0), number(1));
      case spv::Op::OpSubgroupShuffleXorINTEL:
        return select(operand(0), b_.CreateXor(own_number(), number(1)));
      case spv::Op::OpSubgroupShuffleUpINTEL:
        return select_of_two(b_.CreateSub(b_.CreateAdd(largest_size(), own_number()), number(2)));
      case spv::Op::OpSubgroupShuffleDownINTEL:
        return select_of_two(b_.CreateAdd(own_number(), number(2)));
      case spv::Op::OpGroupNonUniformBallot:
        return ballot();
      default:
        break;
    }
    const std::optional<Combine> combine = combine_of(instruction_.opcode);
    return combine ? arithmetic(*combine) : nullptr;
  }

 private:
  llvm::Value* operand(size_t i) { return reader_.value(instruction_.operands[i]); }
  llvm::Value* number(size_t i) { return b_.CreateZExtOrTrunc(operand(i), b_.getInt32Ty()); }

  ItemSet set() {
    if (is_for_sub_groups(instruction_.opcode)) return ItemSet::kComing;
    const ItemSet named = item_set(reader_, instruction_.operands[0]).value_or(ItemSet::kWorkGroup);
    return named == ItemSet::kSubGroup && is_non_uniform(instruction_.opcode) ? ItemSet::kComing : named;
  }

  llvm::Value* meet(Together together, Combine combine, llvm::Value* value, llvm::Value* partner = nullptr) {
    auto code = [&](auto e) { return b_.getInt32(static_cast<uint32_t>(e)); };
    // Memory holds no single bits.
    llvm::Type* type = value->getType();
    const bool is_bool = type->isIntOrIntVectorTy(1);
    if (is_bool) value = b_.CreateSExt(value, type->getWithNewBitWidth(8));
    llvm::Value* result =
        b_.CreateCall(meeting(reader_.module(), value->getType()),
                      {code(set()), code(together), code(combine), value, partner ? partner : b_.getInt32(0)});
    return is_bool ? b_.CreateTrunc(result, type) : result;
  }

  llvm::Value* select(llvm::Value* value, llvm::Value* partner) {
    return meet(Together::kSelect, Combine::kIAdd, value, partner);
  }

  /// Operands 0 and 1 of all items are the values of one sequence, as if every sub-group were full; `index` counts in
  /// it.
  llvm::Value* select_of_two(llvm::Value* index) {
    llvm::Value* size = largest_size();
    llvm::Value* partner = b_.CreateAnd(index, b_.CreateSub(size, b_.getInt32(1)));
    llvm::Value *first = select(operand(0), partner), *second = select(operand(1), partner);
    return b_.CreateSelect(b_.CreateICmpULT(index, size), first, second);
  }

  /// How many items a full sub-group has: a power of two.
  llvm::Value* largest_size() { return builtin_value(reader_, spv::BuiltIn::SubgroupMaxSize, b_.getInt32Ty()); }

  /// The item's number in its set.
  llvm::Value* own_number() {
    const auto builtin =
        set() == ItemSet::kWorkGroup ? spv::BuiltIn::LocalInvocationIndex : spv::BuiltIn::SubgroupLocalInvocationId;
    return builtin_value(reader_, builtin, b_.getInt32Ty());
  }

  /// That of the first item that comes.
  llvm::Value* first_number() { return meet(Together::kReduce, Combine::kUMin, own_number()); }

  /// That of the item which is so far ahead as operand 2 says, in a ring of the cluster's items or a full sub-group's.
  llvm::Value* rotated_number() {
    const bool is_clustered = instruction_.operands.size() > 3;
    llvm::Value* size = is_clustered ? b_.getInt32(cluster_size().value_or(1)) : largest_size();
    llvm::Value *own = own_number(), *in_ring = b_.CreateSub(size, b_.getInt32(1));
    llvm::Value* turned = b_.CreateAnd(b_.CreateAdd(own, number(2)), in_ring);
    return b_.CreateOr(turned, b_.CreateAnd(own, b_.CreateNot(in_ring)));
  }

  /// Operand 2, a number, or in a work-group its local ids as a vector.
  llvm::Value* partner_number() {
    llvm::Value* ids = operand(2);
    auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(ids->getType());
    if (!vector) return number(2);
    auto* sizes_type = llvm::FixedVectorType::get(b_.getInt32Ty(), 3);
    llvm::Value* sizes = builtin_value(reader_, spv::BuiltIn::WorkgroupSize, sizes_type);
    llvm::Value* linear = b_.getInt32(0);
    for (unsigned d = vector->getNumElements(); d-- > 0;) {
      llvm::Value* id = b_.CreateZExtOrTrunc(b_.CreateExtractElement(ids, d), b_.getInt32Ty());
      linear = b_.CreateAdd(b_.CreateMul(linear, b_.CreateExtractElement(sizes, d)), id);
    }
    return linear;
  }

  llvm::Value* all_equal() {
    llvm::Value* value = operand(1);
    llvm::Value* first = select(value, first_number());
    llvm::Value* same = value->getType()->isFPOrFPVectorTy() ? b_.CreateFCmpOEQ(value, first)  //
                                                             : b_.CreateICmpEQ(value, first);
    if (same->getType()->isVectorTy()) same = b_.CreateAndReduce(same);
    return meet(Together::kReduce, Combine::kAnd, same);
  }

  /// A bit for each item, in the first two of the vector's four words: no sub-group has more than 64 items.
  llvm::Value* ballot() {
    llvm::Value* bit =
        b_.CreateShl(b_.CreateZExt(operand(1), b_.getInt64Ty()), b_.CreateZExt(own_number(), b_.getInt64Ty()));
    llvm::Value* bits = meet(Together::kReduce, Combine::kOr, bit);
    llvm::Value* words = llvm::Constant::getNullValue(reader_.type(instruction_.type));
    words = b_.CreateInsertElement(words, b_.CreateTrunc(bits, b_.getInt32Ty()), uint64_t{0});
    return b_.CreateInsertElement(words, b_.CreateTrunc(b_.CreateLShr(bits, 32), b_.getInt32Ty()), uint64_t{1});
  }

  llvm::Value* arithmetic(Combine combine) {
    switch (static_cast<spv::GroupOperation>(instruction_.operands[1])) {
      case spv::GroupOperation::Reduce:
        return meet(Together::kReduce, combine, operand(2));
      case spv::GroupOperation::InclusiveScan:
        return meet(Together::kInclusiveScan, combine, operand(2));
      case spv::GroupOperation::ExclusiveScan:
        return meet(Together::kExclusiveScan, combine, operand(2));
      case spv::GroupOperation::ClusteredReduce:
        return reduce_cluster(combine, operand(2));
      default:
        break;
    }
    reader_.fail(opcode_name(instruction_.opcode) + " in partitions is not there yet");
    return operand(2);
  }

  /// Operand 3; nothing (and failed) when it is no size of a cluster.
  std::optional<uint32_t> cluster_size() {
    const std::optional<uint64_t> size =
        instruction_.operands.size() > 3 ? reader_.constant(instruction_.operands[3]) : std::nullopt;
    if (size && llvm::isPowerOf2_64(*size) && *size <= kLargestSubGroup) return static_cast<uint32_t>(*size);
    reader_.fail("the size of a cluster is no constant power of two that a sub-group has room for");
    return std::nullopt;
  }

  /// In each step pairs, pairs of pairs, and so on exchange what they have. In the last sub-group of a work-group some
  /// items may have no partner.
  llvm::Value* reduce_cluster(Combine combine, llvm::Value* value) {
    const std::optional<uint32_t> size = cluster_size();
    if (!size) return value;
    llvm::Value* items = builtin_value(reader_, spv::BuiltIn::SubgroupSize, b_.getInt32Ty());
    for (uint32_t step = 1; step < *size; step *= 2) {
      llvm::Value* partner = b_.CreateXor(own_number(), b_.getInt32(step));
      llvm::Value* other = select(value, partner);
      // Both sides combine in the same order, so that both get the same bits.
      llvm::Value* is_upper = b_.CreateICmpNE(b_.CreateAnd(own_number(), b_.getInt32(step)), b_.getInt32(0));
      llvm::Value* both =
          combined(b_, combine, b_.CreateSelect(is_upper, other, value), b_.CreateSelect(is_upper, value, other));
      value = b_.CreateSelect(b_.CreateICmpULT(partner, items), both, value);
    }
    return value;
  }

  Reader& reader_;
  llvm::IRBuilder<>& b_;
  const Instruction& instruction_;
};

}  // namespace

bool read_group(Reader& reader, const Instruction& instruction) {
  if (instruction.opcode == spv::Op::OpControlBarrier) {
    read_barrier(reader, instruction);
    return true;
  }
  llvm::Value* result = GroupReader(reader, instruction).read();
  if (result) reader.define(instruction, result);
  return result != nullptr;
}

}  // namespace metate::ze_software::spirv
