#include "runtime/ze_software/work_group/barrier_regions.h"

#include <llvm/ADT/SetVector.h>
#include <llvm/IR/CFG.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>
#include <llvm/Transforms/Utils/Cloning.h>
#include <llvm/Transforms/Utils/ValueMapper.h>

#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/work_group/barrier_slots.h"
#include "runtime/ze_software/work_group/entry_function.h"

namespace metate::ze_software::work_group {
namespace {

struct Region {
  llvm::BasicBlock* start;
  llvm::SetVector<llvm::BasicBlock*> blocks;
  llvm::SetVector<llvm::BasicBlock*> barriers;  // that it may come to
  bool may_return = false;
};

/// Where a slot is kept while other items run.
struct Storage {
  llvm::AllocaInst* shared = nullptr;   // uniform: the value when a region begins …
  llvm::AllocaInst* written = nullptr;  // … and what its items write
  llvm::Value* array = nullptr;         // else: one element an item
  uint64_t item_bytes = 0;
};

llvm::BasicBlock* mapped_block(llvm::ValueToValueMapTy& map, llvm::BasicBlock* block) {
  return llvm::cast<llvm::BasicBlock>(static_cast<llvm::Value*>(map[block]));
}

class Splitter {
 public:
  Splitter(EntryFunction& entry, llvm::Function& body) : entry_(entry), b_(entry.builder()), body_(body) {}

  uint32_t run() {
    isolate_barriers();
    slots_ = move_values_to_slots(body_);
    live_ = live_slots(body_, slots_);
    regions_.push_back(find_region(&body_.getEntryBlock()));
    for (auto [block, behind] : barriers_) {
      region_of_[block] = static_cast<unsigned>(regions_.size());
      regions_.push_back(find_region(behind));
    }
    const uint32_t bytes_per_item = place_slots();
    emit_groups();
    entry_.promote_variables();
    return bytes_per_item;
  }

 private:
  /// Each barrier gets a block of its own.
  void isolate_barriers() {
    std::vector<llvm::CallInst*> calls;
    for (llvm::Instruction& instruction : llvm::instructions(body_)) {
      auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
      if (call && call->getCalledFunction() && call->getCalledFunction()->getName() == spirv::kWorkGroupBarrier) {
        calls.push_back(call);
      }
    }
    for (llvm::CallInst* call : calls) {
      llvm::BasicBlock* block = llvm::SplitBlock(call->getParent(), call->getIterator());
      barriers_.emplace_back(block, llvm::SplitBlock(block, std::next(call->getIterator())));
    }
  }

