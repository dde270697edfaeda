#include "runtime/ze_software/work_group/entry_function.h"

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/IR/Dominators.h>
#include <llvm/IR/MDBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/Cloning.h>
#include <llvm/Transforms/Utils/PromoteMemToReg.h>

#include "runtime/base/assert.h"
#include "runtime/ze_software/spirv/items.h"

namespace metate::ze_software::work_group {
namespace {

constexpr uint32_t kUnplaced = UINT32_MAX;

uint32_t round_up(uint64_t value, uint64_t multiple) {
  return static_cast<uint32_t>((value + multiple - 1) / multiple * multiple);
}

}  // namespace

EntryFunction::EntryFunction(llvm::Module& module, const spirv::KernelInfo& info,
                             std::span<const spirv::LocalVariable> locals, CompiledKernel& kernel,
                             const std::string& symbol)
    : module_(module),
      kernel_(kernel),
      locals_(locals),
      local_offsets_(locals.size(), kUnplaced),
      builder_(module.getContext()) {
  llvm::Type* pointer = builder_.getPtrTy();
  llvm::Type* i64 = builder_.getInt64Ty();
  auto* type = llvm::FunctionType::get(builder_.getInt32Ty(), {pointer, pointer, pointer, pointer, i64, i64}, false);
  function_ = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, symbol, module);
  function_->setDoesNotThrow();
  for (unsigned i = 0; i < 4; ++i) function_->addParamAttr(i, llvm::Attribute::NoAlias);
  const char* names[] = {"launch", "arguments", "local", "items", "begin", "end"};
  for (unsigned i = 0; i < 6; ++i) function_->getArg(i)->setName(names[i]);

  builder_.SetInsertPoint(llvm::BasicBlock::Create(module.getContext(), "entry", function_));
  for (int d = 0; d < 3; ++d) {
    group_count_[d] = load_launch(offsetof(LaunchRecord, group_count), d, "group_count");
    group_size_[d] = load_launch(offsetof(LaunchRecord, group_size), d, "group_size");
    global_size_[d] = load_launch(offsetof(LaunchRecord, global_size), d, "global_size");
    global_offset_[d] = load_launch(offsetof(LaunchRecord, global_offset), d, "global_offset");
  }
  group_items_ = builder_.CreateMul(builder_.CreateMul(group_size_[0], group_size_[1]), group_size_[2], "group_items");
  work_dimensions_ = load_launch(offsetof(LaunchRecord, work_dimensions), 0, "work_dimensions");
  layout_arguments(info);
}

llvm::Value* EntryFunction::load_launch(size_t offset, int dimension, const char* name) {
  llvm::Value* address =
      builder_.CreateConstInBoundsGEP1_64(builder_.getInt8Ty(), function_->getArg(0), offset + 8 * dimension);
  return builder_.CreateLoad(builder_.getInt64Ty(), address, name);
}

void EntryFunction::layout_arguments(const spirv::KernelInfo& info) {
  const llvm::DataLayout& layout = module_.getDataLayout();
  uint32_t end = 0;
  for (unsigned i = 0; i < info.parameters.size(); ++i) {
    llvm::Argument* parameter = info.body->getArg(i);
    llvm::Type* type = parameter->getType();
    llvm::Type* copied = info.by_value_types[i];
    llvm::Type* held = copied ? copied : type;
    KernelArgument argument;
    argument.offset = round_up(end, layout.getABITypeAlign(held).value());
    argument.size = static_cast<uint32_t>(layout.getTypeAllocSize(held));
    end = argument.offset + argument.size;
    llvm::Value* address =
        builder_.CreateConstInBoundsGEP1_32(builder_.getInt8Ty(), function_->getArg(1), argument.offset);
    switch (info.parameters[i]) {
      case spirv::ParameterKind::kPointer:
        argument.kind = ArgumentKind::kPointer;
        arguments_.push_back(builder_.CreateLoad(type, address, "argument"));
        break;
      case spirv::ParameterKind::kLocalPointer: {
        argument.kind = ArgumentKind::kLocalPointer;
        llvm::Value* offset = builder_.CreateLoad(builder_.getInt64Ty(), address, "local_offset");
        arguments_.push_back(builder_.CreateInBoundsGEP(builder_.getInt8Ty(), function_->getArg(2), offset));
        break;
      }
      case spirv::ParameterKind::kValue:
        argument.kind = ArgumentKind::kValue;
        arguments_.push_back(copied ? address : builder_.CreateLoad(type, address, "argument"));
        break;
    }
    kernel_.arguments.push_back(argument);
  }
  kernel_.argument_bytes = end;
}

llvm::AllocaInst* EntryFunction::variable(llvm::Type* type, const llvm::Twine& name) {
  llvm::BasicBlock& entry = function_->getEntryBlock();
  llvm::IRBuilder<> b(&entry, entry.begin());
  return b.CreateAlloca(type, nullptr, name);
}

