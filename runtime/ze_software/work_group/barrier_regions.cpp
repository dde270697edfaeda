#include "runtime/ze_software/work_group/barrier_regions.h"

#include <llvm/ADT/SetVector.h>
#include <llvm/IR/CFG.h>

#include <optional>

#include "runtime/ze_software/work_group/barrier_slots.h"
#include "runtime/ze_software/work_group/barriers.h"
#include "runtime/ze_software/work_group/block_order.h"
#include "runtime/ze_software/work_group/body.h"
#include "runtime/ze_software/work_group/entry_function.h"
#include "runtime/ze_software/work_group/region_function.h"
#include "runtime/ze_software/work_group/uniformity.h"
#include "runtime/ze_software/work_group/usual_items.h"

namespace metate::ze_software::work_group {
namespace {

class Splitter {
 public:
  Splitter(EntryFunction& entry, llvm::Function& body, const spirv::Conventions& conventions)
      : entry_(entry), b_(entry.builder()), body_(body), conventions_(conventions) {}

  uint32_t run() {
    barriers_ = isolate_barriers(body_);
    by_sub_group_ = llvm::any_of(barriers_, [](const Barrier& b) { return b.items != spirv::ItemSet::kWorkGroup; });
    find_out_whether_items_part();
    slots_ = move_values_to_slots(body_);
    // Sub-groups do not run in step: what is the same for all items is so at different times.
    if (by_sub_group_) {
      for (Slot& slot : slots_) slot.uniform = false;
    }
    live_ = live_slots(body_, slots_);
    for (unsigned i = 0; i < barriers_.size(); ++i) region_of_[barriers_[i].block] = i + 1;
    regions_.push_back(region_from(&body_.getEntryBlock()));
    for (const Barrier& barrier : barriers_) regions_.push_back(region_from(barrier.behind));
    const uint32_t bytes_per_item = place_slots();
    entry_.loop(entry_.range_begin(), entry_.range_end(), "group", [&](llvm::Value* group) {
      place_ = entry_.group_place(group);
      if (items_part_) return emit_parting_items();
      by_sub_group_ ? emit_sub_groups() : emit_group();
    });
    entry_.return_status(RangeStatus::kDone);
    entry_.promote_variables();
    return bytes_per_item;
  }

 private:
  /// Items part on their way to an operation for those that come to it: each goes on by itself, and those that are
  /// behind the others go first, so that as many as can be are together again.
  void find_out_whether_items_part() {
    std::vector<llvm::BasicBlock*> joined;
    for (const Barrier& barrier : barriers_) {
      if (barrier.items == spirv::ItemSet::kComing) joined.push_back(barrier.block);
    }
    items_part_ = may_part_before(body_, joined, conventions_.failures);
    if (!items_part_) return;
    const llvm::DenseMap<llvm::BasicBlock*, size_t> numbers = number_blocks(body_);
    llvm::sort(barriers_,
               [&](const Barrier& a, const Barrier& b) { return numbers.lookup(a.block) < numbers.lookup(b.block); });
  }