  Region find_region(llvm::BasicBlock* start) {
    auto is_barrier = [&](llvm::BasicBlock* block) {
      return llvm::any_of(barriers_, [&](auto& barrier) { return barrier.first == block; });
    };
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

  /// Slots that some barrier must keep get their place: an element for each item, or one variable for all.
  uint32_t place_slots() {
    llvm::BitVector kept(static_cast<unsigned>(slots_.size()));
    for (auto [block, behind] : barriers_) kept |= live_[behind];
    const llvm::DataLayout& layout = body_.getDataLayout();
    llvm::Value* items = b_.CreateMul(b_.CreateMul(entry_.group_size()[0], entry_.group_size()[1]),
                                      entry_.group_size()[2], "items_of_group");
    uint64_t bytes = 0;
    storage_.resize(slots_.size());
    for (unsigned i = 0; i < slots_.size(); ++i) {
      const Slot& slot = slots_[i];
      if (!slot.whole && !kept[i]) continue;
      llvm::Type* type = slot.variable->getAllocatedType();
      if (slot.uniform) {
        storage_[i].shared = entry_.variable(type, "shared");
        storage_[i].written = entry_.variable(type, "written");
        continue;
      }
      const uint64_t alignment = std::max(layout.getABITypeAlign(type), slot.variable->getAlign()).value();
      storage_[i].item_bytes = llvm::alignTo(layout.getTypeAllocSize(type).getFixedValue(), alignment);
      bytes = llvm::alignTo(bytes, alignment);
      storage_[i].array =
          b_.CreateInBoundsGEP(b_.getInt8Ty(), entry_.item_memory(), b_.CreateMul(items, b_.getInt64(bytes)), "slot");
      bytes += storage_[i].item_bytes;
    }
    return static_cast<uint32_t>(llvm::alignTo(bytes, 64));
  }

  llvm::Value* element(unsigned slot, llvm::Value* linear) {
    llvm::Value* offset = b_.CreateMul(linear, b_.getInt64(storage_[slot].item_bytes), "", true, true);
    return b_.CreateInBoundsGEP(b_.getInt8Ty(), storage_[slot].array, offset);
  }

  void emit_groups() {
    llvm::LLVMContext& context = body_.getContext();
    llvm::Function* function = &entry_.function();
    next_min_ = entry_.variable(b_.getInt32Ty(), "next_min");
    next_max_ = entry_.variable(b_.getInt32Ty(), "next_max");
    entry_.loop(entry_.range_begin(), entry_.range_end(), "group", [&](llvm::Value* group) {
      ItemPlace place = entry_.group_place(group);
      std::vector<llvm::BasicBlock*> begins;
      for (size_t i = 0; i < regions_.size(); ++i) {
        begins.push_back(llvm::BasicBlock::Create(context, "region", function));
      }
      auto* end = llvm::BasicBlock::Create(context, "group.done", function);
      b_.CreateBr(begins[0]);
      for (unsigned i = 0; i < regions_.size(); ++i) {
        b_.SetInsertPoint(begins[i]);
        emit_region(regions_[i], place);
        leave_region(regions_[i], begins, end);
      }
      b_.SetInsertPoint(end);
    });
    entry_.return_status(RangeStatus::kDone);
  }

  bool may_go_on_differently(const Region& region) const {
    return region.barriers.size() + (region.may_return ? 1 : 0) > 1;
  }

  void emit_region(const Region& region, ItemPlace place) {
    if (may_go_on_differently(region)) {
      b_.CreateStore(b_.getInt32(UINT32_MAX), next_min_);
      b_.CreateStore(b_.getInt32(0), next_max_);
    }
    for (const Storage& storage : storage_) {
      if (storage.shared) copy(storage.shared, storage.written);
    }
    std::vector<llvm::BasicBlock*> blocks;
    llvm::BranchInst* branch = entry_.item_loops([&](const Triple& local_id, llvm::Value* linear) {
      entry_.set_local_ids(place, local_id);
      blocks = emit_item(region, linear);
      entry_.resolve(blocks, place);
    });
    entry_.mark_parallel(branch, blocks);
    for (const Storage& storage : storage_) {
      if (storage.shared) copy(storage.written, storage.shared);
    }
  }

  void copy(llvm::AllocaInst* from, llvm::AllocaInst* to) {
    b_.CreateStore(b_.CreateLoad(from->getAllocatedType(), from), to);
  }

  /// One item's way through a region; the builder ends where all ways out meet.
  std::vector<llvm::BasicBlock*> emit_item(const Region& region, llvm::Value* linear) {
    llvm::BasicBlock* head = b_.GetInsertBlock();
    const std::vector<llvm::Value*> own = make_own_variables(region, linear);
    llvm::ValueToValueMapTy map;
    const std::vector<llvm::BasicBlock*> clones = clone_blocks(region, own, map);
    std::vector<llvm::BasicBlock*> blocks = {head};
    blocks.insert(blocks.end(), clones.begin(), clones.end());

    // The region's ends: a block for each barrier that it may come to, and its returns.
    llvm::LLVMContext& context = body_.getContext();
    auto* join = llvm::BasicBlock::Create(context, "item.done", &entry_.function());
    for (llvm::BasicBlock* barrier : region.barriers) {
      auto* leave = llvm::BasicBlock::Create(context, "item.leave", &entry_.function(), join);
      map[barrier] = leave;
      blocks.push_back(leave);
      b_.SetInsertPoint(leave);
      keep_values(region, barrier, own, linear);
      go_on(region, region_of_.lookup(barrier), join);
    }
    for (llvm::BasicBlock* clone : clones) {
      for (llvm::Instruction& instruction : *clone) {
        llvm::RemapInstruction(&instruction, map, llvm::RF_NoModuleLevelChanges | llvm::RF_IgnoreMissingLocals);
      }
      share_uniform_stores(*clone, own);
      auto* end = llvm::dyn_cast<llvm::ReturnInst>(clone->getTerminator());
      if (!end) continue;
      b_.SetInsertPoint(end);
      go_on(region, 0, join);  // region 0 is the kernel's start: as a next region it means the end
      end->eraseFromParent();
    }
    b_.SetInsertPoint(head);
    b_.CreateBr(mapped_block(map, region.start));
    blocks.push_back(join);
    b_.SetInsertPoint(join);
    return blocks;
  }

  /// A variable of the item's own for each slot, filled with what was kept; a whole slot is used where it is kept.
  std::vector<llvm::Value*> make_own_variables(const Region& region, llvm::Value* linear) {
    std::vector<llvm::Value*> own(slots_.size());
    for (unsigned i = 0; i < slots_.size(); ++i) {
      if (slots_[i].whole) {
        own[i] = element(i, linear);
        continue;
      }
      llvm::Type* type = slots_[i].variable->getAllocatedType();
      own[i] = entry_.variable(type, "own");
      if (!live_[region.start][i]) continue;
      llvm::Value* kept = storage_[i].shared ? static_cast<llvm::Value*>(storage_[i].shared) : kept_element(i, linear);
      if (kept) b_.CreateStore(b_.CreateLoad(type, kept), own[i]);
    }
    return own;
  }

  /// The region's blocks, not remapped yet; `map` leads from the body to the clones, to `own` and to the arguments.
  std::vector<llvm::BasicBlock*> clone_blocks(const Region& region, const std::vector<llvm::Value*>& own,
                                              llvm::ValueToValueMapTy& map) {
    for (unsigned i = 0; i < body_.arg_size(); ++i) map[body_.getArg(i)] = entry_.arguments()[i];
    std::vector<llvm::BasicBlock*> clones;
    for (llvm::BasicBlock* block : region.blocks) {
      clones.push_back(llvm::CloneBasicBlock(block, map, "", &entry_.function()));
      map[block] = clones.back();
    }
    for (unsigned i = 0; i < slots_.size(); ++i) {
      llvm::WeakTrackingVH& mapped = map[slots_[i].variable];
      llvm::Value* cloned_variable = mapped;
      mapped = own[i];
      if (cloned_variable) llvm::cast<llvm::Instruction>(cloned_variable)->eraseFromParent();
    }
    return clones;
  }

  llvm::Value* kept_element(unsigned slot, llvm::Value* linear) {
    return storage_[slot].array ? element(slot, linear) : nullptr;
  }

  /// What the barrier's region will read and this one may have written.
  void keep_values(const Region& region, llvm::BasicBlock* barrier, const std::vector<llvm::Value*>& own,
                   llvm::Value* linear) {
    const llvm::BitVector& wanted = live_[barrier->getSingleSuccessor()];
    for (unsigned i : wanted.set_bits()) {
      if (!storage_[i].array || !writes(region, i)) continue;
      b_.CreateStore(b_.CreateLoad(slots_[i].variable->getAllocatedType(), own[i]), element(i, linear));
    }
  }

  bool writes(const Region& region, unsigned slot) const {
    return llvm::any_of(slots_[slot].variable->users(), [&](llvm::User* user) {
      auto* store = llvm::dyn_cast<llvm::StoreInst>(user);
      return store && region.blocks.contains(store->getParent());
    });
  }

  /// A uniform value is written for all by every item that computes it; what the items read stays as it was when the
  /// region began.
  void share_uniform_stores(llvm::BasicBlock& block, const std::vector<llvm::Value*>& own) {
    for (llvm::Instruction& instruction : llvm::make_early_inc_range(block)) {
      auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction);
      if (!store) continue;
      auto found = llvm::find(own, store->getPointerOperand());
      if (found == own.end()) continue;
      const Storage& storage = storage_[static_cast<size_t>(found - own.begin())];
      if (!storage.written) continue;
      b_.SetInsertPoint(store);
      b_.CreateStore(store->getValueOperand(), storage.written);
    }
  }

