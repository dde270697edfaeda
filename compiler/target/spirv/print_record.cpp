#include "compiler/target/spirv/print_record.h"

#include "compiler/codegen/function_lowering.h"
#include "runtime/abi/kernel_error.h"
#include "runtime/abi/kernel_print.h"

namespace metate::target::spirv {

using Rmw = llvm::AtomicRMWInst;

void write_print_record(codegen::FunctionLowering& lowering, llvm::Value* global_id, int32_t site,
                        std::span<llvm::Value* const> values) {
  llvm::IRBuilder<>& builder = lowering.builder();
  const auto count = static_cast<uint32_t>(values.size());
  const uint32_t words = abi::kKernelPrintHeader + count;
  auto at = [&](size_t offset) {
    return builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), lowering.context(),
                                              sizeof(abi::KernelErrors) + offset);
  };
  auto change = [&](Rmw::BinOp operation, size_t field, llvm::Value* operand) {
    return builder.CreateAtomicRMW(operation, at(field), operand, llvm::Align(4), llvm::AtomicOrdering::Monotonic);
  };
  llvm::BasicBlock *reserve = lowering.new_block("print"), *write = lowering.new_block(), *full = lowering.new_block(),
                   *drop = lowering.new_block(), *next = lowering.new_block();

  // 1. A look first: items that go on adding to a full memory would make `used` overflow.
  llvm::Value* seen = change(Rmw::Or, offsetof(abi::KernelPrints, used), builder.getInt32(0));
  builder.CreateCondBr(builder.CreateICmpULT(seen, builder.getInt32(abi::kKernelPrintWords)), reserve, drop);

  // 2. A place of its own.
  builder.SetInsertPoint(reserve);
  llvm::Value* place = change(Rmw::Add, offsetof(abi::KernelPrints, used), builder.getInt32(words));
  builder.CreateCondBr(builder.CreateICmpULE(place, builder.getInt32(abi::kKernelPrintWords - words)), write, full);

  builder.SetInsertPoint(full);
  change(Rmw::UMin, offsetof(abi::KernelPrints, end), place);
  builder.CreateBr(drop);
  builder.SetInsertPoint(drop);
  change(Rmw::Add, offsetof(abi::KernelPrints, dropped), builder.getInt32(1));
  builder.CreateBr(next);

  // 3. The record.
  builder.SetInsertPoint(write);
  llvm::Value* record = builder.CreateInBoundsGEP(builder.getInt64Ty(), at(offsetof(abi::KernelPrints, words)),
                                                  builder.CreateZExt(place, builder.getInt64Ty()));
  auto store = [&](uint32_t word, llvm::Value* value) {
    builder.CreateStore(value, builder.CreateConstInBoundsGEP1_64(builder.getInt64Ty(), record, word));
  };
  store(0, global_id);
  store(1, builder.getInt64(uint64_t{count} << 32 | static_cast<uint32_t>(site)));
  for (uint32_t i = 0; i < count; ++i) store(abi::kKernelPrintHeader + i, values[i]);
  builder.CreateBr(next);
  builder.SetInsertPoint(next);
}

}  // namespace metate::target::spirv
