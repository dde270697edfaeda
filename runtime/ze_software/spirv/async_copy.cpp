// async_copy – copies between global and local memory that the items of a work-group make together.
#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

struct Items {
  Reader& reader;
  llvm::IRBuilder<>& b = reader.builder();

  llvm::Value* query(ItemQuery what, uint32_t dimension) {
    return b.CreateCall(item_query(reader.module()), {b.getInt32(static_cast<uint32_t>(what)), b.getInt32(dimension)});
  }
  llvm::Value* size(uint32_t dimension) { return query(ItemQuery::kGroupSize, dimension); }
  llvm::Value* count() { return b.CreateMul(size(0), b.CreateMul(size(1), size(2))); }
  llvm::Value* index() {
    llvm::Value* row = b.CreateAdd(b.CreateMul(query(ItemQuery::kLocalId, 2), size(1)), query(ItemQuery::kLocalId, 1));
    return b.CreateAdd(b.CreateMul(row, size(0)), query(ItemQuery::kLocalId, 0));
  }
};

/// for (i = item; i < count; i += items) copy(i)
template <class Copy>
void share_out(Reader& reader, llvm::Value* count, Copy copy) {
  llvm::IRBuilder<>& b = reader.builder();
  Items items{reader};
  llvm::Value *first = items.index(), *step = items.count();
  llvm::BasicBlock* before = b.GetInsertBlock();
  llvm::Function* function = before->getParent();
  auto* test = llvm::BasicBlock::Create(b.getContext(), "copy.test", function);
  auto* body = llvm::BasicBlock::Create(b.getContext(), "copy.body", function);
  auto* done = llvm::BasicBlock::Create(b.getContext(), "copy.done", function);
  b.CreateBr(test);
  b.SetInsertPoint(test);
  llvm::PHINode* index = b.CreatePHI(b.getInt64Ty(), 2);
  b.CreateCondBr(b.CreateICmpULT(index, count), body, done);
  b.SetInsertPoint(body);
  copy(index);
  llvm::Value* next = b.CreateAdd(index, step);
  b.CreateBr(test);
  index->addIncoming(first, before);
  index->addIncoming(next, body);
  b.SetInsertPoint(done);
  reader.continue_block(done);
}

/// Operands: scope, destination, source, count, stride, event. The stride counts elements of the global side.
void read_copy(Reader& reader, const Instruction& instruction) {
  const std::span<const uint32_t> operands = instruction.operands;
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Value *to = reader.value(operands[1]), *from = reader.value(operands[2]);
  llvm::Value *count = reader.value(operands[3]), *stride = reader.value(operands[4]);
  llvm::Type* element = reader.value_type(reader.pointee_type(reader.type_of(operands[1])));
  while (element->isArrayTy()) element = element->getArrayElementType();  // a variable in place of its first element
  const bool fits = to->getType()->isPointerTy() && from->getType()->isPointerTy() && count->getType()->isIntegerTy() &&
                    stride->getType()->isIntegerTy() && element->isSingleValueType();
  if (!fits || reader.failed()) return reader.fail("OpGroupAsyncCopy does not copy numbers between two addresses");
  const bool to_local = reader.storage_class(reader.type_of(operands[1])) == spv::StorageClass::Workgroup;
  count = b.CreateZExtOrTrunc(count, b.getInt64Ty());
  stride = b.CreateZExtOrTrunc(stride, b.getInt64Ty());
  share_out(reader, count, [&](llvm::Value* index) {
    llvm::Value* far_index = b.CreateMul(index, stride);
    llvm::Value* source = b.CreateGEP(element, from, to_local ? far_index : index);
    llvm::Value* target = b.CreateGEP(element, to, to_local ? index : far_index);
    b.CreateStore(b.CreateLoad(element, source), target);
  });
  reader.define(instruction, llvm::Constant::getNullValue(reader.type(instruction.type)));
}

}  // namespace

bool read_async_copy(Reader& reader, const Instruction& instruction) {
  switch (instruction.opcode) {
    case spv::Op::OpGroupAsyncCopy:
      read_copy(reader, instruction);
      return true;
    case spv::Op::OpGroupWaitEvents:
      // Every item has made its part of the copies when all of them are here.
      call_barrier(reader.builder(), ItemSet::kWorkGroup, kAllMemory);
      return true;
    default:
      return false;
  }
}

}  // namespace metate::ze_software::spirv
