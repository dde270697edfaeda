#include "runtime/ze_software/work_group/region_function.h"

#include <llvm/IR/CFG.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/Cloning.h>
#include <llvm/Transforms/Utils/ValueMapper.h>

#include <algorithm>

#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/work_group/body.h"

namespace metate::ze_software::work_group {
namespace {

class Maker {
 public:
  Maker(const Regions& regions, const Region& region)
      : body_(regions.body),
        slots_(regions.slots),
        storage_(regions.storage),
        live_(regions.live),
        region_(region),
        b_(body_.getContext()),
        given_(slots_.size()) {}

  llvm::Function* run() {
    declare();
    auto* entry = llvm::BasicBlock::Create(body_.getContext(), "item", function_);
    b_.SetInsertPoint(entry);
    find_linear_index();
    make_own_variables();
    const std::vector<llvm::BasicBlock*> clones = clone_blocks();
    for (unsigned exit = 0; exit < region_.barriers.size(); ++exit) leave_at(region_.barriers[exit], exit);
    for (llvm::BasicBlock* clone : clones) finish(*clone);
    b_.SetInsertPoint(entry);
    b_.CreateBr(llvm::cast<llvm::BasicBlock>(static_cast<llvm::Value*>(map_[region_.start])));
    simplify_body(*function_);
    return function_;
  }

 private:
  /// What the function is given of a slot.
  struct Given {
    llvm::Value* value = nullptr;    // uniform: what it was when the region began …
    llvm::Value* written = nullptr;  // … and where it is written for all
    llvm::Value* array = nullptr;
  };

  void declare() {
    std::vector<llvm::Type*> types = {b_.getInt64Ty()};
    for (size_t i = 0; i < slots_.size(); ++i) {
      if (storage_[i].array) types.push_back(b_.getPtrTy());
      if (storage_[i].shared) types.insert(types.end(), {slots_[i].variable->getAllocatedType(), b_.getPtrTy()});
    }
    llvm::FunctionType* of_body = body_.getFunctionType();
    types.insert(types.end(), of_body->param_begin(), of_body->param_end());
    auto* type = llvm::FunctionType::get(exits_type(region_, body_.getContext()), types, false);
    function_ = llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage, body_.getName() + ".region",
                                       body_.getParent());
    function_->setDoesNotThrow();
    llvm::Function::arg_iterator next = std::next(function_->arg_begin());
    for (size_t i = 0; i < slots_.size(); ++i) {
      if (storage_[i].array) given_[i].array = next++;
      if (!storage_[i].shared) continue;
      given_[i].value = next++;
      given_[i].written = next++;
    }
    for (llvm::Argument& argument : body_.args()) map_[&argument] = next++;
  }

  void find_linear_index() {
    const auto local_id = static_cast<uint32_t>(spirv::ItemQuery::kLocalId);
    llvm::Value* in_row = b_.CreateCall(spirv::item_query(*body_.getParent()), {b_.getInt32(local_id), b_.getInt32(0)});
    linear_ = b_.CreateAdd(function_->getArg(0), in_row, "linear", true, true);
  }

  llvm::Value* element(size_t slot) {
    return element_address(b_, given_[slot].array, storage_[slot].item_bytes, linear_);
  }

