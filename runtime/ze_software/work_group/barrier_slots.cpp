#include "runtime/ze_software/work_group/barrier_slots.h"

#include <llvm/IR/CFG.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Utils/Local.h>
#include <llvm/Transforms/Utils/PromoteMemToReg.h>

#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/work_group/uniformity.h"

namespace metate::ze_software::work_group {
namespace {

constexpr int kMaxRepeatedDepth = 4;

bool is_placeholder(const llvm::Value* value) {
  auto* call = llvm::dyn_cast<llvm::CallInst>(value);
  if (!call || !call->getCalledFunction()) return false;
  const llvm::StringRef name = call->getCalledFunction()->getName();
  return name == spirv::kItemQuery || name == spirv::kLocalVariable;
}

/// True when computing it again costs no more than keeping it: addresses and ids, a few steps from what is at hand.
bool is_cheap(const llvm::Value* value, int depth = kMaxRepeatedDepth) {
  if (llvm::isa<llvm::Constant>(value) || llvm::isa<llvm::Argument>(value) || is_placeholder(value)) return true;
  auto* instruction = llvm::dyn_cast<llvm::Instruction>(value);
  if (!instruction || depth == 0) return false;
  const bool simple = llvm::isa<llvm::CastInst>(instruction) || llvm::isa<llvm::GetElementPtrInst>(instruction) ||
                      (llvm::isa<llvm::BinaryOperator>(instruction) && !instruction->isIntDivRem() &&
                       instruction->getType()->isIntOrIntVectorTy());
  return simple && llvm::all_of(instruction->operands(),
                                [&](const llvm::Use& operand) { return is_cheap(operand.get(), depth - 1); });
}

llvm::Value* repeat(llvm::Value* value, llvm::Instruction* before) {
  auto* instruction = llvm::dyn_cast<llvm::Instruction>(value);
  if (!instruction) return value;
  llvm::Instruction* copy = instruction->clone();
  for (llvm::Use& operand : copy->operands()) {
    if (llvm::isa<llvm::Instruction>(operand.get())) operand.set(repeat(operand.get(), before));
  }
  copy->insertBefore(before->getIterator());
  return copy;
}

/// Where a value must be at hand for this use.
llvm::Instruction* place_of(const llvm::Use& use) {
  auto* user = llvm::cast<llvm::Instruction>(use.getUser());
  auto* phi = llvm::dyn_cast<llvm::PHINode>(user);
  return phi ? phi->getIncomingBlock(use)->getTerminator() : user;
}

void repeat_cheap_values(llvm::Function& body) {
  std::vector<llvm::Instruction*> cheap;
  for (llvm::Instruction& instruction : llvm::instructions(body)) {
    if (is_cheap(&instruction)) cheap.push_back(&instruction);
  }
  // The last first: a value that only served another cheap one is then dead before its own turn.
  for (llvm::Instruction* instruction : llvm::reverse(cheap)) {
    for (llvm::Use& use : llvm::make_early_inc_range(instruction->uses())) {
      llvm::Instruction* place = place_of(use);
      if (place->getParent() != instruction->getParent()) use.set(repeat(instruction, place));
    }
    if (instruction->use_empty()) instruction->eraseFromParent();
  }
}

void remove_lifetimes(llvm::Function& body) {
  for (llvm::BasicBlock& block : body) {
    for (llvm::Instruction& instruction : llvm::make_early_inc_range(block)) {
      if (llvm::isa<llvm::LifetimeIntrinsic>(instruction)) instruction.eraseFromParent();
    }
  }
}

bool leaves_block(const llvm::Instruction& instruction) {
  return llvm::any_of(instruction.users(), [&](const llvm::User* user) {
    return llvm::cast<llvm::Instruction>(user)->getParent() != instruction.getParent() ||
           llvm::isa<llvm::PHINode>(user);
  });
}

struct BlockUse {
  llvm::BitVector reads_first;
  llvm::BitVector writes;
};

}  // namespace

std::vector<Slot> move_values_to_slots(llvm::Function& body) {
  remove_lifetimes(body);
  repeat_cheap_values(body);
  const llvm::DenseSet<const llvm::Instruction*> divergent = divergent_values(body);
  std::vector<Slot> slots;
  std::vector<llvm::Instruction*> values;
  std::vector<llvm::PHINode*> phis;
  for (llvm::Instruction& instruction : llvm::instructions(body)) {
    if (auto* variable = llvm::dyn_cast<llvm::AllocaInst>(&instruction)) {
      slots.push_back({variable, false, !llvm::isAllocaPromotable(variable)});
      continue;
    }
    if (auto* phi = llvm::dyn_cast<llvm::PHINode>(&instruction)) phis.push_back(phi);
    if (leaves_block(instruction)) values.push_back(&instruction);
  }
  for (llvm::Instruction* value : values) {
    const bool uniform = !divergent.contains(value);
    if (llvm::AllocaInst* variable = llvm::DemoteRegToStack(*value)) slots.push_back({variable, uniform, false});
  }
  for (llvm::PHINode* phi : phis) {
    const bool uniform = !divergent.contains(phi);
    if (llvm::AllocaInst* variable = llvm::DemotePHIToStack(phi)) slots.push_back({variable, uniform, false});
  }
  return slots;
}

LiveSlots live_slots(llvm::Function& body, const std::vector<Slot>& slots) {
  const auto count = static_cast<unsigned>(slots.size());
  llvm::DenseMap<const llvm::Value*, unsigned> index;
  for (unsigned i = 0; i < count; ++i) {
    if (!slots[i].whole) index[slots[i].variable] = i;
  }
  llvm::DenseMap<const llvm::BasicBlock*, BlockUse> uses;
  LiveSlots live;
  for (llvm::BasicBlock& block : body) {
    BlockUse& use = uses[&block];
    use = {llvm::BitVector(count), llvm::BitVector(count)};
    for (llvm::Instruction& instruction : block) {
      if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
        auto found = index.find(load->getPointerOperand());
        if (found != index.end() && !use.writes[found->second]) use.reads_first.set(found->second);
      } else if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
        auto found = index.find(store->getPointerOperand());
        if (found != index.end()) use.writes.set(found->second);
      }
    }
    live[&block] = use.reads_first;
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (llvm::BasicBlock& block : llvm::reverse(body)) {
      llvm::BitVector at_end(count);
      for (llvm::BasicBlock* next : llvm::successors(&block)) at_end |= live[next];
      at_end.reset(uses[&block].writes);
      at_end |= live[&block];
      if (at_end != live[&block]) {
        live[&block] = at_end;
        changed = true;
      }
    }
  }
  return live;
}

}  // namespace metate::ze_software::work_group