llvm::BranchInst* EntryFunction::loop(llvm::Value* begin, llvm::Value* end, const char* name,
                                      const std::function<void(llvm::Value* index)>& body) {
  llvm::LLVMContext& context = module_.getContext();
  llvm::BasicBlock* before = builder_.GetInsertBlock();
  auto* header = llvm::BasicBlock::Create(context, name, function_);
  builder_.CreateBr(header);
  builder_.SetInsertPoint(header);
  llvm::PHINode* index = builder_.CreatePHI(builder_.getInt64Ty(), 2, name);
  index->addIncoming(begin, before);
  body(index);
  llvm::Value* next = builder_.CreateAdd(index, builder_.getInt64(1), "", /*HasNUW=*/true, /*HasNSW=*/true);
  index->addIncoming(next, builder_.GetInsertBlock());
  auto* behind = llvm::BasicBlock::Create(context, std::string(name) + ".end", function_);
  llvm::BranchInst* branch = builder_.CreateCondBr(builder_.CreateICmpULT(next, end), header, behind);
  builder_.SetInsertPoint(behind);
  return branch;
}

void EntryFunction::row_loops(const std::function<void(llvm::Value* y, llvm::Value* z, llvm::Value* first)>& body) {
  llvm::Value* zero = builder_.getInt64(0);
  loop(zero, group_size_[2], "z", [&](llvm::Value* z) {
    loop(zero, group_size_[1], "y", [&](llvm::Value* y) {
      llvm::Value* row = builder_.CreateAdd(builder_.CreateMul(z, group_size_[1]), y);
      body(y, z, builder_.CreateMul(row, group_size_[0]));
    });
  });
}

llvm::BranchInst* EntryFunction::item_loops(
    const std::function<void(const Triple& local_id, llvm::Value* linear)>& body) {
  llvm::BranchInst* branch = nullptr;
  row_loops([&](llvm::Value* y, llvm::Value* z, llvm::Value* first) {
    branch = loop(builder_.getInt64(0), group_size_[0], "x",
                  [&](llvm::Value* x) { body({x, y, z}, builder_.CreateAdd(first, x, "linear", true, true)); });
  });
  return branch;
}

llvm::BranchInst* EntryFunction::item_loop(
    llvm::Value* first, llvm::Value* count,
    const std::function<void(const Triple& local_id, llvm::Value* linear)>& body) {
  // A group has few items: narrow divisions are faster.
  auto narrow = [&](llvm::Value* value) { return builder_.CreateTrunc(value, builder_.getInt32Ty()); };
  auto wide = [&](llvm::Value* value) { return builder_.CreateZExt(value, builder_.getInt64Ty()); };
  return loop(first, builder_.CreateAdd(first, count, "", true, true), "item", [&](llvm::Value* linear) {
    llvm::Value* row = builder_.CreateUDiv(narrow(linear), narrow(group_size_[0]));
    llvm::Value* z = builder_.CreateUDiv(row, narrow(group_size_[1]));
    llvm::Value* x = builder_.CreateSub(narrow(linear), builder_.CreateMul(row, narrow(group_size_[0])));
    llvm::Value* y = builder_.CreateSub(row, builder_.CreateMul(z, narrow(group_size_[1])));
    body({wide(x), wide(y), wide(z)}, linear);
  });
}

ItemPlace EntryFunction::group_place(llvm::Value* linear) {
  ItemPlace place{};
  llvm::Value* row = builder_.CreateUDiv(linear, group_count_[0]);
  place.group_id[0] = builder_.CreateSub(linear, builder_.CreateMul(row, group_count_[0]));
  place.group_id[2] = builder_.CreateUDiv(row, group_count_[1]);
  place.group_id[1] = builder_.CreateSub(row, builder_.CreateMul(place.group_id[2], group_count_[1]));
  return place;
}

void EntryFunction::set_local_ids(ItemPlace& place, const Triple& local_id) {
  place.local_id = local_id;
  for (int d = 0; d < 3; ++d) {
    if (!local_id[d]) continue;
    llvm::Value* first = builder_.CreateMul(place.group_id[d], group_size_[d], "", true, true);
    place.global_id[d] = builder_.CreateAdd(first, local_id[d], "", true, true);
  }
}

EntryFunction::Inlined EntryFunction::inline_body(llvm::Function& body, llvm::ArrayRef<llvm::Value*> arguments) {
  llvm::CallInst* call = builder_.CreateCall(&body, arguments);
  // What the call gives is known by its use once it is gone.
  llvm::FreezeInst* use =
      call->getType()->isVoidTy() ? nullptr : llvm::cast<llvm::FreezeInst>(builder_.CreateFreeze(call));
  llvm::BasicBlock* caller = call->getParent();
  // Something to come back to, wherever inlining leaves the code behind the call.
  llvm::Instruction* marker = builder_.CreateUnreachable();
  llvm::SmallPtrSet<llvm::BasicBlock*, 32> before;
  for (llvm::BasicBlock& block : *function_) before.insert(&block);
  llvm::InlineFunctionInfo info;
  const llvm::InlineResult result =
      llvm::InlineFunction(*call, info, /*MergeAttributes=*/false, nullptr, /*InsertLifetime=*/false);
  METATE_ASSERT(result.isSuccess());
  (void)result;
  builder_.SetInsertPoint(marker->getParent());
  marker->eraseFromParent();
  Inlined inlined{{caller}, nullptr};
  for (llvm::BasicBlock& block : *function_) {
    if (!before.contains(&block)) inlined.blocks.push_back(&block);
  }
  if (use) {
    inlined.result = use->getOperand(0);
    use->eraseFromParent();
  }
  return inlined;
}

