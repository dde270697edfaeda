// checks – whether an instruction's operands are of the kinds that it works on.
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

enum class Rule : uint8_t {
  kNone,     // checked where it is read
  kInts,     // all like the result
  kLowBits,  // like it or wider: more bits make no difference to the low ones
  kFloats,
  kBools,
  kIntPair,  // like one another
  kBitPair,  // of any kind
  kFloatPair,
  kBoolPair,
  kPointerPair,
  kOneFloat,
  kOneInt,
  kShift,     // integers of the same number of lanes
  kBitField,  // integers, and at the end a scalar offset and count
  kSelect,
};

Rule rule_of(spv::Op opcode) {
  switch (opcode) {
    case spv::Op::OpIAdd:
    case spv::Op::OpISub:
    case spv::Op::OpIMul:
    case spv::Op::OpBitwiseAnd:
    case spv::Op::OpBitwiseOr:
    case spv::Op::OpBitwiseXor:
    case spv::Op::OpNot:
      return Rule::kLowBits;
    case spv::Op::OpSNegate:
    case spv::Op::OpUDiv:
    case spv::Op::OpSDiv:
    case spv::Op::OpUMod:
    case spv::Op::OpSRem:
    case spv::Op::OpSMod:
    case spv::Op::OpBitReverse:
    case spv::Op::OpExpectKHR:
      return Rule::kInts;
    case spv::Op::OpFAdd:
    case spv::Op::OpFSub:
    case spv::Op::OpFMul:
    case spv::Op::OpFDiv:
    case spv::Op::OpFRem:
    case spv::Op::OpFMod:
    case spv::Op::OpFNegate:
      return Rule::kFloats;
    case spv::Op::OpLogicalAnd:
    case spv::Op::OpLogicalOr:
    case spv::Op::OpLogicalNot:
      return Rule::kBools;
    case spv::Op::OpIEqual:
    case spv::Op::OpINotEqual:
      return Rule::kBitPair;
    case spv::Op::OpUGreaterThan:
    case spv::Op::OpSGreaterThan:
    case spv::Op::OpUGreaterThanEqual:
    case spv::Op::OpSGreaterThanEqual:
    case spv::Op::OpULessThan:
    case spv::Op::OpSLessThan:
    case spv::Op::OpULessThanEqual:
    case spv::Op::OpSLessThanEqual:
    case spv::Op::OpIAddCarry:
    case spv::Op::OpISubBorrow:
    case spv::Op::OpUMulExtended:
    case spv::Op::OpSMulExtended:
      return Rule::kIntPair;
    case spv::Op::OpLogicalEqual:
    case spv::Op::OpLogicalNotEqual:
      return Rule::kBoolPair;
    case spv::Op::OpPtrEqual:
    case spv::Op::OpPtrNotEqual:
    case spv::Op::OpPtrDiff:
      return Rule::kPointerPair;
    case spv::Op::OpFOrdEqual:
    case spv::Op::OpFUnordEqual:
    case spv::Op::OpFOrdNotEqual:
    case spv::Op::OpFUnordNotEqual:
    case spv::Op::OpFOrdLessThan:
    case spv::Op::OpFUnordLessThan:
    case spv::Op::OpFOrdGreaterThan:
    case spv::Op::OpFUnordGreaterThan:
    case spv::Op::OpFOrdLessThanEqual:
    case spv::Op::OpFUnordLessThanEqual:
    case spv::Op::OpFOrdGreaterThanEqual:
    case spv::Op::OpFUnordGreaterThanEqual:
    case spv::Op::OpLessOrGreater:
    case spv::Op::OpOrdered:
    case spv::Op::OpUnordered:
    case spv::Op::OpDot:
      return Rule::kFloatPair;
    case spv::Op::OpIsNan:
    case spv::Op::OpIsInf:
    case spv::Op::OpIsFinite:
    case spv::Op::OpIsNormal:
    case spv::Op::OpSignBitSet:
      return Rule::kOneFloat;
    case spv::Op::OpAny:
    case spv::Op::OpAll:
    case spv::Op::OpBitCount:
      return Rule::kOneInt;
    case spv::Op::OpShiftLeftLogical:
    case spv::Op::OpShiftRightLogical:
    case spv::Op::OpShiftRightArithmetic:
      return Rule::kShift;
    case spv::Op::OpBitFieldInsert:
    case spv::Op::OpBitFieldSExtract:
    case spv::Op::OpBitFieldUExtract:
      return Rule::kBitField;
    case spv::Op::OpSelect:
      return Rule::kSelect;
    default:
      return Rule::kNone;
  }
}

