#include "runtime/ze_software/work_group/barrier_regions.h"

#include <llvm/ADT/SetVector.h>
#include <llvm/IR/CFG.h>
#include <llvm/Transforms/Utils/Cloning.h>
#include <llvm/Transforms/Utils/ValueMapper.h>

#include "runtime/ze_software/work_group/barrier_slots.h"
#include "runtime/ze_software/work_group/barriers.h"
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
    barriers_ = isolate_barriers(body_);
    by_sub_group_ = llvm::any_of(barriers_, [](const Barrier& b) { return b.items == spirv::ItemSet::kSubGroup; });
    slots_ = move_values_to_slots(body_);
    // Sub-groups do not run in step: what is the same for all items is so at different times.
    if (by_sub_group_) {
      for (Slot& slot : slots_) slot.uniform = false;
    }
    live_ = live_slots(body_, slots_);
    regions_.push_back(find_region(&body_.getEntryBlock()));
    for (const Barrier& barrier : barriers_) {
      region_of_[barrier.block] = static_cast<unsigned>(regions_.size());
      regions_.push_back(find_region(barrier.behind));
    }
    const uint32_t bytes_per_item = place_slots();
    next_min_ = entry_.variable(b_.getInt32Ty(), "next_min");
    next_max_ = entry_.variable(b_.getInt32Ty(), "next_max");
    entry_.loop(entry_.range_begin(), entry_.range_end(), "group", [&](llvm::Value* group) {
      place_ = entry_.group_place(group);
      by_sub_group_ ? emit_sub_groups() : emit_group();
    });
    entry_.return_status(RangeStatus::kDone);
    entry_.promote_variables();
    return bytes_per_item;
  }

 private:
  Region find_region(llvm::BasicBlock* start) {
    auto is_barrier = [&](llvm::BasicBlock* block) {
      return llvm::any_of(barriers_, [&](const Barrier& barrier) { return barrier.block == block; });
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
    for (const Barrier& barrier : barriers_) {
      kept |= live_[barrier.block];
      kept |= live_[barrier.behind];
    }
    const llvm::DataLayout& layout = body_.getDataLayout();
    llvm::Value* items = entry_.group_items();
    // Room for the states of the sub-groups comes first.
    uint64_t bytes = by_sub_group_ ? sizeof(uint32_t) : 0;
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

  llvm::BasicBlock* new_block(const char* name) {
    return llvm::BasicBlock::Create(body_.getContext(), name, &entry_.function());
  }

  std::vector<llvm::BasicBlock*> new_blocks(size_t count, const char* name) {
    std::vector<llvm::BasicBlock*> blocks;
    for (size_t i = 0; i < count; ++i) blocks.push_back(new_block(name));
    return blocks;
  }

  // All items of the group together.

  void emit_group() {
    const std::vector<llvm::BasicBlock*> begins = new_blocks(regions_.size(), "region");
    llvm::BasicBlock* end = new_block("group.done");
    b_.CreateBr(begins[0]);
    for (unsigned i = 0; i < regions_.size(); ++i) {
      b_.SetInsertPoint(begins[i]);
      if (i > 0) meet(barriers_[i - 1], b_.getInt64(0), entry_.group_items());
      emit_region(regions_[i]);
      leave_region(regions_[i], begins, end);
    }
    b_.SetInsertPoint(end);
  }

  void meet(const Barrier& barrier, llvm::Value* first, llvm::Value* count) {
    if (!barrier.value) return;
    emit_meeting(entry_, barrier, first, count, [&](llvm::AllocaInst* variable, llvm::Value* item) {
      auto slot = llvm::find_if(slots_, [&](const Slot& s) { return s.variable == variable; });
      return element(static_cast<unsigned>(slot - slots_.begin()), item);
    });
  }

  // Sub-group by sub-group. The state of each is the region that it runs next.

  llvm::Value* state_of(llvm::Value* sub_group) {
    return b_.CreateInBoundsGEP(b_.getInt32Ty(), entry_.item_memory(), sub_group);
  }

  /// Each sub-group in turn goes to its next barrier of the whole group, or to its end; then all go on from there.
  void emit_sub_groups() {
    llvm::Value* size = entry_.sub_group_size();
    llvm::Value* rounded = b_.CreateAdd(entry_.group_items(), b_.CreateSub(size, b_.getInt64(1)));
    llvm::Value* count = b_.CreateUDiv(rounded, size, "sub_groups");
    llvm::AllocaInst* agreed_min = entry_.variable(b_.getInt32Ty(), "agreed_min");
    llvm::AllocaInst* agreed_max = entry_.variable(b_.getInt32Ty(), "agreed_max");
    entry_.loop(b_.getInt64(0), count, "start",
                [&](llvm::Value* sub_group) { b_.CreateStore(b_.getInt32(0), state_of(sub_group)); });
    llvm::BasicBlock* step = new_block("step");
    b_.CreateBr(step);
    b_.SetInsertPoint(step);
    b_.CreateStore(b_.getInt32(UINT32_MAX), agreed_min);
    b_.CreateStore(b_.getInt32(0), agreed_max);
    entry_.loop(b_.getInt64(0), count, "sub_group", [&](llvm::Value* sub_group) {
      llvm::Value* arrived = emit_sub_group(sub_group, size);
      b_.CreateStore(arrived, state_of(sub_group));
      merge_next(arrived, agreed_min, agreed_max);
    });
    llvm::Value* next = b_.CreateLoad(b_.getInt32Ty(), agreed_min);
    require_agreement(next, b_.CreateLoad(b_.getInt32Ty(), agreed_max));
    llvm::BasicBlock* end = new_block("group.done");
    llvm::SwitchInst* choice = b_.CreateSwitch(next, step);
    choice->addCase(b_.getInt32(0), end);
    for (unsigned i = 1; i < regions_.size(); ++i) {
      const Barrier& barrier = barriers_[i - 1];
      if (barrier.items != spirv::ItemSet::kWorkGroup || !barrier.value) continue;
      llvm::BasicBlock* meeting = new_block("meeting");
      choice->addCase(b_.getInt32(i), meeting);
      b_.SetInsertPoint(meeting);
      meet(barrier, b_.getInt64(0), entry_.group_items());
      b_.CreateBr(step);
    }
    b_.SetInsertPoint(end);
  }

  /// Runs region after region for one sub-group. Gives the one behind the whole group's barrier, or 0 at the end.
  llvm::Value* emit_sub_group(llvm::Value* sub_group, llvm::Value* size) {
    llvm::Value* first = b_.CreateMul(sub_group, size, "first");
    llvm::Value* count =
        b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, size, b_.CreateSub(entry_.group_items(), first));
    llvm::AllocaInst* state = entry_.variable(b_.getInt32Ty(), "state");
    b_.CreateStore(b_.CreateLoad(b_.getInt32Ty(), state_of(sub_group)), state);
    const std::vector<llvm::BasicBlock*> begins = new_blocks(regions_.size(), "region");
    // Where a region ends: `inside` is for another step of the same sub-group.
    llvm::BasicBlock *inside = new_block("continue"), *outside = new_block("arrived");
    b_.CreateBr(inside);
    for (unsigned i = 0; i < regions_.size(); ++i) {
      const Region& region = regions_[i];
      b_.SetInsertPoint(begins[i]);
      if (i > 0 && barriers_[i - 1].items == spirv::ItemSet::kSubGroup) meet(barriers_[i - 1], first, count);
      emit_region(region, first, count);
      llvm::Value* next = next_of(region);
      b_.CreateStore(next, state);
      llvm::SwitchInst* choice = b_.CreateSwitch(next, outside);
      for (llvm::BasicBlock* block : region.barriers) {
        const unsigned target = region_of_.lookup(block);
        if (barriers_[target - 1].items == spirv::ItemSet::kSubGroup) choice->addCase(b_.getInt32(target), inside);
      }
    }
    b_.SetInsertPoint(inside);
    llvm::SwitchInst* choice = b_.CreateSwitch(b_.CreateLoad(b_.getInt32Ty(), state), begins[0]);
    for (unsigned i = 1; i < regions_.size(); ++i) choice->addCase(b_.getInt32(i), begins[i]);
    b_.SetInsertPoint(outside);
    return b_.CreateLoad(b_.getInt32Ty(), state, "arrived");
  }

  bool may_go_on_differently(const Region& region) const {
    return region.barriers.size() + (region.may_return ? 1 : 0) > 1;
  }

  /// For all items of the group, or for `count` from the linear index `first`.
  void emit_region(const Region& region, llvm::Value* first = nullptr, llvm::Value* count = nullptr) {
    if (may_go_on_differently(region)) {
      b_.CreateStore(b_.getInt32(UINT32_MAX), next_min_);
      b_.CreateStore(b_.getInt32(0), next_max_);
    }
    for (const Storage& storage : storage_) {
      if (storage.shared) copy(storage.shared, storage.written);
    }
    std::vector<llvm::BasicBlock*> blocks;
    ItemPlace place = place_;
    auto one_item = [&](const Triple& local_id, llvm::Value* linear) {
      entry_.set_local_ids(place, local_id);
      blocks = emit_item(region, linear);
      entry_.resolve(blocks, place);
    };
    llvm::BranchInst* branch = first ? entry_.item_loop(first, count, one_item) : entry_.item_loops(one_item);
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

  /// What will be read at the barrier or behind it, and this region may have written.
  void keep_values(const Region& region, llvm::BasicBlock* barrier, const std::vector<llvm::Value*>& own,
                   llvm::Value* linear) {
    const llvm::BitVector& wanted = live_[barrier];
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
    if (may_go_on_differently(region)) merge_next(b_.getInt32(next), next_min_, next_max_);
    b_.CreateBr(join);
  }

  void merge_next(llvm::Value* next, llvm::AllocaInst* least, llvm::AllocaInst* greatest) {
    auto merge = [&](llvm::AllocaInst* variable, llvm::Intrinsic::ID id) {
      b_.CreateStore(b_.CreateBinaryIntrinsic(id, b_.CreateLoad(b_.getInt32Ty(), variable), next), variable);
    };
    merge(least, llvm::Intrinsic::umin);
    merge(greatest, llvm::Intrinsic::umax);
  }

  void require_agreement(llvm::Value* least, llvm::Value* greatest) {
    llvm::BasicBlock *agreed = new_block("agreed"), *diverged = new_block("diverged");
    b_.CreateCondBr(b_.CreateICmpEQ(least, greatest), agreed, diverged);
    b_.SetInsertPoint(diverged);
    entry_.return_status(RangeStatus::kBarrierDivergence);
    b_.SetInsertPoint(agreed);
  }

  /// The region that all items, which are through this one, go on with: they must agree. 0 at the kernel's end.
  llvm::Value* next_of(const Region& region) {
    if (!may_go_on_differently(region))
      return b_.getInt32(region.barriers.empty() ? 0 : region_of_.lookup(region.barriers[0]));
    llvm::Value* next = b_.CreateLoad(b_.getInt32Ty(), next_min_);
    require_agreement(next, b_.CreateLoad(b_.getInt32Ty(), next_max_));
    return next;
  }

  /// All items are through the region: on to the next.
  void leave_region(const Region& region, const std::vector<llvm::BasicBlock*>& begins, llvm::BasicBlock* end) {
    llvm::Value* next = next_of(region);
    if (!may_go_on_differently(region)) {
      b_.CreateBr(region.barriers.empty() ? end : begins[region_of_.lookup(region.barriers[0])]);
      return;
    }
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
  std::vector<Barrier> barriers_;
  bool by_sub_group_ = false;
  ItemPlace place_{};  // of the group; its items have their own
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