  Region region_from(llvm::BasicBlock* start) {
    return find_region(start, [&](llvm::BasicBlock* block) { return region_of_.contains(block); });
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
    // Room for the states of the sub-groups or items comes first.
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
    return element_address(b_, storage_[slot].array, storage_[slot].item_bytes, linear);
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

  void meet(const Barrier& barrier, llvm::Value* first, llvm::Value* count, const HasCome& has_come = nullptr) {
    if (!barrier.value) return;
    auto kept = [&](llvm::AllocaInst* variable, llvm::Value* item) {
      auto slot = llvm::find_if(slots_, [&](const Slot& s) { return s.variable == variable; });
      return element(static_cast<unsigned>(slot - slots_.begin()), item);
    };
    emit_meeting(entry_, barrier, first, count, kept, has_come);
  }

  // Sub-group by sub-group. The state of each is the region that it runs next.

  llvm::Value* state_of(llvm::Value* sub_group_or_item) {
    return b_.CreateInBoundsGEP(b_.getInt32Ty(), entry_.item_memory(), sub_group_or_item);
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
    require_agreement(b_.CreateICmpEQ(next, b_.CreateLoad(b_.getInt32Ty(), agreed_max)));
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
      if (i > 0 && barriers_[i - 1].items != spirv::ItemSet::kWorkGroup) meet(barriers_[i - 1], first, count);
      emit_region(region, first, count);
      llvm::Value* next = next_of(region);
      b_.CreateStore(next, state);
      llvm::SwitchInst* choice = b_.CreateSwitch(next, outside);
      for (llvm::BasicBlock* block : region.barriers) {
        const unsigned target = region_of_.lookup(block);
        if (barriers_[target - 1].items != spirv::ItemSet::kWorkGroup) choice->addCase(b_.getInt32(target), inside);
      }
    }
    b_.SetInsertPoint(inside);
    llvm::SwitchInst* choice = b_.CreateSwitch(b_.CreateLoad(b_.getInt32Ty(), state), begins[0]);
    for (unsigned i = 1; i < regions_.size(); ++i) choice->addCase(b_.getInt32(i), begins[i]);
    b_.SetInsertPoint(outside);
    return b_.CreateLoad(b_.getInt32Ty(), state, "arrived");
  }

  // Item by item, where those of a sub-group may part. The state of each is the region that it runs next,
  // ended(), or waiting_for() that region while it waits for the whole group.

  unsigned ended() const { return static_cast<unsigned>(regions_.size()); }
  unsigned waiting_for(unsigned region) const { return ended() + 1 + region; }

  void emit_parting_items() {
    llvm::Value *none = b_.getInt64(0), *items = entry_.group_items(), *size = entry_.sub_group_size();
    llvm::Value* rounded = b_.CreateAdd(items, b_.CreateSub(size, b_.getInt64(1)));
    llvm::Value* count = b_.CreateUDiv(rounded, size, "sub_groups");
    least_ = entry_.variable(b_.getInt32Ty(), "least");
    greatest_ = entry_.variable(b_.getInt32Ty(), "greatest");
    auto set_all = [&](unsigned state) {
      entry_.loop(none, items, "all", [&](llvm::Value* item) { b_.CreateStore(b_.getInt32(state), state_of(item)); });
    };
    set_all(0);
    llvm::BasicBlock *step = new_block("step"), *end = new_block("group.done");
    b_.CreateBr(step);
    b_.SetInsertPoint(step);
    entry_.loop(none, count, "sub_group", [&](llvm::Value* sub_group) { emit_parting_sub_group(sub_group, size); });
    llvm::Value* next = merge_states(none, items);
    require_agreement(b_.CreateICmpEQ(next, b_.CreateLoad(b_.getInt32Ty(), greatest_)));
    llvm::SwitchInst* choice = b_.CreateSwitch(next, end);
    for (unsigned i = 1; i < regions_.size(); ++i) {
      if (barriers_[i - 1].items != spirv::ItemSet::kWorkGroup) continue;
      llvm::BasicBlock* meeting = new_block("meeting");
      choice->addCase(b_.getInt32(waiting_for(i)), meeting);
      b_.SetInsertPoint(meeting);
      meet(barriers_[i - 1], none, items);
      set_all(i);
      b_.CreateBr(step);
    }
    b_.SetInsertPoint(end);
  }

  /// The least state of those items, and the greatest one in its variable.
  llvm::Value* merge_states(llvm::Value* first, llvm::Value* count) {
    b_.CreateStore(b_.getInt32(UINT32_MAX), least_);
    b_.CreateStore(b_.getInt32(0), greatest_);
    entry_.loop(first, b_.CreateAdd(first, count), "state", [&](llvm::Value* item) {
      merge_next(b_.CreateLoad(b_.getInt32Ty(), state_of(item)), least_, greatest_);
    });
    return b_.CreateLoad(b_.getInt32Ty(), least_);
  }

