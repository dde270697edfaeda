// sub_group_blocks – loads and stores in which the items of a sub-group have neighbouring places.
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

/// Each component of the value is a row with a place for every item of a full sub-group.
class Block {
 public:
  Block(Reader& reader, llvm::Value* rows, llvm::Type* type) : b_(reader.builder()), rows_(rows), type_(type) {
    own_ = builtin_value(reader, spv::BuiltIn::SubgroupLocalInvocationId, b_.getInt64Ty());
    length_ = builtin_value(reader, spv::BuiltIn::SubgroupMaxSize, b_.getInt64Ty());
    // All that OpenCL asks of the pointer, whatever the type.
    alignment_ = std::min(reader.layout().getABITypeAlign(type->getScalarType()), llvm::Align(4));
  }

  llvm::Value* load() {
    if (!lanes()) return load(0);
    llvm::Value* result = llvm::PoisonValue::get(type_);
    for (unsigned i = 0; i < lanes(); ++i) result = b_.CreateInsertElement(result, load(i), i);
    return result;
  }

  void store(llvm::Value* value) {
    if (!lanes()) b_.CreateAlignedStore(value, place(0), alignment_);
    for (unsigned i = 0; i < lanes(); ++i) {
      b_.CreateAlignedStore(b_.CreateExtractElement(value, i), place(i), alignment_);
    }
  }

 private:
  /// None for a scalar.
  unsigned lanes() const {
    auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type_);
    return vector ? vector->getNumElements() : 0;
  }
  llvm::Value* place(uint64_t row) {
    llvm::Value* index = b_.CreateAdd(b_.CreateMul(length_, b_.getInt64(row)), own_);
    return b_.CreateGEP(type_->getScalarType(), rows_, index);
  }
  llvm::Value* load(uint64_t row) { return b_.CreateAlignedLoad(type_->getScalarType(), place(row), alignment_); }

  llvm::IRBuilder<>& b_;
  llvm::Value* rows_;
  llvm::Type* type_;
  llvm::Value *own_, *length_;
  llvm::Align alignment_;
};

bool has_bytes(const llvm::Type* type) {
  return type->isFPOrFPVectorTy() || (type->isIntOrIntVectorTy() && !type->isIntOrIntVectorTy(1));
}

}  // namespace

bool read_sub_group_block(Reader& reader, const Instruction& instruction) {
  const bool loads = instruction.opcode == spv::Op::OpSubgroupBlockReadINTEL;
  if (!loads && instruction.opcode != spv::Op::OpSubgroupBlockWriteINTEL) return false;
  llvm::Value* rows = reader.value(instruction.operands[0]);
  llvm::Value* stored = loads ? nullptr : reader.value(instruction.operands[1]);
  llvm::Type* type = loads ? reader.value_type(instruction.type) : stored->getType();
  if (!rows->getType()->isPointerTy() || !has_bytes(type)) {
    reader.fail(opcode_name(instruction.opcode) + " does not load or store numbers");
    return true;
  }
  Block block(reader, rows, type);
  if (loads) {
    reader.define(instruction, block.load());
  } else {
    block.store(stored);
  }
  return true;
}

}  // namespace metate::ze_software::spirv