bool is_bools(const llvm::Type* type) { return type->isIntOrIntVectorTy(1); }
bool is_ints(const llvm::Type* type) { return type->isIntOrIntVectorTy(); }
bool is_floats(const llvm::Type* type) { return type->isFPOrFPVectorTy(); }

/// The types of the operands, all of them ids.
struct Kinds {
  std::vector<llvm::Type*> types;
  llvm::Type* result;

  template <class Predicate>
  bool all(Predicate predicate) const {
    return std::all_of(types.begin(), types.end(), predicate);
  }
  bool alike() const {
    return all([this](const llvm::Type* type) { return type == types.front(); });
  }
  bool like_result() const { return types.front() == result && alike(); }

  bool fit(Rule rule) const {
    switch (rule) {
      case Rule::kNone:
        return true;
      case Rule::kInts:
        return like_result() && is_ints(result);
      case Rule::kLowBits:
        return is_ints(result) && all([this](const llvm::Type* type) {
                 return is_ints(type) && same_lanes(type, result) &&
                        type->getScalarSizeInBits() >= result->getScalarSizeInBits();
               });
      case Rule::kFloats:
        return like_result() && is_floats(result);
      case Rule::kBools:
        return like_result() && is_bools(result);
      case Rule::kIntPair:
        return alike() && is_ints(types[0]);
      case Rule::kBitPair:
        return alike() && (is_ints(types[0]) || is_floats(types[0]) || types[0]->isPtrOrPtrVectorTy());
      case Rule::kFloatPair:
        return alike() && is_floats(types[0]);
      case Rule::kBoolPair:
        return alike() && is_bools(types[0]);
      case Rule::kPointerPair:
        return alike() && types[0]->isPtrOrPtrVectorTy();
      case Rule::kOneFloat:
        return is_floats(types[0]);
      case Rule::kOneInt:
        return is_ints(types[0]);
      case Rule::kShift:
        return types[0] == result && is_ints(types[0]) && is_ints(types[1]) && same_lanes(types[0], types[1]);
      case Rule::kBitField: {
        const size_t values = types.size() - 2;
        return types[0] == result && types[0] == types[values - 1] && is_ints(types[0]) &&
               types[values]->isIntegerTy() && types[values + 1]->isIntegerTy();
      }
      case Rule::kSelect:
        return is_bools(types[0]) && types[1] == types[2] && types[1] == result &&
               (types[0]->isIntegerTy() || same_lanes(types[0], types[1]));
    }
    return false;
  }
};

bool is_extended(spv::Op opcode) {
  return opcode == spv::Op::OpIAddCarry || opcode == spv::Op::OpISubBorrow || opcode == spv::Op::OpUMulExtended ||
         opcode == spv::Op::OpSMulExtended;
}

/// Carry and product pairs are structures of two values like the operands.
bool is_pair_of(const llvm::Type* pair, const llvm::Type* type) {
  auto* record = llvm::dyn_cast<llvm::StructType>(pair);
  return record && record->getNumElements() == 2 && record->getElementType(0) == type &&
         record->getElementType(1) == type && is_ints(type);
}

bool is_number(const llvm::Type* type) { return is_floats(type) || is_ints(type); }

