// entry_function – the frame of a kernel's RunRange function: arguments, launch sizes, loops over groups and items.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <array>
#include <functional>
#include <span>
#include <vector>

#include "runtime/ze_software/compiled_kernel.h"
#include "runtime/ze_software/spirv/module_reader.h"

namespace metate::ze_software::work_group {

using Triple = std::array<llvm::Value*, 3>;

/// What item queries mean at one place: values that dominate it.
struct ItemPlace {
  Triple global_id;  // without the offset
  Triple local_id;   // null where the range counts items
  Triple group_id;   // null where the range counts items
};

/// One RunRange function in the making. Blocks are made in the order in which they run.
class EntryFunction {
 public:
  /// Lays out the argument block (into `kernel.arguments`) and loads the arguments and the launch's sizes.
  EntryFunction(llvm::Module& module, const spirv::KernelInfo& info, std::span<const spirv::LocalVariable> locals,
                CompiledKernel& kernel, const std::string& symbol);

  llvm::Function& function() { return *function_; }
  llvm::IRBuilder<>& builder() { return builder_; }
  llvm::ArrayRef<llvm::Value*> arguments() const { return arguments_; }
  const Triple& group_size() const { return group_size_; }
  const Triple& global_size() const { return global_size_; }
  const Triple& global_offset() const { return global_offset_; }
  llvm::Value* range_begin() const { return function_->getArg(4); }
  llvm::Value* range_end() const { return function_->getArg(5); }
  llvm::Value* item_memory() const { return function_->getArg(3); }

  /// An alloca in the entry block, for a value that `promote_variables` will lift.
  llvm::AllocaInst* variable(llvm::Type* type, const llvm::Twine& name);
  void promote_variables();

  /// for (i = begin; i < end; ++i) body(i). `begin` is below `end`. The builder ends behind the loop. Returns the
  /// branch at the loop's end, which carries loop metadata.
  llvm::BranchInst* loop(llvm::Value* begin, llvm::Value* end, const char* name,
                         const std::function<void(llvm::Value* index)>& body);

  /// Loops over the rows of a group; the body gets y, z and the linear index of the row's first item in the group.
  void row_loops(const std::function<void(llvm::Value* y, llvm::Value* z, llvm::Value* first)>& body);

  /// Loops over the items of a group, x innermost; the body gets local ids and the linear index in the group. Returns
  /// the branch of the x loop.
  llvm::BranchInst* item_loops(const std::function<void(const Triple& local_id, llvm::Value* linear)>& body);

  /// The same over some items: `count` (at least one) with neighbouring linear indices.
  llvm::BranchInst* item_loop(llvm::Value* first, llvm::Value* count,
                              const std::function<void(const Triple& local_id, llvm::Value* linear)>& body);

  /// How many items a group has, and a sub-group at most.
  llvm::Value* group_items() const { return group_items_; }
  llvm::Value* sub_group_size() { return builder_.getInt64(kernel_.sub_group_size); }

  /// The group's place from its linear index.
  ItemPlace group_place(llvm::Value* linear);
  /// Those that are given; that along x may be null.
  void set_local_ids(ItemPlace& place, const Triple& local_id);

  /// What a body left where it was inlined.
  struct Inlined {
    std::vector<llvm::BasicBlock*> blocks;  // that it came with, the one of the call among them
    llvm::Value* result;                    // where the builder is; null if there is none
  };
  /// Puts a body where the builder is.
  Inlined inline_body(llvm::Function& body, llvm::ArrayRef<llvm::Value*> arguments);

  /// if (condition) then(). The builder ends behind it. `rare` moves what runs then out of the way.
  void when(llvm::Value* condition, const std::function<void()>& then, bool rare = false);

  /// What a call of the placeholder for queries gives, computed at the builder.
  llvm::Value* query(llvm::CallInst* call, const ItemPlace& place);

  /// Replaces the placeholders in these blocks.
  void resolve(std::span<llvm::BasicBlock* const> blocks, const ItemPlace& place);

  /// Says that no iteration of the loop depends on memory that another one writes, as far as these blocks go.
  void mark_parallel(llvm::BranchInst* branch, std::span<llvm::BasicBlock* const> blocks);

  void return_status(RangeStatus status) { builder_.CreateRet(builder_.getInt32(static_cast<uint32_t>(status))); }

 private:
  llvm::Value* load_launch(size_t offset, int dimension, const char* name);
  llvm::Value* local_variable(uint32_t index);
  void layout_arguments(const spirv::KernelInfo& info);

  llvm::Module& module_;
  CompiledKernel& kernel_;
  std::span<const spirv::LocalVariable> locals_;
  std::vector<uint32_t> local_offsets_;  // in local memory; kUnplaced until the kernel is seen to use the variable
  llvm::Function* function_ = nullptr;
  llvm::IRBuilder<> builder_;
  std::vector<llvm::Value*> arguments_;
  Triple group_count_, group_size_, global_size_, global_offset_;
  llvm::Value* group_items_ = nullptr;
  llvm::Value* work_dimensions_ = nullptr;
};

}  // namespace metate::ze_software::work_group
