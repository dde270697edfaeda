#include "runtime/ze_software/work_group/work_group.h"

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/Cloning.h>

#include "runtime/base/assert.h"
#include "runtime/ze_software/work_group/barrier_regions.h"
#include "runtime/ze_software/work_group/body.h"
#include "runtime/ze_software/work_group/entry_function.h"

namespace metate::ze_software::work_group {
namespace {

/// Puts the body where the builder is and returns the blocks it came with, the one of the call among them.
std::vector<llvm::BasicBlock*> inline_body(EntryFunction& entry, llvm::Function& body) {
  llvm::Function& function = entry.function();
  llvm::IRBuilder<>& b = entry.builder();
  const std::span<llvm::Value* const> arguments = entry.arguments();
  llvm::CallInst* call = b.CreateCall(&body, llvm::ArrayRef(arguments.data(), arguments.size()));
  llvm::BasicBlock* caller = call->getParent();
  // Something to come back to, wherever inlining leaves the code behind the call.
  llvm::Instruction* marker = b.CreateUnreachable();
  llvm::SmallPtrSet<llvm::BasicBlock*, 32> before;
  for (llvm::BasicBlock& block : function) before.insert(&block);
  llvm::InlineFunctionInfo info;
  const llvm::InlineResult result = llvm::InlineFunction(*call, info, /*MergeAttributes=*/false, nullptr,
                                                         /*InsertLifetime=*/false);
  METATE_ASSERT(result.isSuccess());
  (void)result;
  b.SetInsertPoint(marker->getParent());
  marker->eraseFromParent();
  std::vector<llvm::BasicBlock*> blocks = {caller};
  for (llvm::BasicBlock& block : function) {
    if (!before.contains(&block)) blocks.push_back(&block);
  }
  return blocks;
}

bool has_private_memory(llvm::Function& function) {
  for (llvm::Instruction& instruction : function.getEntryBlock()) {
    if (llvm::isa<llvm::AllocaInst>(instruction)) return true;
  }
  return false;
}

/// The items of a launch as one long range, in rows along x: groups do not matter to this kernel.
void loop_over_items(EntryFunction& entry, llvm::Function& body) {
  llvm::IRBuilder<>& b = entry.builder();
  const Triple& size = entry.global_size();
  llvm::AllocaInst* item = entry.variable(b.getInt64Ty(), "item");
  b.CreateStore(entry.range_begin(), item);
  auto* rows = llvm::BasicBlock::Create(b.getContext(), "row", &entry.function());
  b.CreateBr(rows);
  b.SetInsertPoint(rows);
  llvm::Value* first = b.CreateLoad(b.getInt64Ty(), item);
  llvm::Value* row = b.CreateUDiv(first, size[0]);
  llvm::Value* x_begin = b.CreateSub(first, b.CreateMul(row, size[0]));
  llvm::Value* z = b.CreateUDiv(row, size[1]);
  llvm::Value* y = b.CreateSub(row, b.CreateMul(z, size[1]));
  llvm::Value* count = b.CreateBinaryIntrinsic(llvm::Intrinsic::umin, b.CreateSub(entry.range_end(), first),
                                               b.CreateSub(size[0], x_begin));
  std::vector<llvm::BasicBlock*> blocks;
  ItemPlace place{};
  llvm::BranchInst* branch = entry.loop(x_begin, b.CreateAdd(x_begin, count), "x", [&](llvm::Value* x) {
    place.global_id = {x, y, z};
    blocks = inline_body(entry, body);
  });
  entry.resolve(blocks, place);
  llvm::Value* next = b.CreateAdd(first, count);
  b.CreateStore(next, item);
  auto* end = llvm::BasicBlock::Create(b.getContext(), "done", &entry.function());
  b.CreateCondBr(b.CreateICmpULT(next, entry.range_end()), rows, end);
  b.SetInsertPoint(end);
  entry.return_status(RangeStatus::kDone);
  entry.promote_variables();
  // A private variable that is left is one for all items.
  if (!has_private_memory(entry.function())) entry.mark_parallel(branch, blocks);
}

/// Group by group, item by item.
void loop_over_groups(EntryFunction& entry, llvm::Function& body) {
  std::vector<llvm::BasicBlock*> blocks;
  llvm::BranchInst* branch = nullptr;
  entry.loop(entry.range_begin(), entry.range_end(), "group", [&](llvm::Value* group) {
    ItemPlace place = entry.group_place(group);
    branch = entry.item_loops([&](const Triple& local_id, llvm::Value*) {
      entry.set_local_ids(place, local_id);
      blocks = inline_body(entry, body);
    });
    entry.resolve(blocks, place);
  });
  entry.return_status(RangeStatus::kDone);
  if (!has_private_memory(entry.function())) entry.mark_parallel(branch, blocks);
}

CompiledKernel make_entry(spirv::Module& module, const spirv::KernelInfo& info, const std::string& symbol) {
  CompiledKernel kernel;
  kernel.name = info.name;
  kernel.attributes = info.attributes;
  std::copy_n(info.required_group_size, 3, kernel.required_group_size);
  kernel.required_sub_group_size = info.required_sub_group_size;
  if (info.required_sub_group_size) kernel.sub_group_size = info.required_sub_group_size;
  EntryFunction entry(*module.module, info, module.locals, kernel, symbol);
  const bool has_local_parameter = std::find(info.parameters.begin(), info.parameters.end(),
                                             spirv::ParameterKind::kLocalPointer) != info.parameters.end();
  if (has_barrier(*info.body)) {
    kernel.bytes_per_item = split_at_barriers(entry, *info.body);
  } else if (has_local_parameter || depends_on_group(*info.body)) {
    loop_over_groups(entry, *info.body);
  } else {
    kernel.range_unit = RangeUnit::kItem;
    loop_over_items(entry, *info.body);
  }
  return kernel;
}

/// Nothing calls the bodies any more, and nothing defines the placeholders in them.
void remove_dead_functions(llvm::Module& module) {
  bool removed = true;
  while (removed) {
    removed = false;
    for (llvm::Function& function : llvm::make_early_inc_range(module)) {
      const bool placeholder = function.isDeclaration() && !function.isIntrinsic();
      if (!function.use_empty() || !(function.hasLocalLinkage() || placeholder)) continue;
      function.eraseFromParent();
      removed = true;
    }
  }
}

}  // namespace

std::vector<CompiledKernel> make_entries(spirv::Module& module, std::vector<std::string>& symbols) {
  simplify_bodies(*module.module);
  std::vector<CompiledKernel> kernels;
  for (const spirv::KernelInfo& info : module.kernels) {
    symbols.push_back("metate.kernel." + std::to_string(kernels.size()));
    kernels.push_back(make_entry(module, info, symbols.back()));
  }
  for (const spirv::KernelInfo& info : module.kernels) info.body->setLinkage(llvm::GlobalValue::InternalLinkage);
  remove_dead_functions(*module.module);
  return kernels;
}

}  // namespace metate::ze_software::work_group
