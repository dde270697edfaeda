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
      reader.fail("floats of " + std::to_string(width) + " bits are not there");
      return nullptr;
  }
}

llvm::Type* array_type(Reader& reader, const Instruction& instruction) {
  const std::optional<uint64_t> length = reader.constant(instruction.operands[1]);
  if (!length) {
    reader.fail("the length of an array is not a constant");
    return nullptr;
  }
  llvm::Type* element = reader.type(instruction.operands[0]);
  // No kernel can have so much memory; a hostile length must not overflow sizes further down.
  if (*length > (uint64_t{1} << 32)) {
    reader.fail("an array of " + std::to_string(*length) + " elements is too large");
    return nullptr;
  }
  return llvm::ArrayType::get(element, *length);
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
      type = llvm::Type::getIntNTy(reader.context(), operands[0]);
      return true;
    case spv::Op::OpTypeFloat:
      type = float_type(reader, operands[0]);
      return true;
    case spv::Op::OpTypeVector:
      type = llvm::FixedVectorType::get(reader.type(operands[0]), operands[1]);
      return true;
    case spv::Op::OpTypeArray:
      type = array_type(reader, instruction);
      return true;
    case spv::Op::OpTypePointer:
      type = llvm::PointerType::getUnqual(reader.context());
      return true;
    case spv::Op::OpTypeStruct: {
      std::vector<llvm::Type*> members;
      for (uint32_t member : operands) members.push_back(reader.type(member));
      const bool packed = reader.decoration(instruction.result, spv::Decoration::CPacked) != nullptr;
      type = llvm::StructType::get(reader.context(), members, packed);
      return true;
    }
    case spv::Op::OpTypeFunction: {
      std::vector<llvm::Type*> parameters;
      for (uint32_t parameter : operands.subspan(1)) parameters.push_back(reader.type(parameter));
      type = llvm::FunctionType::get(reader.type(operands[0]), parameters, false);
      return true;
    }
    case spv::Op::OpTypeForwardPointer:
      return false;  // its pointer type follows, and all pointers are one LLVM type
    case spv::Op::OpTypeOpaque:
    case spv::Op::OpTypeImage:
    case spv::Op::OpTypeSampler:
    case spv::Op::OpTypeSampledImage:
    case spv::Op::OpTypeEvent:
    case spv::Op::OpTypeDeviceEvent:
    case spv::Op::OpTypeReserveId:
    case spv::Op::OpTypeQueue:
    case spv::Op::OpTypePipe:
    case spv::Op::OpTypeRuntimeArray:
      reader.fail("type " + opcode_name(instruction.opcode) + " is not there yet");
      type = llvm::PointerType::getUnqual(reader.context());
      return true;
    default:
      return false;
  }
}

}  // namespace metate::ze_software::spirv
