// memory – private variables, loads, stores, copies and address arithmetic.
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

struct MemoryAccess {
  bool is_volatile = false;
  llvm::MaybeAlign alignment;  // none: the type's own
};

/// Optional memory operands: a mask, and the literal of Aligned behind it.
MemoryAccess memory_access(std::span<const uint32_t> operands) {
  MemoryAccess access;
  if (operands.empty()) return access;
  const auto mask = static_cast<spv::MemoryAccessMask>(operands[0]);
  auto has = [mask](spv::MemoryAccessMask bit) { return (mask & bit) != spv::MemoryAccessMask::MaskNone; };
  access.is_volatile = has(spv::MemoryAccessMask::Volatile);
  if (has(spv::MemoryAccessMask::Aligned) && operands.size() > 1 && llvm::isPowerOf2_32(operands[1])) {
    access.alignment = llvm::Align(operands[1]);
  }
  return access;
}

llvm::Align alignment_or_natural(Reader& reader, llvm::MaybeAlign given, llvm::Type* type) {
  return given ? *given : reader.layout().getABITypeAlign(type);
}

void read_variable(Reader& reader, const Instruction& instruction) {
  llvm::Type* type = reader.type(reader.pointee_type(instruction.type));
  llvm::AllocaInst* variable = reader.private_variable(type);
  if (const Decoration* alignment = reader.decoration(instruction.result, spv::Decoration::Alignment)) {
    if (llvm::isPowerOf2_32(alignment->operands[0])) variable->setAlignment(llvm::Align(alignment->operands[0]));
  }
  if (instruction.operands.size() > 1) reader.builder().CreateStore(reader.value(instruction.operands[1]), variable);
  reader.define(instruction, variable);
}

/// An index into a structure must be an i32 constant for LLVM; other indices are signed and of any width.
llvm::Value* access_index(Reader& reader, llvm::Type* indexed, uint32_t id) {
  if (!indexed->isStructTy()) return reader.value(id);
  const std::optional<uint64_t> member = reader.constant(id);
  if (!member || *member >= indexed->getStructNumElements()) {
    reader.fail("a structure is indexed by what is no constant member number");
    return nullptr;
  }
  return reader.builder().getInt32(static_cast<uint32_t>(*member));
}

/// Access chains: `by_element` ones begin with an index of the base pointer itself.
void read_access_chain(Reader& reader, const Instruction& instruction, bool by_element, bool in_bounds) {
  llvm::Type* type = reader.type(reader.pointee_type(reader.type_of(instruction.operands[0])));
  std::vector<llvm::Value*> indices;
  size_t next = 1;
  if (by_element) {
    indices.push_back(reader.value(instruction.operands[next++]));
  } else {
    indices.push_back(reader.builder().getInt64(0));
  }
  llvm::Type* indexed = type;
  for (; next < instruction.operands.size(); ++next) {
    llvm::Value* index = access_index(reader, indexed, instruction.operands[next]);
    if (!index) return;
    indices.push_back(index);
    indexed = llvm::GetElementPtrInst::getTypeAtIndex(indexed, index);
    if (!indexed) return reader.fail("an access chain leads into a scalar");
  }
  llvm::Value* base = reader.value(instruction.operands[0]);
  reader.define(instruction, reader.builder().CreateGEP(
                                 type, base, indices, "",
                                 in_bounds ? llvm::GEPNoWrapFlags::inBounds() : llvm::GEPNoWrapFlags::none()));
}

void read_pointer_difference(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Type* type = reader.type(reader.pointee_type(reader.type_of(instruction.operands[0])));
  llvm::Value* difference =
      b.CreatePtrDiff(type, reader.value(instruction.operands[0]), reader.value(instruction.operands[1]));
  reader.define(instruction, b.CreateSExtOrTrunc(difference, reader.type(instruction.type)));
}

}  // namespace

bool read_memory(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  const std::span<const uint32_t> operands = instruction.operands;
  auto operand = [&](size_t index) { return reader.value(operands[index]); };
  switch (instruction.opcode) {
    case spv::Op::OpVariable:
      read_variable(reader, instruction);
      return true;
    case spv::Op::OpLoad: {
      const MemoryAccess access = memory_access(operands.subspan(1));
      llvm::Type* type = reader.type(instruction.type);
      reader.define(instruction,
                    b.CreateAlignedLoad(type, operand(0), alignment_or_natural(reader, access.alignment, type),
                                        access.is_volatile));
      return true;
    }
    case spv::Op::OpStore: {
      const MemoryAccess access = memory_access(operands.subspan(2));
      llvm::Value* stored = operand(1);
      b.CreateAlignedStore(stored, operand(0), alignment_or_natural(reader, access.alignment, stored->getType()),
                           access.is_volatile);
      return true;
    }
    case spv::Op::OpCopyMemory: {
      const MemoryAccess access = memory_access(operands.subspan(2));
      llvm::Type* type = reader.type(reader.pointee_type(reader.type_of(operands[0])));
      const llvm::Align alignment = alignment_or_natural(reader, access.alignment, type);
      b.CreateMemCpy(operand(0), alignment, operand(1), alignment, reader.layout().getTypeStoreSize(type),
                     access.is_volatile);
      return true;
    }
    case spv::Op::OpCopyMemorySized: {
      const MemoryAccess access = memory_access(operands.subspan(3));
      b.CreateMemCpy(operand(0), access.alignment, operand(1), access.alignment, operand(2), access.is_volatile);
      return true;
    }
    case spv::Op::OpAccessChain:
      read_access_chain(reader, instruction, false, false);
      return true;
    case spv::Op::OpInBoundsAccessChain:
      read_access_chain(reader, instruction, false, true);
      return true;
    case spv::Op::OpPtrAccessChain:
      read_access_chain(reader, instruction, true, false);
      return true;
    case spv::Op::OpInBoundsPtrAccessChain:
      read_access_chain(reader, instruction, true, true);
      return true;
    case spv::Op::OpPtrDiff:
      read_pointer_difference(reader, instruction);
      return true;
    case spv::Op::OpLifetimeStart:
    case spv::Op::OpLifetimeStop:
      return true;  // LLVM finds out by itself
    default:
      return false;
  }
}

}  // namespace metate::ze_software::spirv
