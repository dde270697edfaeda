// group – barriers, and operations of a sub-group or work-group together.
#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

void read_barrier(Reader& reader, const Instruction& instruction) {
  const std::optional<uint64_t> scope = reader.constant(instruction.operands[0]);
  if (!scope) return reader.fail("the scope of a barrier is not constant");
  switch (static_cast<spv::Scope>(*scope)) {
    case spv::Scope::Workgroup:
      reader.builder().CreateCall(work_group_barrier(reader.module()));
      return;
    case spv::Scope::Subgroup:
    case spv::Scope::Invocation:
      return;  // a sub-group is one item
    default:
      return reader.fail("a barrier waits for more than a work-group: groups cannot wait for one another");
  }
}

enum class OneItem : uint8_t { kNone, kValue, kTrue, kIdentityOrValue };

/// What an operation gives in a group of one item: `kIdentityOrValue` hangs on reduce and scans.
OneItem in_group_of_one(spv::Op opcode) {
  switch (opcode) {
    case spv::Op::OpGroupAll:
    case spv::Op::OpGroupAny:
    case spv::Op::OpGroupNonUniformAll:
    case spv::Op::OpGroupNonUniformAny:
    case spv::Op::OpGroupBroadcast:
    case spv::Op::OpGroupNonUniformBroadcast:
    case spv::Op::OpGroupNonUniformBroadcastFirst:
    case spv::Op::OpGroupNonUniformShuffle:
    case spv::Op::OpGroupNonUniformShuffleXor:
      return OneItem::kValue;
    case spv::Op::OpGroupNonUniformElect:
    case spv::Op::OpGroupNonUniformAllEqual:
      return OneItem::kTrue;
    case spv::Op::OpGroupIAdd:
    case spv::Op::OpGroupFAdd:
    case spv::Op::OpGroupFMin:
    case spv::Op::OpGroupUMin:
    case spv::Op::OpGroupSMin:
    case spv::Op::OpGroupFMax:
    case spv::Op::OpGroupUMax:
    case spv::Op::OpGroupSMax:
    case spv::Op::OpGroupNonUniformIAdd:
    case spv::Op::OpGroupNonUniformFAdd:
    case spv::Op::OpGroupNonUniformIMul:
    case spv::Op::OpGroupNonUniformFMul:
    case spv::Op::OpGroupNonUniformSMin:
    case spv::Op::OpGroupNonUniformUMin:
    case spv::Op::OpGroupNonUniformFMin:
    case spv::Op::OpGroupNonUniformSMax:
    case spv::Op::OpGroupNonUniformUMax:
    case spv::Op::OpGroupNonUniformFMax:
    case spv::Op::OpGroupNonUniformBitwiseAnd:
    case spv::Op::OpGroupNonUniformBitwiseOr:
    case spv::Op::OpGroupNonUniformBitwiseXor:
      return OneItem::kIdentityOrValue;
    default:
      return OneItem::kNone;
  }
}

/// Operands of a reduction or scan: scope, operation, value.
llvm::Value* reduce_one(Reader& reader, const Instruction& instruction) {
  if (static_cast<spv::GroupOperation>(instruction.operands[1]) == spv::GroupOperation::ExclusiveScan) {
    reader.fail("exclusive scans are not there yet");
  }
  return reader.value(instruction.operands[2]);
}

}  // namespace

bool read_group(Reader& reader, const Instruction& instruction) {
  if (instruction.opcode == spv::Op::OpControlBarrier) {
    read_barrier(reader, instruction);
    return true;
  }
  const OneItem kind = in_group_of_one(instruction.opcode);
  if (kind == OneItem::kNone) return false;
  const std::optional<uint64_t> scope = reader.constant(instruction.operands[0]);
  if (!scope || static_cast<spv::Scope>(*scope) != spv::Scope::Subgroup) {
    reader.fail(opcode_name(instruction.opcode) + " over a whole work-group is not there yet");
    return true;
  }
  llvm::Value* result = nullptr;
  switch (kind) {
    case OneItem::kNone:
      break;
    case OneItem::kValue:
      result = reader.value(instruction.operands[1]);
      break;
    case OneItem::kTrue:
      result = reader.builder().getTrue();
      break;
    case OneItem::kIdentityOrValue:
      result = reduce_one(reader, instruction);
      break;
  }
  reader.define(instruction, result);
  return true;
}

}  // namespace metate::ze_software::spirv
