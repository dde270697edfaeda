#include "compiler/target/spirv/spirv_lowering.h"

#include <llvm/IR/Module.h>

#include <array>

#include "compiler/codegen/function_lowering.h"
#include "compiler/codegen/math_call.h"
#include "compiler/target/spirv/builtins.h"
#include "compiler/target/spirv/group_operations.h"
#include "compiler/target/spirv/print_record.h"
#include "runtime/abi/kernel_error.h"

namespace metate::target::spirv {
namespace {

using codegen::FunctionLowering;

/// The numbers that the SPIR-V back end has for the storage classes Function, CrossWorkgroup and Workgroup.
constexpr unsigned kPrivate = 0;
constexpr unsigned kGlobal = 1;
constexpr unsigned kGroup = 3;

std::string_view builtin_name(ir::WorkItemQuery query) {
  switch (query) {
    case ir::WorkItemQuery::kGlobalId:
      return "_Z13get_global_idj";
    case ir::WorkItemQuery::kLocalId:
      return "_Z12get_local_idj";
    case ir::WorkItemQuery::kGroupId:
      return "_Z12get_group_idj";
    case ir::WorkItemQuery::kGlobalSize:
      return "_Z15get_global_sizej";
    case ir::WorkItemQuery::kLocalSize:
      return "_Z14get_local_sizej";
    case ir::WorkItemQuery::kGroupCount:
      return "_Z14get_num_groupsj";
    case ir::WorkItemQuery::kGlobalOffset:
      return "_Z17get_global_offsetj";
    case ir::WorkItemQuery::kSubGroupId:
      return "_Z16get_sub_group_idv";
    case ir::WorkItemQuery::kSubGroupLocalId:
      return "_Z22get_sub_group_local_idv";
    case ir::WorkItemQuery::kSubGroupSize:
      return "_Z18get_sub_group_sizev";
    case ir::WorkItemQuery::kMaxSubGroupSize:
      return "_Z22get_max_sub_group_sizev";
    case ir::WorkItemQuery::kSubGroupCount:
      return "_Z18get_num_sub_groupsv";
  }
  METATE_UNREACHABLE();
}

// Numbers of the SPIR-V specification, 3.25.

uint32_t spirv_semantics(ir::Fence fence) {
  uint32_t memory = (fence.group_memory ? 0x100u : 0u) | (fence.global_memory ? 0x200u : 0u);
  switch (fence.order) {
    case ir::MemoryOrder::kRelaxed:
      return memory;
    case ir::MemoryOrder::kAcquire:
      return memory | 0x2u;
    case ir::MemoryOrder::kRelease:
      return memory | 0x4u;
    case ir::MemoryOrder::kAcquireRelease:
      return memory | 0x8u;
    case ir::MemoryOrder::kSequential:
      return memory | 0x10u;
  }
  METATE_UNREACHABLE();
}

class SpirvLowering final : public codegen::TargetLowering {
 public:
  SpirvLowering(uint8_t launch_rank, abi::DeviceFeatures features) : launch_rank_(launch_rank), features_(features) {}

  // The version is chosen by the triple alone (features such as +spirv1.2 are ignored by LLVM 22).
  std::string triple() const override { return "spirv64v1.2-unknown-unknown"; }
  std::string data_layout() const override {
    return "e-i64:64-v16:16-v24:32-v32:32-v48:64-v96:128-v192:256-v256:256-v512:512-v1024:1024-n8:16:32:64-G1";
  }
  codegen::AddressSpaces address_spaces() const override { return {kGlobal, kGroup, kPrivate}; }
  unsigned context_address_space() const override { return kGlobal; }
  bool runs_parallel(ir::NestMode) const override { return false; }

  llvm::Value* math_call(FunctionLowering& lowering, std::string_view function,
                         std::span<llvm::Value* const> operands) override {
    return codegen::portable_math_call(lowering, function, operands);
  }

  bool has_complex_functions() const override { return false; }
  bool owns_frozen_arrays() const override { return true; }

