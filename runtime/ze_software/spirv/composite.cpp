// composite – vectors, structures and arrays as values: construct, take apart, shuffle.
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

/// The type of a part, null (and failed) when the indices lead nowhere.
llvm::Type* part_type(Reader& reader, llvm::Type* type, std::span<const uint32_t> indices) {
  for (uint32_t index : indices) {
    uint64_t count = 0;
    if (auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type)) count = vector->getNumElements();
    if (type->isArrayTy()) count = type->getArrayNumElements();
    if (type->isStructTy()) count = type->getStructNumElements();
    if (index >= count) {
      reader.fail("a value has no part " + std::to_string(index));
      return nullptr;
    }
    type = llvm::GetElementPtrInst::getTypeAtIndex(type, uint64_t{index});
  }
  return type;
}

llvm::Value* extract(Reader& reader, llvm::Value* composite, std::span<const uint32_t> indices) {
  if (!part_type(reader, composite->getType(), indices)) return nullptr;
  llvm::IRBuilder<>& b = reader.builder();
  for (uint32_t index : indices) {
    composite = composite->getType()->isVectorTy() ? b.CreateExtractElement(composite, uint64_t{index})
                                                   : b.CreateExtractValue(composite, index);
  }
  return composite;
}

llvm::Value* insert_part(Reader& reader, llvm::Value* composite, llvm::Value* part, std::span<const uint32_t> indices) {
  llvm::IRBuilder<>& b = reader.builder();
  const uint32_t index = indices.front();
  if (indices.size() > 1) {
    part = insert_part(reader, extract(reader, composite, indices.first(1)), part, indices.subspan(1));
  }
  return composite->getType()->isVectorTy() ? b.CreateInsertElement(composite, part, uint64_t{index})
                                            : b.CreateInsertValue(composite, part, index);
}

/// Without an index the part is the whole.
llvm::Value* insert(Reader& reader, llvm::Value* composite, llvm::Value* part, std::span<const uint32_t> indices) {
  llvm::Type* type = part_type(reader, composite->getType(), indices);
  if (!type) return nullptr;
  if (type != part->getType()) {
    reader.fail("a part is of another type than the one it replaces");
    return nullptr;
  }
  return indices.empty() ? part : insert_part(reader, composite, part, indices);
}

/// A vector may be put together from vectors and scalars, the others from their members.
llvm::Value* construct(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Type* type = reader.value_type(instruction.type);
  std::vector<llvm::Value*> parts;
  for (uint32_t id : instruction.operands) {
    llvm::Value* part = reader.value(id);
    auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(part->getType());
    if (!type->isVectorTy() || !vector) {
      parts.push_back(part);
      continue;
    }
    for (unsigned i = 0; i < vector->getNumElements(); ++i) parts.push_back(b.CreateExtractElement(part, uint64_t{i}));
  }
  llvm::Value* result = llvm::PoisonValue::get(type);
  for (uint32_t i = 0; i < parts.size() && result; ++i) result = insert(reader, result, parts[i], {&i, 1});
  return result;
}

llvm::Value* shuffle(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Value* first = reader.value(instruction.operands[0]);
  llvm::Value* second = reader.value(instruction.operands[1]);
  auto* type = llvm::dyn_cast<llvm::FixedVectorType>(reader.type(instruction.type));
  auto* first_type = llvm::dyn_cast<llvm::FixedVectorType>(first->getType());
  auto* second_type = llvm::dyn_cast<llvm::FixedVectorType>(second->getType());
  const std::span<const uint32_t> order = instruction.operands.subspan(2);
  if (!type || !first_type || !second_type || order.size() != type->getNumElements() ||
      first_type->getElementType() != type->getElementType() ||
      second_type->getElementType() != type->getElementType()) {
    reader.fail("a shuffle is not one of vectors");
    return nullptr;
  }
  const unsigned first_size = first_type->getNumElements();
  llvm::Value* result = llvm::PoisonValue::get(type);
  // Element by element, since the two may differ in length; LLVM makes shuffles of it.
  for (size_t i = 0; i < order.size(); ++i) {
    const uint32_t from = order[i];
    if (from == UINT32_MAX) continue;  // any value will do
    if (from >= first_size + second_type->getNumElements()) {
      reader.fail("a shuffle takes element " + std::to_string(from) + ", which is not there");
      return nullptr;
    }
    llvm::Value* element = from < first_size ? b.CreateExtractElement(first, uint64_t{from})
                                             : b.CreateExtractElement(second, uint64_t{from - first_size});
    result = b.CreateInsertElement(result, element, uint64_t{i});
  }
  return result;
}

/// One element, by an index that is known at run time: null (and failed) when the operands are not of these kinds.
llvm::Value* dynamic_index(Reader& reader, llvm::Value* vector, llvm::Value* element, llvm::Value* index) {
  auto* type = llvm::dyn_cast<llvm::FixedVectorType>(vector->getType());
  if (type && index->getType()->isIntegerTy() && (!element || element->getType() == type->getElementType())) {
    return index;
  }
  reader.fail("an element of what is no vector");
  return nullptr;
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
      result = extract(reader, operand(0), operands.subspan(1));
      break;
    case spv::Op::OpCompositeInsert:
      result = insert(reader, operand(1), operand(0), operands.subspan(2));
      break;
    case spv::Op::OpVectorExtractDynamic:
      if (llvm::Value* index = dynamic_index(reader, operand(0), nullptr, operand(1))) {
        result = b.CreateExtractElement(operand(0), index);
      }
      break;
    case spv::Op::OpVectorInsertDynamic:
      if (llvm::Value* index = dynamic_index(reader, operand(0), operand(1), operand(2))) {
        result = b.CreateInsertElement(operand(0), operand(1), index);
      }
      break;
    case spv::Op::OpVectorShuffle:
      result = shuffle(reader, instruction);
      break;
    case spv::Op::OpCopyObject:
    case spv::Op::OpCopyLogical:
      result = operand(0);
      break;
    case spv::Op::OpUndef:
      result = llvm::PoisonValue::get(reader.value_type(instruction.type));
      break;
    default:
      return false;
  }
  reader.define(instruction, result);
  return true;
}

}  // namespace metate::ze_software::spirv
