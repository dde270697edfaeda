// types – OpType… instructions become LLVM types.
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

llvm::Type* float_type(Reader& reader, uint32_t width) {
  switch (width) {
    case 16:
      return llvm::Type::getHalfTy(reader.context());
    case 32:
      return llvm::Type::getFloatTy(reader.context());
    case 64:
      return llvm::Type::getDoubleTy(reader.context());
    default:
      reader.lack("floats of " + std::to_string(width) + " bits are not there");
      return nullptr;
  }
}

// A hostile size must not overflow further down; no kernel can have so much memory.
constexpr uint64_t kMaxTypeBytes = uint64_t{1} << 40;
constexpr uint32_t kMaxMembers = 1 << 14;
// SPIR-V's universal limit for structures (section 2.17), and plenty for arrays. LLVM looks through all of a structure
// or array whenever it makes one around it or asks for its size.
constexpr uint32_t kMaxNesting = 255;

/// Null when it is none that `outer`, an array or structure, may hold.
llvm::Type* member_type(Reader& reader, const Instruction& outer, uint32_t id) {
  llvm::Type* type = reader.value_type(id);
  if (reader.failed()) return nullptr;
  const uint32_t depth = reader.nesting(id) + 1;
  if (depth > kMaxNesting) {
    reader.fail("type '" + reader.name(outer.result) + "' nests structures or arrays more than " +
                std::to_string(kMaxNesting) + " deep");
    return nullptr;
  }
  reader.set_nesting(outer.result, std::max(depth, reader.nesting(outer.result)));
  return type;
}

llvm::Type* integer_type(Reader& reader, uint32_t width) {
  if (width != 8 && width != 16 && width != 32 && width != 64) {
    reader.lack("integers of " + std::to_string(width) + " bits are not there");
    return nullptr;
  }
  return llvm::Type::getIntNTy(reader.context(), width);
}

llvm::Type* vector_type(Reader& reader, const Instruction& instruction) {
  llvm::Type* element = reader.type(instruction.operands[0]);
  const uint32_t length = instruction.operands[1];
  const bool is_scalar = element->isIntegerTy() || element->isFloatingPointTy() || element->isPointerTy();
  if (!is_scalar || length == 0 || length > 16) {
    reader.fail("type " + std::to_string(instruction.result) + " is no vector of 1 to 16 scalars");
    return nullptr;
  }
  return llvm::FixedVectorType::get(element, length);
}

llvm::Type* array_type(Reader& reader, const Instruction& instruction) {
  const std::optional<uint64_t> length = reader.constant(instruction.operands[1]);
  if (!length) {
    reader.fail("the length of an array is not a constant");
    return nullptr;
  }
  llvm::Type* element = member_type(reader, instruction, instruction.operands[0]);
  if (!element) return nullptr;
  const uint64_t element_bytes = std::max<uint64_t>(reader.layout().getTypeAllocSize(element), 1);
  if (*length > kMaxTypeBytes / element_bytes) {
    reader.fail("an array of " + std::to_string(*length) + " elements is too large");
    return nullptr;
  }
  return llvm::ArrayType::get(element, *length);
}

llvm::Type* structure_type(Reader& reader, const Instruction& instruction) {
  std::vector<llvm::Type*> members;
  uint64_t bytes = 0;
  for (uint32_t id : instruction.operands) {
    llvm::Type* member = member_type(reader, instruction, id);
    if (!member) return nullptr;
    bytes += reader.layout().getTypeAllocSize(member);
    members.push_back(member);
    if (bytes > kMaxTypeBytes || members.size() > kMaxMembers) {
      reader.fail("structure '" + reader.name(instruction.result) + "' is too large");
      return nullptr;
    }
  }
  const bool packed = reader.decoration(instruction.result, spv::Decoration::CPacked) != nullptr;
  return llvm::StructType::get(reader.context(), members, packed);
}

llvm::Type* function_type(Reader& reader, const Instruction& instruction) {
  llvm::Type* result = reader.type(instruction.operands[0]);
  if (!result->isVoidTy()) result = reader.value_type(instruction.operands[0]);
  std::vector<llvm::Type*> parameters;
  for (uint32_t parameter : instruction.operands.subspan(1)) parameters.push_back(reader.value_type(parameter));
  return reader.failed() ? nullptr : llvm::FunctionType::get(result, parameters, false);
}

}  // namespace

bool read_type(Reader& reader, const Instruction& instruction, llvm::Type*& type) {
  const std::span<const uint32_t> operands = instruction.operands;
  switch (instruction.opcode) {
    case spv::Op::OpTypeVoid:
      type = llvm::Type::getVoidTy(reader.context());
      return true;
    case spv::Op::OpTypeBool:
      type = llvm::Type::getInt1Ty(reader.context());
      return true;
    case spv::Op::OpTypeInt:
      type = integer_type(reader, operands[0]);
      return true;
    case spv::Op::OpTypeFloat:
      type = float_type(reader, operands[0]);
      return true;
    case spv::Op::OpTypeVector:
      type = vector_type(reader, instruction);
      return true;
    case spv::Op::OpTypeArray:
      type = array_type(reader, instruction);
      return true;
    case spv::Op::OpTypePointer:
      type = llvm::PointerType::getUnqual(reader.context());
      return true;
    case spv::Op::OpTypeStruct:
      type = structure_type(reader, instruction);
      return true;
    case spv::Op::OpTypeFunction:
      type = function_type(reader, instruction);
      return true;
    case spv::Op::OpTypeEvent:  // nothing to know of it: wait_group_events waits for all copies
      type = llvm::PointerType::getUnqual(reader.context());
      return true;
    case spv::Op::OpTypeForwardPointer:
      return false;  // its pointer type follows, and all pointers are one LLVM type
    case spv::Op::OpTypeImage:
    case spv::Op::OpTypeSampler:
    case spv::Op::OpTypeSampledImage:
      reader.lack("the device has no images and samplers");
      return true;
    case spv::Op::OpTypeDeviceEvent:
    case spv::Op::OpTypeQueue:
      reader.lack("a kernel cannot launch another one");
      return true;
    case spv::Op::OpTypePipe:
    case spv::Op::OpTypeReserveId:
      reader.lack("the device has no pipes");
      return true;
    case spv::Op::OpTypeOpaque:
    case spv::Op::OpTypeRuntimeArray:
      reader.lack("type " + opcode_name(instruction.opcode) + " is not there yet");
      return true;
    default:
      return false;
  }
}

}  // namespace metate::ze_software::spirv