  void record_error(FunctionLowering& lowering, int32_t site, std::span<llvm::Value* const> values) override {
    METATE_ASSERT(values.size() <= abi::kMaxKernelErrorValues);
    llvm::IRBuilder<>& builder = lowering.builder();
    llvm::Value* id = linear_global_id(lowering);
    llvm::Value* narrow = builder.CreateTrunc(id, builder.getInt32Ty());
    llvm::Value* before = builder.CreateAtomicRMW(llvm::AtomicRMWInst::UMin, lowering.context(), narrow, llvm::Align(4),
                                                  llvm::AtomicOrdering::Monotonic);
    llvm::BasicBlock* lowered = lowering.new_block();
    llvm::BasicBlock* next = lowering.new_block();
    builder.CreateCondBr(builder.CreateICmpULT(narrow, before), lowered, next);
    builder.SetInsertPoint(lowered);

    llvm::Value* index = builder.CreateURem(id, builder.getInt64(abi::kKernelErrorEntries));
    llvm::Value* offset = builder.CreateAdd(builder.CreateMul(index, builder.getInt64(sizeof(abi::KernelErrorEntry))),
                                            builder.getInt64(offsetof(abi::KernelErrors, entries)));
    llvm::Value* entry = builder.CreateInBoundsGEP(builder.getInt8Ty(), lowering.context(), offset);
    auto field = [&](size_t at) { return builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), entry, at); };
    builder.CreateStore(id, entry);
    builder.CreateStore(builder.getInt32(static_cast<uint32_t>(site)), field(offsetof(abi::KernelErrorEntry, site)));
    for (size_t i = 0; i < values.size(); ++i)
      builder.CreateStore(values[i], field(offsetof(abi::KernelErrorEntry, values) + 8 * i));
    builder.CreateBr(next);
    builder.SetInsertPoint(next);
  }

  void record_trace(FunctionLowering&, int32_t) override {
  }  // device functions are inlined: the site is the kernel's line

  llvm::Value* print(FunctionLowering& lowering, int32_t site, std::span<llvm::Value* const> values) override {
    write_print_record(lowering, linear_global_id(lowering), site, values);
    return lowering.builder().getFalse();  // what finds no room is counted
  }

  llvm::Value* work_item(FunctionLowering& lowering, ir::WorkItemQuery query, llvm::Value* dimension) override {
    llvm::IRBuilder<>& builder = lowering.builder();
    if (!has_dimensions(query)) {
      llvm::CallInst* narrow = call_builtin(lowering, builtin_name(query), builder.getInt32Ty(), {});
      narrow->getCalledFunction()->setDoesNotAccessMemory();
      return builder.CreateZExt(narrow, builder.getInt64Ty());
    }
    // Python's last dimension is the device's first: neighbours in memory are neighbours among the work-items.
    uint8_t rank = launch_rank_ ? launch_rank_ : lowering.ir().options.kernel_rank;
    llvm::Value* inside = builder.CreateICmpULT(dimension, builder.getInt64(rank));
    llvm::Value* reversed = builder.CreateSub(builder.getInt64(rank - 1u), dimension);
    llvm::Value* on_device = builder.CreateSelect(inside, reversed, dimension);
    llvm::CallInst* call = call_builtin(lowering, builtin_name(query), builder.getInt64Ty(),
                                        {builder.CreateTrunc(on_device, builder.getInt32Ty())});
    call->getCalledFunction()->setDoesNotAccessMemory();
    return call;
  }

  void barrier(FunctionLowering& lowering, ir::Fence fence) override {
    llvm::IRBuilder<>& builder = lowering.builder();
    ir::MemoryScope who = fence.sub_group ? ir::MemoryScope::kSubGroup : ir::MemoryScope::kWorkGroup;
    call_convergent_builtin(lowering, "_Z22__spirv_ControlBarrierjjj", builder.getVoidTy(),
                            {builder.getInt32(spirv_scope(who)), builder.getInt32(spirv_scope(fence.scope)),
                             builder.getInt32(spirv_semantics(fence))});
  }

