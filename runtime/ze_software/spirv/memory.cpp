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
    access.alignment = llvm::Align(std::min(operands[1], kMaxAlignment));
  }
  return access;
}

llvm::Align alignment_or_natural(Reader& reader, llvm::MaybeAlign given, llvm::Type* type) {
  return given ? *given : reader.layout().getABITypeAlign(type);
}

void read_variable(Reader& reader, const Instruction& instruction) {
  llvm::Type* type = reader.value_type(reader.pointee_type(instruction.type));
  if (reader.failed()) return;
  llvm::AllocaInst* variable = reader.private_variable(type);
  if (const Decoration* alignment = reader.decoration(instruction.result, spv::Decoration::Alignment)) {
    if (llvm::isPowerOf2_32(alignment->operands[0])) {
      variable->setAlignment(llvm::Align(std::min(alignment->operands[0], kMaxAlignment)));
    }
  }
  if (reader.check_notes()) variable->setName(reader.source_name(instruction.result));
  if (instruction.operands.size() > 1) reader.builder().CreateStore(reader.value(instruction.operands[1]), variable);
  reader.define(instruction, variable);
}

/// LLVM 22 declares an array of pointers as one pointer, and then says here how large the variable is.
void read_lifetime(Reader& reader, const Instruction& instruction) {
  auto* variable = llvm::dyn_cast<llvm::AllocaInst>(reader.value(instruction.operands[0]));
  if (variable) reader.enlarge(*variable, instruction.operands[1]);
}

/// A value that must be one address; null after a failure.
llvm::Value* pointer(Reader& reader, uint32_t id) {
  llvm::Value* value = reader.value(id);
  if (value->getType()->isPointerTy()) return value;
  reader.fail("id " + std::to_string(id) + " is used as a pointer but is none");
  return nullptr;
}

/// LLVM takes a value apart into its numbers: a large array in one piece would take it forever.
bool is_loadable(Reader& reader, llvm::Type* type) {
  constexpr uint64_t kMaxBytes = 1 << 14;
  if (!reader.failed() && reader.layout().getTypeAllocSize(type) <= kMaxBytes) return true;
  reader.fail("a load or store of more than " + std::to_string(kMaxBytes) + " bytes at once");
  return false;
}

void read_load(Reader& reader, const Instruction& instruction) {
  const MemoryAccess access = memory_access(instruction.operands.subspan(1));
  llvm::Type* type = reader.value_type(instruction.type);
  llvm::Value* from = pointer(reader, instruction.operands[0]);
  if (!from || !is_loadable(reader, type)) return;
  reader.define(instruction, reader.builder().CreateAlignedLoad(
                                 type, from, alignment_or_natural(reader, access.alignment, type), access.is_volatile));
}

void read_store(Reader& reader, const Instruction& instruction) {
  const MemoryAccess access = memory_access(instruction.operands.subspan(2));
  llvm::Value* to = pointer(reader, instruction.operands[0]);
  llvm::Value* stored = reader.value(instruction.operands[1]);
  if (!to || !is_loadable(reader, stored->getType())) return;
  reader.builder().CreateAlignedStore(stored, to, alignment_or_natural(reader, access.alignment, stored->getType()),
                                      access.is_volatile);
}

/// A copy of one object, or of `size` bytes.
void read_copy(Reader& reader, const Instruction& instruction, llvm::Value* size, const MemoryAccess& access) {
  llvm::Value* to = pointer(reader, instruction.operands[0]);
  llvm::Value* from = pointer(reader, instruction.operands[1]);
  llvm::MaybeAlign alignment = access.alignment;
  if (!size) {
    llvm::Type* type = reader.value_type(reader.pointee_type(reader.type_of(instruction.operands[0])));
    if (reader.failed()) return;
    size = reader.builder().getInt64(reader.layout().getTypeStoreSize(type));
    alignment = alignment_or_natural(reader, access.alignment, type);
  }
  if (!size->getType()->isIntegerTy()) return reader.fail("the size of a copy is no integer");
  if (to && from) reader.builder().CreateMemCpy(to, alignment, from, alignment, size, access.is_volatile);
}

