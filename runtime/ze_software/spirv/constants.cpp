// constants – OpConstant… and OpSpecConstant… instructions become LLVM constants.
#include <llvm/Analysis/ConstantFolding.h>

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
  if (!type->isIntegerTy() && !type->isFloatingPointTy()) {
    reader.fail("constant " + std::to_string(instruction.result) + " is of no type of numbers");
    return nullptr;
  }
  const unsigned width = type->getScalarSizeInBits();
  const llvm::APInt value(width, scalar_bits(reader, instruction, width, bits), false, true);
  if (type->isIntegerTy()) return llvm::ConstantInt::get(type, value);
  return llvm::ConstantFP::get(type, llvm::APFloat(type->getFltSemantics(), value));
}

llvm::Constant* boolean(Reader& reader, const Instruction& instruction, bool value) {
  llvm::Type* type = llvm::Type::getInt1Ty(reader.context());
  return llvm::ConstantInt::get(type, scalar_bits(reader, instruction, 1, value) != 0);
}

size_t member_count(const llvm::Type* type) {
  if (auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type)) return vector->getNumElements();
  return type->isArrayTy() ? type->getArrayNumElements() : type->getStructNumElements();
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
  llvm::Type* type = reader.value_type(instruction.type);
  bool fit = type->isVectorTy() || type->isArrayTy() || type->isStructTy();
  fit = fit && members.size() == member_count(type);
  for (unsigned i = 0; fit && i < members.size(); ++i) {
    fit = members[i]->getType() == llvm::GetElementPtrInst::getTypeAtIndex(type, uint64_t{i});
  }
  if (!fit) {
    reader.fail("the members of constant " + std::to_string(instruction.result) + " do not fit its type");
    return nullptr;
  }
  if (auto* array = llvm::dyn_cast<llvm::ArrayType>(type)) return llvm::ConstantArray::get(array, members);
  if (auto* record = llvm::dyn_cast<llvm::StructType>(type)) return llvm::ConstantStruct::get(record, members);
  return llvm::ConstantVector::get(members);
}

/// A function whose block holds what the builder does not fold by itself; it is gone at the end.
struct Scratch {
  Reader& reader;
  llvm::Function* function =
      llvm::Function::Create(llvm::FunctionType::get(llvm::Type::getVoidTy(reader.context()), false),
                             llvm::GlobalValue::InternalLinkage, "constant", reader.module());
  llvm::BasicBlock* block = llvm::BasicBlock::Create(reader.context(), "", function);
  llvm::IRBuilder<>::InsertPointGuard guard{reader.builder()};

  explicit Scratch(Reader& r) : reader(r) { reader.builder().SetInsertPoint(block); }
  ~Scratch() {
    reader.builder().ClearInsertionPoint();
    function->eraseFromParent();
  }

  /// What `value` is once everything in the block is folded; null when that is not constant.
  llvm::Constant* fold(llvm::Value* value) {
    for (llvm::Instruction& made : *block) {
      llvm::Constant* folded = llvm::ConstantFoldInstruction(&made, reader.layout());
      if (!folded) return nullptr;
      made.replaceAllUsesWith(folded);
      if (value == &made) value = folded;
    }
    return llvm::dyn_cast<llvm::Constant>(value);
  }
};

/// What an index leads to in a type; null where it leads nowhere.
llvm::Type* type_at(llvm::Type* type, uint64_t index) {
  const bool leads_out = (type->isStructTy() && index >= type->getStructNumElements()) ||
                         !(type->isStructTy() || type->isArrayTy() || type->isVectorTy());
  return leads_out ? nullptr : llvm::GetElementPtrInst::getTypeAtIndex(type, index);
}

/// LLVM 22 writes the address of a byte in a variable, the value of `table + 3` in a constant, as an access chain whose
/// index counts bytes, whatever the variable holds. Only the type of its result tells that. Null for other operations.
llvm::Constant* byte_address(Reader& reader, const Instruction& chain) {
  const std::span<const uint32_t> operands = chain.operands;
  if (chain.opcode != spv::Op::OpInBoundsPtrAccessChain || operands.size() != 3) return nullptr;
  const uint32_t pointee = reader.pointee_type(chain.type);
  if (!pointee || !reader.type(pointee)->isIntegerTy(8)) return nullptr;
  auto* variable = llvm::dyn_cast<llvm::GlobalVariable>(reader.value(operands[0]));
  const std::optional<uint64_t> element = reader.constant(operands[1]), index = reader.constant(operands[2]);
  if (!variable || element != 0 || !index) return nullptr;
  llvm::Type* held = variable->getValueType();
  if (type_at(held, *index) == reader.type(pointee) || *index > reader.layout().getTypeAllocSize(held)) return nullptr;
  return llvm::ConstantExpr::getInBoundsGetElementPtr(llvm::Type::getInt8Ty(reader.context()), variable,
                                                      reader.builder().getInt64(*index));
}

/// An operation on constants: read as if it stood in a function; LLVM's builder folds it.
llvm::Constant* operation(Reader& reader, const Instruction& instruction) {
  Instruction inner = instruction;
  inner.opcode = static_cast<spv::Op>(instruction.operands[0]);
  inner.operands = instruction.operands.subspan(1);
  if (inner.opcode == spv::Op::OpVariable) {
    reader.fail("a constant operation makes a variable");
    return nullptr;
  }
  if (llvm::Constant* address = byte_address(reader, inner)) return address;
  Scratch scratch(reader);
  llvm::Value* result = nullptr;
  const bool known = operands_fit(reader, inner) &&
                     (read_arithmetic(reader, inner) || read_comparison(reader, inner) || read_bits(reader, inner) ||
                      read_conversion(reader, inner) || read_composite(reader, inner) || read_memory(reader, inner));
  if (known && !reader.failed()) result = reader.value(instruction.result);
  llvm::Constant* folded = result && !reader.failed() ? scratch.fold(result) : nullptr;
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
      constant = llvm::Constant::getNullValue(reader.value_type(instruction.type));
      break;
    case spv::Op::OpConstantFunctionPointerINTEL:
      constant = reader.function(instruction.operands[0]);  // functions come later: then it is read again
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