void EntryFunction::when(llvm::Value* condition, const std::function<void()>& then, bool rare) {
  llvm::LLVMContext& context = module_.getContext();
  auto* inside = llvm::BasicBlock::Create(context, "some", function_);
  auto* behind = llvm::BasicBlock::Create(context, "none", function_);
  llvm::BranchInst* branch = builder_.CreateCondBr(condition, inside, behind);
  if (rare) branch->setMetadata(llvm::LLVMContext::MD_prof, llvm::MDBuilder(context).createBranchWeights(0, 1));
  builder_.SetInsertPoint(inside);
  then();
  builder_.CreateBr(behind);
  builder_.SetInsertPoint(behind);
}

void EntryFunction::resolve(std::span<llvm::BasicBlock* const> blocks, const ItemPlace& place) {
  for (llvm::BasicBlock* block : blocks) {
    for (llvm::Instruction& instruction : llvm::make_early_inc_range(*block)) {
      auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
      if (!call || !call->getCalledFunction()) continue;
      llvm::IRBuilder<>::InsertPointGuard guard(builder_);
      builder_.SetInsertPoint(call);
      const llvm::StringRef name = call->getCalledFunction()->getName();
      llvm::Value* value = nullptr;
      if (name == spirv::kItemQuery) {
        value = query(call, place);
      } else if (name == spirv::kLocalVariable) {
        value = local_variable(
            static_cast<uint32_t>(llvm::cast<llvm::ConstantInt>(call->getArgOperand(0))->getZExtValue()));
      } else {
        continue;
      }
      call->replaceAllUsesWith(value);
      call->eraseFromParent();
    }
  }
}

llvm::Value* EntryFunction::query(llvm::CallInst* call, const ItemPlace& place) {
  const auto d = llvm::cast<llvm::ConstantInt>(call->getArgOperand(1))->getZExtValue();
  const auto what = llvm::cast<llvm::ConstantInt>(call->getArgOperand(0))->getZExtValue();
  switch (static_cast<spirv::ItemQuery>(what)) {
    case spirv::ItemQuery::kGlobalId:
      return builder_.CreateAdd(place.global_id[d], global_offset_[d], "", true, true);
    case spirv::ItemQuery::kLocalId:
      return place.local_id[d];
    case spirv::ItemQuery::kGroupId:
      return place.group_id[d];
    case spirv::ItemQuery::kGroupCount:
      return group_count_[d];
    case spirv::ItemQuery::kGroupSize:
      return group_size_[d];
    case spirv::ItemQuery::kGlobalSize:
      return global_size_[d];
    case spirv::ItemQuery::kGlobalOffset:
      return global_offset_[d];
    case spirv::ItemQuery::kWorkDimensions:
      return work_dimensions_;
    case spirv::ItemQuery::kMaxSubGroupSize:
      return sub_group_size();
  }
  return nullptr;
}

llvm::Value* EntryFunction::local_variable(uint32_t index) {
  uint32_t& offset = local_offsets_[index];
  if (offset == kUnplaced) {
    offset = round_up(kernel_.local_bytes, locals_[index].alignment);
    kernel_.local_bytes = offset + static_cast<uint32_t>(locals_[index].size);
  }
  return builder_.CreateConstInBoundsGEP1_32(builder_.getInt8Ty(), function_->getArg(2), offset);
}

void EntryFunction::promote_variables() {
  std::vector<llvm::AllocaInst*> variables;
  for (llvm::Instruction& instruction : function_->getEntryBlock()) {
    auto* variable = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
    if (variable && llvm::isAllocaPromotable(variable)) variables.push_back(variable);
  }
  llvm::DominatorTree dominators(*function_);
  if (!variables.empty()) llvm::PromoteMemToReg(variables, dominators);
}

void EntryFunction::mark_parallel(llvm::BranchInst* branch, std::span<llvm::BasicBlock* const> blocks) {
  llvm::LLVMContext& context = module_.getContext();
  llvm::MDNode* group = llvm::MDNode::getDistinct(context, {});
  for (llvm::BasicBlock* block : blocks) {
    for (llvm::Instruction& instruction : *block) {
      if (instruction.mayReadOrWriteMemory() && !instruction.isAtomic() && !instruction.isVolatile()) {
        instruction.setMetadata(llvm::LLVMContext::MD_access_group, group);
      }
    }
  }
  llvm::Metadata* accesses[] = {llvm::MDString::get(context, "llvm.loop.parallel_accesses"), group};
  llvm::Metadata* parts[] = {nullptr, llvm::MDNode::get(context, accesses)};
  llvm::MDNode* loop = llvm::MDNode::getDistinct(context, parts);
  loop->replaceOperandWith(0, loop);
  branch->setMetadata(llvm::LLVMContext::MD_loop, loop);
}

}  // namespace metate::ze_software::work_group
