// storage – generic pointers that are asked where they point to: to_global, to_local, to_private, get_fence.
//
// All memory has one address space here, so the launch is asked (memory_kind.h).
#include "runtime/ze_software/memory_kind.h"
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

// Bits of OpenCL C's cl_mem_fence_flags and of SPIR-V's memory semantics.
constexpr uint32_t kLocalFence = 1, kGlobalFence = 2;
constexpr uint32_t kWorkgroupMemory = 0x100, kCrossWorkgroupMemory = 0x200;

/// The MemoryKind of what the pointer points to, as an i32.
llvm::Value* kind_of(Reader& reader, llvm::Value* pointer) {
  llvm::IRBuilder<>& b = reader.builder();
  auto* type = llvm::FunctionType::get(b.getInt32Ty(), {b.getPtrTy()}, false);
  llvm::FunctionCallee query = reader.module().getOrInsertFunction(kMemoryKindSymbol, type);
  auto* function = llvm::cast<llvm::Function>(query.getCallee());
  function->setDoesNotThrow();
  function->setOnlyReadsMemory();
  function->setWillReturn();
  return b.CreateCall(query, {pointer});
}

llvm::Value* is_kind(Reader& reader, llvm::Value* pointer, MemoryKind kind) {
  llvm::IRBuilder<>& b = reader.builder();
  return b.CreateICmpEQ(kind_of(reader, pointer), b.getInt32(static_cast<uint32_t>(kind)));
}

/// The pointer if it points there, null otherwise.
llvm::Value* cast_to(Reader& reader, llvm::Value* pointer, MemoryKind kind) {
  llvm::IRBuilder<>& b = reader.builder();
  return b.CreateSelect(is_kind(reader, pointer, kind), pointer, llvm::Constant::getNullValue(pointer->getType()));
}

std::optional<MemoryKind> kind_of_class(spv::StorageClass storage) {
  switch (storage) {
    case spv::StorageClass::CrossWorkgroup:
      return MemoryKind::kGlobal;
    case spv::StorageClass::Workgroup:
      return MemoryKind::kLocal;
    case spv::StorageClass::Function:
      return MemoryKind::kPrivate;
    default:
      return std::nullopt;
  }
}

std::optional<MemoryKind> kind_of_function(std::string_view name) {
  if (name == "__to_global") return MemoryKind::kGlobal;
  if (name == "__to_local") return MemoryKind::kLocal;
  if (name == "__to_private") return MemoryKind::kPrivate;
  return std::nullopt;
}

/// `local` for local memory, `other` for the rest.
llvm::Value* choose(Reader& reader, llvm::Value* pointer, llvm::Type* type, uint32_t local, uint32_t other) {
  return reader.builder().CreateSelect(is_kind(reader, pointer, MemoryKind::kLocal),
                                       llvm::ConstantInt::get(type, local), llvm::ConstantInt::get(type, other));
}

}  // namespace

bool read_storage(Reader& reader, const Instruction& instruction) {
  const bool casts = instruction.opcode == spv::Op::OpGenericCastToPtrExplicit;
  if (!casts && instruction.opcode != spv::Op::OpGenericPtrMemSemantics) return false;
  llvm::Value* pointer = reader.value(instruction.operands[0]);
  llvm::Type* type = reader.type(instruction.type);
  const auto kind = casts ? kind_of_class(static_cast<spv::StorageClass>(instruction.operands[1])) : std::nullopt;
  if (!pointer->getType()->isPointerTy() || (casts && !kind) || (!casts && !type->isIntegerTy(32))) {
    reader.fail(opcode_name(instruction.opcode) + " does not ask a pointer for global, local or private memory");
    return true;
  }
  reader.define(instruction, casts ? cast_to(reader, pointer, *kind)
                                   : choose(reader, pointer, type, kWorkgroupMemory, kCrossWorkgroupMemory));
  return true;
}

bool read_storage_call(Reader& reader, const Instruction& instruction, std::string_view name) {
  const std::optional<MemoryKind> kind = kind_of_function(name);
  const bool asks_for_fence = name.starts_with("_Z9get_fence");
  if ((!kind && !asks_for_fence) || instruction.operands.size() != 2) return false;
  llvm::Value* pointer = reader.value(instruction.operands[1]);
  llvm::Type* type = reader.type(instruction.type);
  if (!pointer->getType()->isPointerTy() || (asks_for_fence && !type->isIntegerTy())) return false;
  reader.define(instruction,
                kind ? cast_to(reader, pointer, *kind) : choose(reader, pointer, type, kLocalFence, kGlobalFence));
  return true;
}

}  // namespace metate::ze_software::spirv