  /// Runs region after region, each for the items whose next it is, until all have ended or wait for the whole group.
  void emit_parting_sub_group(llvm::Value* sub_group, llvm::Value* size) {
    llvm::Value* first = b_.CreateMul(sub_group, size, "first");
    llvm::Value* count =
        b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, size, b_.CreateSub(entry_.group_items(), first));
    llvm::BasicBlock *inside = new_block("continue"), *outside = new_block("arrived");
    b_.CreateBr(inside);
    b_.SetInsertPoint(inside);
    llvm::SwitchInst* choice = b_.CreateSwitch(merge_states(first, count), outside);
    for (unsigned i = 0; i < regions_.size(); ++i) {
      llvm::BasicBlock* begin = new_block("region");
      choice->addCase(b_.getInt32(i), begin);
      b_.SetInsertPoint(begin);
      const HasCome has_come = [&, i](llvm::Value* item) {
        return b_.CreateICmpEQ(b_.CreateLoad(b_.getInt32Ty(), state_of(item)), b_.getInt32(i));
      };
      const bool needs_all = i > 0 && barriers_[i - 1].items == spirv::ItemSet::kSubGroup;
      if (needs_all) require_agreement(b_.CreateICmpEQ(b_.CreateLoad(b_.getInt32Ty(), greatest_), b_.getInt32(i)));
      if (i > 0 && barriers_[i - 1].items != spirv::ItemSet::kWorkGroup) {
        meet(barriers_[i - 1], first, count, needs_all ? nullptr : has_come);
      }
      emit_items_that_came(regions_[i], first, count, has_come);
      b_.CreateBr(inside);
    }
    b_.SetInsertPoint(outside);
  }

  void emit_items_that_came(const Region& region, llvm::Value* first, llvm::Value* count, const HasCome& has_come) {
    llvm::Function* item = make_region_function(all_regions(), region);
    std::vector<llvm::BasicBlock*> blocks;
    ItemPlace place = place_;
    entry_.item_loop(first, count, [&](const Triple& local_id, llvm::Value* linear) {
      entry_.when(has_come(linear), [&] {
        entry_.set_local_ids(place, local_id);
        EntryFunction::Inlined inlined = entry_.inline_body(*item, arguments(b_.CreateSub(linear, local_id[0])));
        b_.CreateStore(state_behind(region, inlined.result), state_of(linear));
        blocks = std::move(inlined.blocks);
      });
    });
    entry_.resolve(blocks, place);
  }

  /// Of an item that has left the region by that exit.
  llvm::Value* state_behind(const Region& region, llvm::Value* exit) {
    auto state = [&](unsigned number) {
      if (number >= region.barriers.size()) return b_.getInt32(ended());
      const unsigned next = region_of_.lookup(region.barriers[number]);
      const bool waits = barriers_[next - 1].items == spirv::ItemSet::kWorkGroup;
      return b_.getInt32(waits ? waiting_for(next) : next);
    };
    llvm::Value* next = state(0);
    for (unsigned i = 1; i < region.exits(); ++i)
      next = b_.CreateSelect(b_.CreateICmpEQ(exit, exit_constant(region, i, b_.getContext())), state(i), next);
    return next;
  }

  /// For all items of the group, or for `count` from the linear index `first`.
  void emit_region(const Region& region, llvm::Value* first = nullptr, llvm::Value* count = nullptr) {
    if (region.exits() > 1) {
      ends_ = entry_.variable(exits_type(region, b_.getContext()), "ends");
      b_.CreateStore(llvm::Constant::getNullValue(ends_->getAllocatedType()), ends_);
    }
    for (const Storage& storage : storage_) {
      if (storage.shared) copy(storage.shared, storage.written);
    }
    llvm::Function* item = make_region_function(all_regions(), region);
    if (first) {
      emit_items(region, *item, first, count);
    } else {
      emit_rows(region, *item);
    }
    for (const Storage& storage : storage_) {
      if (storage.shared) copy(storage.written, storage.shared);
    }
  }

  Regions all_regions() const { return {body_, slots_, storage_, live_}; }

  std::vector<llvm::Value*> arguments(llvm::Value* first_of_row) {
    return region_arguments(b_, all_regions(), first_of_row, entry_.arguments());
  }

  void copy(llvm::AllocaInst* from, llvm::AllocaInst* to) {
    b_.CreateStore(b_.CreateLoad(from->getAllocatedType(), from), to);
  }