  llvm::Value* group(FunctionLowering& lowering, ir::GroupOperation operation, types::DType dtype,
                     std::span<llvm::Value* const> operands) override {
    return lower_group(lowering, operation, dtype, operands);
  }

  void fence(FunctionLowering& lowering, ir::Fence fence) override {
    if (fence.order == ir::MemoryOrder::kRelaxed) return;  // orders nothing
    llvm::IRBuilder<>& builder = lowering.builder();
    call_builtin(lowering, "_Z21__spirv_MemoryBarrierjj", builder.getVoidTy(),
                 {builder.getInt32(spirv_scope(fence.scope)), builder.getInt32(spirv_semantics(fence))});
  }

  /// Not by LLVM's instruction: the back end confuses its pair of results where a phi takes one of them.
  llvm::Value* compare_exchange(FunctionLowering& lowering, ir::Atomic atomic, llvm::Value* address,
                                llvm::Value* expected, llvm::Value* desired) override {
    llvm::IRBuilder<>& builder = lowering.builder();
    llvm::Type* type = desired->getType();
    std::string letter = type->isIntegerTy(64) ? "m" : "j";
    std::string name = "_Z29__spirv_AtomicCompareExchangePU3AS" +
                       std::to_string(address->getType()->getPointerAddressSpace()) + letter + "jjj" + letter + letter;
    ir::Fence equal{.order = atomic.order, .scope = atomic.scope}, unequal = equal;
    if (atomic.order == ir::MemoryOrder::kRelease) unequal.order = ir::MemoryOrder::kRelaxed;
    if (atomic.order == ir::MemoryOrder::kAcquireRelease) unequal.order = ir::MemoryOrder::kAcquire;
    return call_builtin(lowering, name, type,
                        {address, builder.getInt32(spirv_scope(atomic.scope)), builder.getInt32(spirv_semantics(equal)),
                         builder.getInt32(spirv_semantics(unequal)), desired, expected});
  }

  bool has_float_atomic(ir::AtomicOp op, types::DType dtype, unsigned address_space) const override {
    const uint8_t atomics = dtype == types::DType::kF32   ? features_.float32_atomics
                            : dtype == types::DType::kF64 ? features_.float64_atomics
                                                          : 0;
    const bool is_sum = op == ir::AtomicOp::kAdd || op == ir::AtomicOp::kSub;
    if (address_space == kGlobal) return atomics & (is_sum ? abi::kGlobalAdd : abi::kGlobalMinMax);
    return address_space == kGroup && atomics & (is_sum ? abi::kLocalAdd : abi::kLocalMinMax);
  }

  llvm::StringRef sync_scope(ir::MemoryScope scope) const override {
    switch (scope) {
      case ir::MemoryScope::kWorkItem:
        return "singlethread";
      case ir::MemoryScope::kSubGroup:
        return "subgroup";
      case ir::MemoryScope::kWorkGroup:
        return "workgroup";
      case ir::MemoryScope::kDevice:
        return "device";
      case ir::MemoryScope::kSystem:
        return "";
    }
    METATE_UNREACHABLE();
  }

 private:
  /// The id counted over all dimensions, Python's dimension 0 slowest: the order in which a Python loop would run the
  /// items.
  llvm::Value* linear_global_id(FunctionLowering& lowering) {
    llvm::IRBuilder<>& builder = lowering.builder();
    llvm::Value* linear = builder.getInt64(0);
    for (uint64_t dimension = 0; dimension < 3; ++dimension) {
      llvm::Value* d = builder.getInt64(dimension);
      llvm::Value* size = work_item(lowering, ir::WorkItemQuery::kGlobalSize, d);
      linear = builder.CreateAdd(builder.CreateMul(linear, size), work_item(lowering, ir::WorkItemQuery::kGlobalId, d));
    }
    return linear;
  }

  uint8_t launch_rank_;
  abi::DeviceFeatures features_;
};

}  // namespace

std::unique_ptr<codegen::TargetLowering> make_lowering(uint8_t launch_rank, abi::DeviceFeatures features) {
  return std::make_unique<SpirvLowering>(launch_rank, features);
}

}  // namespace metate::target::spirv
