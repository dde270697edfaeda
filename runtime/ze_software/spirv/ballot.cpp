// ballot – questions about the bits of a ballot: one for each item of a sub-group, in a vector of four words.
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

/// No sub-group has more than 64 items, so the first two words say all.
struct Ballot {
  Reader& reader;
  const Instruction& instruction;
  llvm::IRBuilder<>& b = reader.builder();

  llvm::Value* item(spv::BuiltIn builtin) { return builtin_value(reader, builtin, b.getInt64Ty()); }
  llvm::Value* own_number() { return item(spv::BuiltIn::SubgroupLocalInvocationId); }

  /// The bits of the items that there are.
  llvm::Value* everyone() {
    llvm::Value* absent = b.CreateSub(b.getInt64(64), item(spv::BuiltIn::SubgroupSize));
    return b.CreateLShr(b.getInt64(~uint64_t{0}), absent);
  }
  llvm::Value* own_bit() { return b.CreateShl(b.getInt64(1), own_number()); }
  llvm::Value* below() { return b.CreateSub(own_bit(), b.getInt64(1)); }

  /// An operand as a number; null (and failed) when it is no vector of four words.
  llvm::Value* bits(size_t operand) {
    llvm::Value* words = reader.value(instruction.operands[operand]);
    auto* type = llvm::dyn_cast<llvm::FixedVectorType>(words->getType());
    if (!type || type->getNumElements() != 4 || !type->isIntOrIntVectorTy(32)) {
      reader.fail(opcode_name(instruction.opcode) + " asks what is no ballot");
      return nullptr;
    }
    auto word = [&](uint64_t i) { return b.CreateZExt(b.CreateExtractElement(words, i), b.getInt64Ty()); };
    return b.CreateOr(word(0), b.CreateShl(word(1), 32));
  }

  llvm::Value* bit_at(llvm::Value* value, llvm::Value* index) {
    return b.CreateTrunc(b.CreateLShr(value, b.CreateAnd(index, 63)), b.getInt1Ty());
  }

  llvm::Value* count(llvm::Value* value) {
    switch (static_cast<spv::GroupOperation>(instruction.operands[1])) {
      case spv::GroupOperation::Reduce:
        break;
      case spv::GroupOperation::InclusiveScan:
        value = b.CreateAnd(value, b.CreateOr(below(), own_bit()));
        break;
      case spv::GroupOperation::ExclusiveScan:
        value = b.CreateAnd(value, below());
        break;
      default:
        reader.fail("the bits of a ballot are counted in a way that is not there");
        break;
    }
    return as_result(b.CreateUnaryIntrinsic(llvm::Intrinsic::ctpop, b.CreateAnd(value, everyone())));
  }

  llvm::Value* as_result(llvm::Value* number) {
    llvm::Type* type = reader.type(instruction.type);
    if (type->isIntegerTy()) return b.CreateZExtOrTrunc(number, type);
    reader.fail(opcode_name(instruction.opcode) + " gives a number");
    return nullptr;
  }

  llvm::Value* read() {
    const bool counts = instruction.opcode == spv::Op::OpGroupNonUniformBallotBitCount;
    llvm::Value* value = bits(counts ? 2 : 1);
    if (!value) return nullptr;
    if (counts) return count(value);
    llvm::Value* known = b.CreateAnd(value, everyone());
    if (instruction.opcode == spv::Op::OpGroupNonUniformInverseBallot) return bit_at(value, own_number());
    if (instruction.opcode == spv::Op::OpGroupNonUniformBallotFindLSB) {
      return as_result(b.CreateBinaryIntrinsic(llvm::Intrinsic::cttz, known, b.getFalse()));
    }
    if (instruction.opcode == spv::Op::OpGroupNonUniformBallotFindMSB) {
      llvm::Value* zeros = b.CreateBinaryIntrinsic(llvm::Intrinsic::ctlz, known, b.getFalse());
      return as_result(b.CreateSub(b.getInt64(63), zeros));
    }
    llvm::Value* index = reader.value(instruction.operands[2]);
    if (index->getType()->isIntegerTy()) return bit_at(value, b.CreateZExtOrTrunc(index, b.getInt64Ty()));
    reader.fail("a bit of a ballot is asked for by what is no number");
    return nullptr;
  }
};

}  // namespace

bool read_ballot(Reader& reader, const Instruction& instruction) {
  switch (instruction.opcode) {
    case spv::Op::OpGroupNonUniformInverseBallot:
    case spv::Op::OpGroupNonUniformBallotBitExtract:
    case spv::Op::OpGroupNonUniformBallotBitCount:
    case spv::Op::OpGroupNonUniformBallotFindLSB:
    case spv::Op::OpGroupNonUniformBallotFindMSB:
      reader.define(instruction, Ballot{reader, instruction}.read());
      return true;
    default:
      return false;
  }
}

llvm::Value* ballot_mask(Reader& reader, spv::BuiltIn builtin, llvm::Type* type) {
  const Instruction none{};
  Ballot ballot{reader, none};
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Value* up_to_own = b.CreateOr(ballot.below(), ballot.own_bit());
  llvm::Value* mask = nullptr;
  switch (builtin) {
    case spv::BuiltIn::SubgroupEqMask:
      mask = ballot.own_bit();
      break;
    case spv::BuiltIn::SubgroupLtMask:
      mask = ballot.below();
      break;
    case spv::BuiltIn::SubgroupLeMask:
      mask = up_to_own;
      break;
    case spv::BuiltIn::SubgroupGtMask:
      mask = b.CreateAnd(ballot.everyone(), b.CreateNot(up_to_own));
      break;
    case spv::BuiltIn::SubgroupGeMask:
      mask = b.CreateAnd(ballot.everyone(), b.CreateNot(ballot.below()));
      break;
    default:
      return nullptr;
  }
  auto* words = llvm::dyn_cast<llvm::FixedVectorType>(type);
  if (!words || words->getNumElements() != 4 || !words->isIntOrIntVectorTy(32)) {
    reader.fail("a mask of a sub-group's items is no vector of four words");
    return nullptr;
  }
  llvm::Value* result = llvm::Constant::getNullValue(type);
  result = b.CreateInsertElement(result, b.CreateTrunc(mask, b.getInt32Ty()), uint64_t{0});
  return b.CreateInsertElement(result, b.CreateTrunc(b.CreateLShr(mask, 32), b.getInt32Ty()), uint64_t{1});
}

}  // namespace metate::ze_software::spirv