  /// A variable of the item's own for each slot, filled with what was kept; a whole slot is used where it is kept.
  void make_own_variables() {
    own_.resize(slots_.size());
    const llvm::BitVector& live = live_.find(region_.start)->second;
    for (size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].whole) {
        own_[i] = element(i);
        continue;
      }
      llvm::Type* type = slots_[i].variable->getAllocatedType();
      own_[i] = b_.CreateAlloca(type, nullptr, "own");
      if (!live[static_cast<unsigned>(i)]) continue;
      if (given_[i].value) b_.CreateStore(given_[i].value, own_[i]);
      if (given_[i].array) b_.CreateStore(b_.CreateLoad(type, element(i)), own_[i]);
    }
  }

  /// The region's blocks, not remapped yet; the map leads from the body to the clones and to the own variables.
  std::vector<llvm::BasicBlock*> clone_blocks() {
    std::vector<llvm::BasicBlock*> clones;
    for (llvm::BasicBlock* block : region_.blocks) {
      clones.push_back(llvm::CloneBasicBlock(block, map_, "", function_));
      map_[block] = clones.back();
    }
    for (size_t i = 0; i < slots_.size(); ++i) {
      llvm::WeakTrackingVH& mapped = map_[slots_[i].variable];
      llvm::Value* cloned_variable = mapped;
      mapped = own_[i];
      if (cloned_variable) llvm::cast<llvm::Instruction>(cloned_variable)->eraseFromParent();
    }
    return clones;
  }

  void leave_at(llvm::BasicBlock* barrier, unsigned exit) {
    auto* leave = llvm::BasicBlock::Create(body_.getContext(), "item.leave", function_);
    map_[barrier] = leave;
    b_.SetInsertPoint(leave);
    keep_values(barrier);
    b_.CreateRet(exit_constant(region_, exit, body_.getContext()));
  }

  /// What will be read at the barrier or behind it, and this region may have written.
  void keep_values(llvm::BasicBlock* barrier) {
    for (unsigned i : live_.find(barrier)->second.set_bits()) {
      if (!given_[i].array || !writes(i)) continue;
      b_.CreateStore(b_.CreateLoad(slots_[i].variable->getAllocatedType(), own_[i]), element(i));
    }
  }

  bool writes(unsigned slot) const {
    return llvm::any_of(slots_[slot].variable->users(), [&](llvm::User* user) {
      auto* store = llvm::dyn_cast<llvm::StoreInst>(user);
      return store && region_.blocks.contains(store->getParent());
    });
  }

  void finish(llvm::BasicBlock& clone) {
    for (llvm::Instruction& instruction : clone)
      llvm::RemapInstruction(&instruction, map_, llvm::RF_NoModuleLevelChanges | llvm::RF_IgnoreMissingLocals);
    share_uniform_stores(clone);
    auto* end = llvm::dyn_cast<llvm::ReturnInst>(clone.getTerminator());
    if (!end) return;
    b_.SetInsertPoint(end);
    b_.CreateRet(exit_constant(region_, static_cast<unsigned>(region_.barriers.size()), body_.getContext()));
    end->eraseFromParent();
  }

  /// A uniform value is written for all by every item that computes it; what the items read stays as it was when the
  /// region began.
  void share_uniform_stores(llvm::BasicBlock& block) {
    for (llvm::Instruction& instruction : llvm::make_early_inc_range(block)) {
      auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction);
      if (!store) continue;
      auto found = llvm::find(own_, store->getPointerOperand());
      if (found == own_.end()) continue;
      llvm::Value* written = given_[static_cast<size_t>(found - own_.begin())].written;
      if (!written) continue;
      b_.SetInsertPoint(store);
      b_.CreateStore(store->getValueOperand(), written);
    }
  }

  llvm::Function& body_;
  const std::vector<Slot>& slots_;
  const std::vector<Storage>& storage_;
  const LiveSlots& live_;
  const Region& region_;
  llvm::IRBuilder<> b_;
  llvm::Function* function_ = nullptr;
  llvm::Value* linear_ = nullptr;
  std::vector<Given> given_;
  std::vector<llvm::Value*> own_;
  llvm::ValueToValueMapTy map_;
};

}  // namespace

Region find_region(llvm::BasicBlock* start, llvm::function_ref<bool(llvm::BasicBlock*)> is_barrier) {
  Region region{start, {}, {}, false};
  std::vector<llvm::BasicBlock*> work = {start};
  region.blocks.insert(start);
  while (!work.empty()) {
    llvm::BasicBlock* block = work.back();
    work.pop_back();
    region.may_return |= llvm::isa<llvm::ReturnInst>(block->getTerminator());
    for (llvm::BasicBlock* next : llvm::successors(block)) {
      if (is_barrier(next)) {
        region.barriers.insert(next);
      } else if (region.blocks.insert(next)) {
        work.push_back(next);
      }
    }
  }
  return region;
}

llvm::ConstantInt* only_result(llvm::Function& function) {
  llvm::ConstantInt* only = nullptr;
  for (llvm::BasicBlock& block : function) {
    auto* end = llvm::dyn_cast<llvm::ReturnInst>(block.getTerminator());
    if (!end) continue;
    auto* result = llvm::dyn_cast<llvm::ConstantInt>(end->getReturnValue());
    if (!result || (only && only != result)) return nullptr;
    only = result;
  }
  return only;
}

llvm::Value* element_address(llvm::IRBuilder<>& builder, llvm::Value* array, uint64_t item_bytes, llvm::Value* linear) {
  llvm::Value* offset = builder.CreateMul(linear, builder.getInt64(item_bytes), "", true, true);
  return builder.CreateInBoundsGEP(builder.getInt8Ty(), array, offset);
}

llvm::IntegerType* exits_type(const Region& region, llvm::LLVMContext& context) {
  constexpr unsigned kUsual = 32;  // bits
  return llvm::IntegerType::get(context, std::max(region.exits(), kUsual));
}

llvm::ConstantInt* exit_constant(const Region& region, unsigned exit, llvm::LLVMContext& context) {
  const unsigned bits = exits_type(region, context)->getBitWidth();
  return llvm::ConstantInt::get(context, llvm::APInt::getOneBitSet(bits, exit));
}

llvm::Function* make_region_function(const Regions& regions, const Region& region) {
  return Maker(regions, region).run();
}

std::vector<llvm::Value*> region_arguments(llvm::IRBuilder<>& builder, const Regions& regions,
                                           llvm::Value* first_of_row, llvm::ArrayRef<llvm::Value*> arguments) {
  std::vector<llvm::Value*> given = {first_of_row};
  for (size_t i = 0; i < regions.slots.size(); ++i) {
    const Storage& storage = regions.storage[i];
    if (storage.array) given.push_back(storage.array);
    if (!storage.shared) continue;
    given.push_back(builder.CreateLoad(storage.shared->getAllocatedType(), storage.shared));
    given.push_back(storage.written);
  }
  given.insert(given.end(), arguments.begin(), arguments.end());
  return given;
}

}  // namespace metate::ze_software::work_group
