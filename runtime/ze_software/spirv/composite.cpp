// composite – vectors, structures and arrays as values: construct, take apart, shuffle.
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

llvm::Value* extract(llvm::IRBuilder<>& b, llvm::Value* composite, std::span<const uint32_t> indices) {
  for (uint32_t index : indices) {
    composite = composite->getType()->isVectorTy() ? b.CreateExtractElement(composite, uint64_t{index})
                                                   : b.CreateExtractValue(composite, index);
  }
  return composite;
}

llvm::Value* insert(llvm::IRBuilder<>& b, llvm::Value* composite, llvm::Value* part,
                    std::span<const uint32_t> indices) {
  const uint32_t index = indices.front();
  if (indices.size() > 1) part = insert(b, extract(b, composite, indices.first(1)), part, indices.subspan(1));
  return composite->getType()->isVectorTy() ? b.CreateInsertElement(composite, part, uint64_t{index})
                                            : b.CreateInsertValue(composite, part, index);
}

llvm::Value* construct(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Type* type = reader.type(instruction.type);
  llvm::Value* result = llvm::PoisonValue::get(type);
  unsigned next = 0;
  for (uint32_t id : instruction.operands) {
    llvm::Value* part = reader.value(id);
    auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(part->getType());
    if (!type->isVectorTy()) {
      result = b.CreateInsertValue(result, part, next++);
    } else if (!vector) {
      result = b.CreateInsertElement(result, part, uint64_t{next++});
    } else {
      for (unsigned i = 0; i < vector->getNumElements(); ++i) {
        result = b.CreateInsertElement(result, b.CreateExtractElement(part, uint64_t{i}), uint64_t{next++});
      }
    }
  }
  return result;
}

llvm::Value* shuffle(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Value* first = reader.value(instruction.operands[0]);
  llvm::Value* second = reader.value(instruction.operands[1]);
  const unsigned first_size = llvm::cast<llvm::FixedVectorType>(first->getType())->getNumElements();
  llvm::Value* result = llvm::PoisonValue::get(reader.type(instruction.type));
  // Element by element, since the two may differ in length; LLVM makes shuffles of it.
  for (size_t i = 2; i < instruction.operands.size(); ++i) {
    const uint32_t from = instruction.operands[i];
    if (from == UINT32_MAX) continue;  // any value will do
    llvm::Value* element = from < first_size ? b.CreateExtractElement(first, uint64_t{from})
                                             : b.CreateExtractElement(second, uint64_t{from - first_size});
    result = b.CreateInsertElement(result, element, uint64_t{i - 2});
  }
  return result;
}

}  // namespace

bool read_composite(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  const std::span<const uint32_t> operands = instruction.operands;
  auto operand = [&](size_t index) { return reader.value(operands[index]); };
  llvm::Value* result = nullptr;
  switch (instruction.opcode) {
    case spv::Op::OpCompositeConstruct:
      result = construct(reader, instruction);
      break;
    case spv::Op::OpCompositeExtract:
      result = extract(b, operand(0), operands.subspan(1));
      break;
    case spv::Op::OpCompositeInsert:
      // Without an index the object is the whole.
      result = operands.size() > 2 ? insert(b, operand(1), operand(0), operands.subspan(2)) : operand(0);
      break;
    case spv::Op::OpVectorExtractDynamic:
      result = b.CreateExtractElement(operand(0), operand(1));
      break;
    case spv::Op::OpVectorInsertDynamic:
      result = b.CreateInsertElement(operand(0), operand(1), operand(2));
      break;
    case spv::Op::OpVectorShuffle:
      result = shuffle(reader, instruction);
      break;
    case spv::Op::OpCopyObject:
    case spv::Op::OpCopyLogical:
      result = operand(0);
      break;
    case spv::Op::OpUndef:
      result = llvm::PoisonValue::get(reader.type(instruction.type));
      break;
    default:
      return false;
  }
  reader.define(instruction, result);
  return true;
}

}  // namespace metate::ze_software::spirv