  void emit_items(const Region& region, llvm::Function& item, llvm::Value* first, llvm::Value* count) {
    std::vector<llvm::BasicBlock*> blocks;
    ItemPlace place = place_;
    llvm::BranchInst* branch = entry_.item_loop(first, count, [&](const Triple& local_id, llvm::Value* linear) {
      entry_.set_local_ids(place, local_id);
      EntryFunction::Inlined inlined = entry_.inline_body(item, arguments(b_.CreateSub(linear, local_id[0])));
      leave_by(region, inlined.result);
      blocks = std::move(inlined.blocks);
    });
    entry_.resolve(blocks, place);
    entry_.mark_parallel(branch, blocks);
  }

  void emit_rows(const Region& region, llvm::Function& item) {
    std::optional<Guards> guards;
    if (conventions_.failures) guards.emplace(item, Guards::Which::kFailures);
    llvm::Function* usual = guards && !guards->empty() ? guards->usual_body() : nullptr;
    if (usual) simplify_body(*usual);
    entry_.row_loops([&](llvm::Value* y, llvm::Value* z, llvm::Value* first) {
      ItemPlace place = place_;
      entry_.set_local_ids(place, {nullptr, y, z});
      llvm::Value *begin = b_.getInt64(0), *end = entry_.group_size()[0];
      const std::vector<llvm::Value*> given = arguments(first);
      if (!usual) return emit_row(region, item, given, place, begin, end);
      llvm::Value* first_id = b_.CreateMul(place.group_id[0], end, "", true, true);
      const Row row{begin, end, b_.CreateAdd(first_id, entry_.global_offset()[0])};
      auto [low, high] = guards->usual_range(entry_, given, place, row);
      entry_.when(b_.CreateICmpULT(low, high),
                  [&, low = low, high = high] { emit_row(region, *usual, given, place, low, high); });
      llvm::Value* rest = b_.CreateSelect(b_.CreateICmpEQ(low, begin), high, begin);
      entry_.when(
          b_.CreateICmpULT(rest, end),
          [&, low = low, high = high] { emit_rest(region, item, given, place, rest, low, high); },
          /*rare=*/true);
    });
  }

  /// The items [begin, end) of a row, of which there is one at least.
  void emit_row(const Region& region, llvm::Function& item, llvm::ArrayRef<llvm::Value*> given, ItemPlace place,
                llvm::Value* begin, llvm::Value* end) {
    llvm::ConstantInt* exit = only_result(item);
    std::vector<llvm::BasicBlock*> blocks;
    llvm::BranchInst* branch = entry_.loop(begin, end, "x", [&](llvm::Value* x) {
      entry_.set_local_ids(place, {x, place.local_id[1], place.local_id[2]});
      EntryFunction::Inlined inlined = entry_.inline_body(item, given);
      if (!exit) leave_by(region, inlined.result);
      blocks = std::move(inlined.blocks);
    });
    entry_.resolve(blocks, place);
    entry_.mark_parallel(branch, blocks);
    if (exit) leave_by(region, exit);
  }

  /// Those before and behind the usual ones, [low, high).
  void emit_rest(const Region& region, llvm::Function& item, llvm::ArrayRef<llvm::Value*> given, ItemPlace place,
                 llvm::Value* begin, llvm::Value* low, llvm::Value* high) {
    llvm::BasicBlock* before = b_.GetInsertBlock();
    llvm::BasicBlock *rest = new_block("rest"), *end = new_block("rest.end");
    b_.CreateBr(rest);
    b_.SetInsertPoint(rest);
    llvm::PHINode* x = b_.CreatePHI(b_.getInt64Ty(), 2, "x");
    x->addIncoming(begin, before);
    entry_.set_local_ids(place, {x, place.local_id[1], place.local_id[2]});
    EntryFunction::Inlined inlined = entry_.inline_body(item, given);
    leave_by(region, inlined.result);
    llvm::Value* behind = b_.CreateAdd(x, b_.getInt64(1));
    llvm::Value* next = b_.CreateSelect(b_.CreateICmpEQ(behind, low), high, behind);
    x->addIncoming(next, b_.GetInsertBlock());
    b_.CreateCondBr(b_.CreateICmpULT(next, entry_.group_size()[0]), rest, end);
    entry_.resolve(inlined.blocks, place);
    b_.SetInsertPoint(end);
  }