/// Group operations: a scope (not for Intel's), what the items bring (behind a literal for reductions and scans), and
/// whose value they get.
bool group_operands_fit(Reader& reader, const Instruction& instruction) {
  auto type = [&](size_t operand) { return reader.value(instruction.operands[operand])->getType(); };
  switch (instruction.opcode) {
    case spv::Op::OpGroupAll:
    case spv::Op::OpGroupAny:
    case spv::Op::OpGroupNonUniformAll:
    case spv::Op::OpGroupNonUniformAny:
      return type(1)->isIntegerTy(1);
    case spv::Op::OpGroupNonUniformBallot: {
      auto* words = llvm::dyn_cast<llvm::FixedVectorType>(reader.type(instruction.type));
      return type(1)->isIntegerTy(1) && words && words->getNumElements() == 4 && words->isIntOrIntVectorTy(32);
    }
    case spv::Op::OpGroupNonUniformAllEqual:
    case spv::Op::OpGroupNonUniformBroadcastFirst:
      return is_number(type(1));
    case spv::Op::OpGroupBroadcast: {
      auto* ids = llvm::dyn_cast<llvm::FixedVectorType>(type(2));
      return is_number(type(1)) && is_ints(type(2)) && (!ids || ids->getNumElements() <= 3);
    }
    case spv::Op::OpGroupNonUniformBroadcast:
    case spv::Op::OpGroupNonUniformShuffle:
    case spv::Op::OpGroupNonUniformShuffleXor:
    case spv::Op::OpGroupNonUniformShuffleUp:
    case spv::Op::OpGroupNonUniformShuffleDown:
    case spv::Op::OpGroupNonUniformRotateKHR:
      return is_number(type(1)) && type(2)->isIntegerTy();
    case spv::Op::OpSubgroupShuffleINTEL:
    case spv::Op::OpSubgroupShuffleXorINTEL:
      return is_number(type(0)) && type(1)->isIntegerTy();
    case spv::Op::OpSubgroupShuffleUpINTEL:
    case spv::Op::OpSubgroupShuffleDownINTEL:
      return is_number(type(0)) && type(1) == type(0) && type(2)->isIntegerTy();
    case spv::Op::OpGroupFAdd:
    case spv::Op::OpGroupFMin:
    case spv::Op::OpGroupFMax:
    case spv::Op::OpGroupFMulKHR:
    case spv::Op::OpGroupNonUniformFAdd:
    case spv::Op::OpGroupNonUniformFMul:
    case spv::Op::OpGroupNonUniformFMin:
    case spv::Op::OpGroupNonUniformFMax:
      return is_floats(type(2));
    case spv::Op::OpGroupIAdd:
    case spv::Op::OpGroupSMin:
    case spv::Op::OpGroupUMin:
    case spv::Op::OpGroupSMax:
    case spv::Op::OpGroupUMax:
    case spv::Op::OpGroupIMulKHR:
    case spv::Op::OpGroupBitwiseAndKHR:
    case spv::Op::OpGroupBitwiseOrKHR:
    case spv::Op::OpGroupBitwiseXorKHR:
    case spv::Op::OpGroupLogicalAndKHR:
    case spv::Op::OpGroupLogicalOrKHR:
    case spv::Op::OpGroupLogicalXorKHR:
    case spv::Op::OpGroupNonUniformIAdd:
    case spv::Op::OpGroupNonUniformIMul:
    case spv::Op::OpGroupNonUniformSMin:
    case spv::Op::OpGroupNonUniformUMin:
    case spv::Op::OpGroupNonUniformSMax:
    case spv::Op::OpGroupNonUniformUMax:
    case spv::Op::OpGroupNonUniformBitwiseAnd:
    case spv::Op::OpGroupNonUniformBitwiseOr:
    case spv::Op::OpGroupNonUniformBitwiseXor:
    case spv::Op::OpGroupNonUniformLogicalAnd:
    case spv::Op::OpGroupNonUniformLogicalOr:
    case spv::Op::OpGroupNonUniformLogicalXor:
      return is_ints(type(2));
    default:
      return true;
  }
}

}  // namespace

bool same_lanes(const llvm::Type* a, const llvm::Type* b) {
  auto* x = llvm::dyn_cast<llvm::FixedVectorType>(a);
  auto* y = llvm::dyn_cast<llvm::FixedVectorType>(b);
  return x && y ? x->getNumElements() == y->getNumElements() : !x && !y;
}

bool operands_fit(Reader& reader, const Instruction& instruction) {
  const Rule rule = rule_of(instruction.opcode);
  if (rule == Rule::kNone) {
    if (group_operands_fit(reader, instruction)) return !reader.failed();
    reader.fail("the operands of " + opcode_name(instruction.opcode) + " are not of the types it works on");
    return false;
  }
  Kinds kinds;
  kinds.result = reader.value_type(instruction.type);
  for (uint32_t id : instruction.operands) kinds.types.push_back(reader.value(id)->getType());
  if (reader.failed()) return false;
  bool fit = kinds.fit(rule);
  if (is_extended(instruction.opcode)) fit = fit && is_pair_of(kinds.result, kinds.types[0]);
  if (!fit) reader.fail("the operands of " + opcode_name(instruction.opcode) + " are not of the types it works on");
  return fit;
}

}  // namespace metate::ze_software::spirv