  void go_on(const Region& region, unsigned next, llvm::BasicBlock* join) {
    if (may_go_on_differently(region)) {
      auto merge = [&](llvm::AllocaInst* variable, llvm::Intrinsic::ID id) {
        llvm::Value* merged = b_.CreateBinaryIntrinsic(id, b_.CreateLoad(b_.getInt32Ty(), variable), b_.getInt32(next));
        b_.CreateStore(merged, variable);
      };
      merge(next_min_, llvm::Intrinsic::umin);
      merge(next_max_, llvm::Intrinsic::umax);
    }
    b_.CreateBr(join);
  }

  /// All items are through the region: on to the next, if they agree.
  void leave_region(const Region& region, const std::vector<llvm::BasicBlock*>& begins, llvm::BasicBlock* end) {
    if (!may_go_on_differently(region)) {
      b_.CreateBr(region.barriers.empty() ? end : begins[region_of_.lookup(region.barriers[0])]);
      return;
    }
    llvm::LLVMContext& context = body_.getContext();
    llvm::Value* next = b_.CreateLoad(b_.getInt32Ty(), next_min_);
    auto* agreed = llvm::BasicBlock::Create(context, "agreed", &entry_.function());
    auto* diverged = llvm::BasicBlock::Create(context, "diverged", &entry_.function());
    b_.CreateCondBr(b_.CreateICmpEQ(next, b_.CreateLoad(b_.getInt32Ty(), next_max_)), agreed, diverged);
    b_.SetInsertPoint(diverged);
    entry_.return_status(RangeStatus::kBarrierDivergence);
    b_.SetInsertPoint(agreed);
    llvm::BasicBlock* otherwise = region.may_return ? end : begins[region_of_.lookup(region.barriers[0])];
    llvm::SwitchInst* choice = b_.CreateSwitch(next, otherwise);
    for (llvm::BasicBlock* barrier : region.barriers) {
      const unsigned target = region_of_.lookup(barrier);
      if (begins[target] != otherwise) choice->addCase(b_.getInt32(target), begins[target]);
    }
  }

  EntryFunction& entry_;
  llvm::IRBuilder<>& b_;
  llvm::Function& body_;
  std::vector<std::pair<llvm::BasicBlock*, llvm::BasicBlock*>> barriers_;  // block of the barrier, block behind it
  std::vector<Slot> slots_;
  std::vector<Storage> storage_;  // of each slot
  LiveSlots live_;
  std::vector<Region> regions_;                            // the first begins the kernel, the others follow barriers_
  llvm::DenseMap<llvm::BasicBlock*, unsigned> region_of_;  // barrier -> the region behind it
  llvm::AllocaInst* next_min_ = nullptr;
  llvm::AllocaInst* next_max_ = nullptr;
};

}  // namespace

uint32_t split_at_barriers(EntryFunction& entry, llvm::Function& body) { return Splitter(entry, body).run(); }

}  // namespace metate::ze_software::work_group