  void leave_by(const Region& region, llvm::Value* exit) {
    if (region.exits() < 2) return;
    b_.CreateStore(b_.CreateOr(b_.CreateLoad(ends_->getAllocatedType(), ends_), exit), ends_);
  }

  void merge_next(llvm::Value* next, llvm::AllocaInst* least, llvm::AllocaInst* greatest) {
    auto merge = [&](llvm::AllocaInst* variable, llvm::Intrinsic::ID id) {
      b_.CreateStore(b_.CreateBinaryIntrinsic(id, b_.CreateLoad(b_.getInt32Ty(), variable), next), variable);
    };
    merge(least, llvm::Intrinsic::umin);
    merge(greatest, llvm::Intrinsic::umax);
  }

  void require_agreement(llvm::Value* agree) {
    llvm::BasicBlock *agreed = new_block("agreed"), *diverged = new_block("diverged");
    b_.CreateCondBr(agree, agreed, diverged);
    b_.SetInsertPoint(diverged);
    entry_.return_status(RangeStatus::kBarrierDivergence);
    b_.SetInsertPoint(agreed);
  }

  /// The exit that all items, which are through this region, have left it by: they must agree.
  llvm::Value* exit_of_all() {
    llvm::Value* ends = b_.CreateLoad(ends_->getAllocatedType(), ends_);
    llvm::Value* but_lowest = b_.CreateAnd(ends, b_.CreateSub(ends, llvm::ConstantInt::get(ends->getType(), 1)));
    require_agreement(b_.CreateIsNull(but_lowest));
    return ends;
  }

  /// The region that all items go on with, by its number; 0 at the kernel's end.
  llvm::Value* next_of(const Region& region) {
    auto number = [&](unsigned exit) {
      return b_.getInt32(exit < region.barriers.size() ? region_of_.lookup(region.barriers[exit]) : 0);
    };
    llvm::Value* next = number(0);
    if (region.exits() < 2) return next;
    llvm::Value* exit = exit_of_all();
    for (unsigned i = 1; i < region.exits(); ++i)
      next = b_.CreateSelect(b_.CreateICmpEQ(exit, exit_constant(region, i, b_.getContext())), number(i), next);
    return next;
  }

  /// All items are through the region: on to the next.
  void leave_region(const Region& region, const std::vector<llvm::BasicBlock*>& begins, llvm::BasicBlock* end) {
    auto target = [&](unsigned exit) {
      return exit < region.barriers.size() ? begins[region_of_.lookup(region.barriers[exit])] : end;
    };
    if (region.exits() < 2) {
      b_.CreateBr(target(0));
      return;
    }
    llvm::SwitchInst* choice = b_.CreateSwitch(exit_of_all(), target(0));
    for (unsigned i = 1; i < region.exits(); ++i) choice->addCase(exit_constant(region, i, b_.getContext()), target(i));
  }

  EntryFunction& entry_;
  llvm::IRBuilder<>& b_;
  llvm::Function& body_;
  const spirv::Conventions& conventions_;
  std::vector<Barrier> barriers_;
  bool by_sub_group_ = false;
  bool items_part_ = false;
  llvm::AllocaInst *least_ = nullptr, *greatest_ = nullptr;  // states, where items part
  ItemPlace place_{};                                        // of the group; its items have their own
  std::vector<Slot> slots_;
  std::vector<Storage> storage_;  // of each slot
  LiveSlots live_;
  std::vector<Region> regions_;                            // the first begins the kernel, the others follow barriers_
  llvm::DenseMap<llvm::BasicBlock*, unsigned> region_of_;  // barrier -> the region behind it
  llvm::AllocaInst* ends_ = nullptr;                       // the exits that items have left the region by, together
};

}  // namespace

uint32_t split_at_barriers(EntryFunction& entry, llvm::Function& body, const spirv::Conventions& conventions) {
  return Splitter(entry, body, conventions).run();
}

}  // namespace metate::ze_software::work_group