/// An index into a structure must be an i32 constant for LLVM; other indices are signed and of any width.
llvm::Value* access_index(Reader& reader, llvm::Type* indexed, uint32_t id) {
  if (!indexed->isStructTy()) {
    llvm::Value* index = reader.value(id);
    if (index->getType()->isIntegerTy()) return index;
    reader.fail("an access chain is indexed by what is no integer");
    return nullptr;
  }
  const std::optional<uint64_t> member = reader.constant(id);
  if (!member || *member >= indexed->getStructNumElements()) {
    reader.fail("a structure is indexed by what is no constant member number");
    return nullptr;
  }
  return reader.builder().getInt32(static_cast<uint32_t>(*member));
}

/// Access chains: `by_element` ones begin with an index of the base pointer itself.
void read_access_chain(Reader& reader, const Instruction& instruction, bool by_element, bool in_bounds) {
  llvm::Type* type = reader.value_type(reader.pointee_type(reader.type_of(instruction.operands[0])));
  llvm::Value* base = pointer(reader, instruction.operands[0]);
  if (!base || reader.failed()) return;
  std::vector<llvm::Value*> indices;
  size_t next = 1;
  if (by_element) {
    indices.push_back(access_index(reader, base->getType(), instruction.operands[next++]));
    if (!indices[0]) return;
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
  reader.define(instruction, reader.builder().CreateGEP(
                                 type, base, indices, "",
                                 in_bounds ? llvm::GEPNoWrapFlags::inBounds() : llvm::GEPNoWrapFlags::none()));
}

void read_pointer_difference(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Type* type = reader.value_type(reader.pointee_type(reader.type_of(instruction.operands[0])));
  llvm::Type* result = reader.type(instruction.type);
  if (reader.failed() || !result->isIntegerTy()) return reader.fail("a difference of pointers is no integer");
  if (reader.layout().getTypeAllocSize(type) == 0) return reader.fail("a difference of pointers to nothing");
  llvm::Value* difference =
      b.CreatePtrDiff(type, reader.value(instruction.operands[0]), reader.value(instruction.operands[1]));
  reader.define(instruction, b.CreateSExtOrTrunc(difference, result));
}

void read_size(Reader& reader, const Instruction& instruction) {
  llvm::Type* type = reader.value_type(reader.pointee_type(reader.type_of(instruction.operands[0])));
  auto* result = llvm::dyn_cast<llvm::IntegerType>(reader.type(instruction.type));
  if (reader.failed()) return;
  const uint64_t bytes = reader.layout().getTypeAllocSize(type);
  if (!result || !llvm::isUIntN(result->getBitWidth(), bytes)) {
    return reader.fail("OpSizeOf gives a size that its type has no room for");
  }
  reader.define(instruction, llvm::ConstantInt::get(result, bytes));
}

}  // namespace

bool read_memory(Reader& reader, const Instruction& instruction) {
  const std::span<const uint32_t> operands = instruction.operands;
  switch (instruction.opcode) {
    case spv::Op::OpVariable:
      read_variable(reader, instruction);
      return true;
    case spv::Op::OpLoad:
      read_load(reader, instruction);
      return true;
    case spv::Op::OpStore:
      read_store(reader, instruction);
      return true;
    case spv::Op::OpCopyMemory:
      read_copy(reader, instruction, nullptr, memory_access(operands.subspan(2)));
      return true;
    case spv::Op::OpCopyMemorySized:
      read_copy(reader, instruction, reader.value(operands[2]), memory_access(operands.subspan(3)));
      return true;
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
    case spv::Op::OpSizeOf:
      read_size(reader, instruction);
      return true;
    case spv::Op::OpLifetimeStart:
      read_lifetime(reader, instruction);
      return true;
    case spv::Op::OpLifetimeStop:
      return true;  // LLVM finds out by itself
    default:
      return false;
  }
}

}  // namespace metate::ze_software::spirv
