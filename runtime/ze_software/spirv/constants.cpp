// constants – OpConstant… and OpSpecConstant… instructions become LLVM constants.
#include <cstring>

#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

/// The bits that specialisation gives this constant, or those in the module.
uint64_t scalar_bits(Reader& reader, const Instruction& instruction, unsigned width, uint64_t bits) {
  const Decoration* spec = reader.decoration(instruction.result, spv::Decoration::SpecId);
  if (!spec) return bits;
  const size_t size = (width + 7) / 8;
  if (auto given = reader.specialization(spec->operands[0], size)) {
    bits = 0;
    std::memcpy(&bits, given->data(), size);
  }
  return bits;
}

llvm::Constant* scalar(Reader& reader, const Instruction& instruction) {
  llvm::Type* type = reader.type(instruction.type);
  uint64_t bits = instruction.operands[0];
  if (instruction.operands.size() > 1) bits |= static_cast<uint64_t>(instruction.operands[1]) << 32;
  const unsigned width = type->getScalarSizeInBits();
  const llvm::APInt value(width, scalar_bits(reader, instruction, width, bits), false, true);
  if (type->isIntegerTy()) return llvm::ConstantInt::get(type, value);
  return llvm::ConstantFP::get(type, llvm::APFloat(type->getFltSemantics(), value));
}

llvm::Constant* boolean(Reader& reader, const Instruction& instruction, bool value) {
  return llvm::ConstantInt::get(reader.type(instruction.type), scalar_bits(reader, instruction, 1, value) != 0);
}

llvm::Constant* composite(Reader& reader, const Instruction& instruction) {
  std::vector<llvm::Constant*> members;
  for (uint32_t id : instruction.operands) {
    auto* member = llvm::dyn_cast<llvm::Constant>(reader.value(id));
    if (!member) {
      reader.fail("a member of constant " + std::to_string(instruction.result) + " is not constant");
      return nullptr;
    }
    members.push_back(member);
  }
  llvm::Type* type = reader.type(instruction.type);
  if (auto* array = llvm::dyn_cast<llvm::ArrayType>(type)) return llvm::ConstantArray::get(array, members);
  if (auto* record = llvm::dyn_cast<llvm::StructType>(type)) return llvm::ConstantStruct::get(record, members);
  return llvm::ConstantVector::get(members);
}

/// An operation on constants: read as if it stood in a function; LLVM's builder folds it.
llvm::Constant* operation(Reader& reader, const Instruction& instruction) {
  Instruction inner = instruction;
  inner.opcode = static_cast<spv::Op>(instruction.operands[0]);
  inner.operands = instruction.operands.subspan(1);
  const bool known = read_arithmetic(reader, inner) || read_comparison(reader, inner) || read_bits(reader, inner) ||
                     read_conversion(reader, inner) || read_composite(reader, inner) || read_memory(reader, inner);
  auto* folded = known && !reader.failed() ? llvm::dyn_cast<llvm::Constant>(reader.value(instruction.result)) : nullptr;
  if (!folded) reader.fail("constant operation " + opcode_name(inner.opcode) + " cannot be computed");
  return folded;
}

}  // namespace

bool read_constant(Reader& reader, const Instruction& instruction) {
  llvm::Constant* constant = nullptr;
  switch (instruction.opcode) {
    case spv::Op::OpConstantTrue:
    case spv::Op::OpSpecConstantTrue:
      constant = boolean(reader, instruction, true);
      break;
    case spv::Op::OpConstantFalse:
    case spv::Op::OpSpecConstantFalse:
      constant = boolean(reader, instruction, false);
      break;
    case spv::Op::OpConstant:
    case spv::Op::OpSpecConstant:
      constant = scalar(reader, instruction);
      break;
    case spv::Op::OpConstantComposite:
    case spv::Op::OpSpecConstantComposite:
      constant = composite(reader, instruction);
      break;
    case spv::Op::OpConstantNull:
      constant = llvm::Constant::getNullValue(reader.type(instruction.type));
      break;
    case spv::Op::OpSpecConstantOp:
      constant = operation(reader, instruction);
      break;
    default:
      return false;
  }
  if (constant) reader.define(instruction, constant);
  return true;
}

}  // namespace metate::ze_software::spirv
