#include "runtime/ze_software/check/instrument.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DepthFirstIterator.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/Dominators.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>

#include <cctype>
#include <optional>

#include "runtime/ze_software/spirv/items.h"

namespace metate::ze_software::check {
namespace {

llvm::StringRef callee_name(const llvm::Value& value) {
  auto* call = llvm::dyn_cast<llvm::CallInst>(&value);
  return call && call->getCalledFunction() ? call->getCalledFunction()->getName() : llvm::StringRef();
}

uint32_t constant_argument(const llvm::CallInst& call, unsigned i) {
  return static_cast<uint32_t>(llvm::cast<llvm::ConstantInt>(call.getArgOperand(i))->getZExtValue());
}

uint32_t order_bits(llvm::AtomicOrdering order) {
  return (llvm::isAcquireOrStronger(order) ? kAcquire : 0u) | (llvm::isReleaseOrStronger(order) ? kRelease : 0u);
}

/// One operand of an instruction by which it goes to memory.
struct Access {
  llvm::Instruction* instruction;
  unsigned operand;  // the address
  llvm::Value* bytes;
  uint32_t kind;
};

class Instrumenter {
 public:
  Instrumenter(spirv::Module& module, const spirv::KernelInfo& info)
      : module_(module), info_(info), body_(*info.body), layout_(body_.getDataLayout()), b_(body_.getContext()) {}

  std::shared_ptr<const KernelCheck> run() {
    list_objects();
    note_lines();
    read_notes();
    // First found, then changed: what is put in is not looked at.
    std::vector<Access> accesses;
    std::vector<llvm::CallInst*> waits;
    std::vector<llvm::Instruction*> fences;
    for (llvm::Instruction& instruction : llvm::instructions(body_)) {
      find_accesses(instruction, accesses);
      if (auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
          call && call->getCalledFunction() && spirv::waits_for_items(*call->getCalledFunction()))
        waits.push_back(call);
      if (llvm::isa<llvm::FenceInst>(instruction)) fences.push_back(&instruction);
    }
    for (const Access& access : accesses) check_access(access);
    for (llvm::CallInst* wait : waits) check_wait(*wait);
    for (llvm::Instruction* fence : fences) {
      b_.SetInsertPoint(fence);
      call("metate_check_fence", b_.getVoidTy(),
           {b_.getInt32(order_bits(llvm::cast<llvm::FenceInst>(fence)->getOrdering()))});
    }
    b_.SetInsertPoint(body_.getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
    begin_item();
    if (has_unknown_) span_globals();
    return std::move(check_);
  }

 private:
  // What memory there is.

  void list_objects() {
    check_->lines = module_.notes.lines;
    check_->name = info_.name;
    if (auto noted = module_.notes.kernels.find(&body_); noted != module_.notes.kernels.end()) {
      check_->name = noted->second.name;
      check_->python_dimensions = noted->second.python_dimensions;
    }
    check_->objects.emplace_back();
    for (unsigned i = 0; i < info_.parameters.size(); ++i) {
      Object object{.name = body_.getArg(i)->getName().str(), .parameter = i};
      switch (info_.parameters[i]) {
        case spirv::ParameterKind::kPointer:
          object.kind = ObjectKind::kParameter;
          break;
        case spirv::ParameterKind::kLocalPointer:
          object.kind = ObjectKind::kLocalPointer;
          break;
        case spirv::ParameterKind::kValue:
          object.kind = ObjectKind::kPrivate;
          if (llvm::Type* type = info_.by_value_types[i]) object.bytes = layout_.getTypeAllocSize(type);
          break;
      }
      // The reader names what has no name by its number.
      if (!object.name.empty() && std::isdigit(static_cast<unsigned char>(object.name[0]))) object.name.clear();
      check_->objects.push_back(std::move(object));
    }
  }

  uint32_t add(Object object) {
    check_->objects.push_back(std::move(object));
    return static_cast<uint32_t>(check_->objects.size() - 1);
  }

  /// The variable or parameter that an address is of, as its base address and its number; 0 where that is not known.
  std::pair<llvm::Value*, uint32_t> object_of(llvm::Value* pointer) {
    llvm::Value* base = llvm::getUnderlyingObject(pointer, /*MaxLookup=*/0);
    if (auto* argument = llvm::dyn_cast<llvm::Argument>(base)) return {base, argument->getArgNo() + 1};
    uint32_t& number = numbers_[base];
    if (callee_name(*base) == spirv::kLocalVariable) {
      const uint32_t index = constant_argument(llvm::cast<llvm::CallInst>(*base), 0);
      uint32_t& local = locals_[index];
      if (!local)
        local =
            add({.kind = ObjectKind::kLocal, .name = module_.locals[index].name, .bytes = module_.locals[index].size});
      number = local;
    } else if (auto* variable = llvm::dyn_cast<llvm::AllocaInst>(base)) {
      const std::optional<llvm::TypeSize> size = variable->getAllocationSize(layout_);
      if (!number && size)
        number = add({.kind = ObjectKind::kPrivate, .name = variable->getName().str(), .bytes = size->getFixedValue()});
    } else if (auto* global = llvm::dyn_cast<llvm::GlobalVariable>(base)) {
      llvm::StringRef name = global->getName();
      // The reader numbers variables that no other module can find.
      if (!name.consume_front("spirv.") || llvm::isDigit(name[0])) name = "";
      if (!number)
        number = add({.kind = ObjectKind::kGlobal,
                      .name = name.str(),
                      .bytes = layout_.getTypeAllocSize(global->getValueType()),
                      .constant = global->isConstant()});
    }
    if (!number) return {llvm::ConstantPointerNull::get(b_.getPtrTy()), 0};
    return {base, number};
  }

  // What the module says of lines and names.

  /// A line holds for the rest of its block, and in those that come behind it alone and say nothing else.
  void note_lines() {
    const llvm::DominatorTree dominators(body_);
    for (const llvm::DomTreeNode* node : llvm::depth_first(dominators.getRootNode())) {
      uint32_t line = node->getIDom() ? last_lines_.lookup(node->getIDom()->getBlock()) : 0;
      for (llvm::Instruction& instruction : *node->getBlock()) {
        if (callee_name(instruction) == spirv::kLineNote)
          line = constant_argument(llvm::cast<llvm::CallInst>(instruction), 0);
        else
          lines_[&instruction] = line;
      }
      last_lines_[node->getBlock()] = line;
    }
  }

  void read_notes() {
    for (llvm::BasicBlock& block : body_) {
      for (llvm::Instruction& instruction : llvm::make_early_inc_range(block)) {
        const llvm::StringRef name = callee_name(instruction);
        if (!name.starts_with("metate.check.")) continue;
        auto& note = llvm::cast<llvm::CallInst>(instruction);
        if (name == spirv::kArrayNote) {
          const uint32_t number = object_of(note.getArgOperand(0)).second;
          if (number) describe(check_->objects[number], note, 3);
          b_.SetInsertPoint(&note);
          call("metate_check_array", b_.getVoidTy(),
               {b_.getInt32(number), note.getArgOperand(1), note.getArgOperand(2)});
        } else if (name == spirv::kStorageNote) {
          const uint32_t number = object_of(note.getArgOperand(0)).second;
          if (number) check_->objects[number].line = constant_argument(note, 1);
          if (number) describe(check_->objects[number], note, 2);
        } else if (name == spirv::kInternalNote) {
          internal_ = llvm::getUnderlyingObject(note.getArgOperand(0), 0);
        }
        note.eraseFromParent();
      }
    }
  }

  /// The note has a name and the size of an element from argument `first`.
  void describe(Object& object, const llvm::CallInst& note, unsigned first) {
    const std::string& name = module_.notes.names[constant_argument(note, first)];
    if (!name.empty()) object.name = name;
    object.element_bytes = constant_argument(note, first + 1);
  }

  // Accesses.

  void find_accesses(llvm::Instruction& instruction, std::vector<Access>& out) {
    auto add_access = [&](unsigned operand, llvm::Type* type, uint32_t kind) {
      const uint64_t bytes = layout_.getTypeStoreSize(type);
      if (is_watched(instruction.getOperand(operand), bytes))
        out.push_back({&instruction, operand, b_.getInt64(bytes), kind});
    };
    auto atomic = [](llvm::AtomicOrdering order) { return kAtomic | order_bits(order); };
    if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
      add_access(load->getPointerOperandIndex(), load->getType(),
                 kRead | (load->isAtomic() ? atomic(load->getOrdering()) : 0u));
    } else if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
      add_access(store->getPointerOperandIndex(), store->getValueOperand()->getType(),
                 kWrite | (store->isAtomic() ? atomic(store->getOrdering()) : 0u));
    } else if (auto* rmw = llvm::dyn_cast<llvm::AtomicRMWInst>(&instruction)) {
      // `| 0` is how compilers load atomically where a back end has no instruction for it.
      auto* operand = llvm::dyn_cast<llvm::ConstantInt>(rmw->getValOperand());
      const bool changes = rmw->getOperation() != llvm::AtomicRMWInst::Or || !operand || !operand->isZero();
      add_access(rmw->getPointerOperandIndex(), rmw->getType(),
                 kRead | (changes ? kWrite : 0u) | atomic(rmw->getOrdering()));
    } else if (auto* exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&instruction)) {
      add_access(exchange->getPointerOperandIndex(), exchange->getCompareOperand()->getType(),
                 kRead | kWrite | atomic(exchange->getSuccessOrdering()));
    } else if (auto* memory = llvm::dyn_cast<llvm::MemIntrinsic>(&instruction)) {
      out.push_back({&instruction, 0, memory->getLength(), kWrite});
      if (llvm::isa<llvm::MemTransferInst>(memory)) out.push_back({&instruction, 1, memory->getLength(), kRead});
    }
  }

  /// Not: what lies in a private variable for certain, or belongs to the launcher.
  bool is_watched(llvm::Value* pointer, uint64_t bytes) const {
    if (internal_ && llvm::getUnderlyingObject(pointer, 0) == internal_) return false;
    llvm::APInt offset(64, 0);
    llvm::Value* base = pointer->stripAndAccumulateConstantOffsets(layout_, offset, /*AllowNonInbounds=*/true);
    auto* variable = llvm::dyn_cast<llvm::AllocaInst>(base);
    const std::optional<llvm::TypeSize> size = variable ? variable->getAllocationSize(layout_) : std::nullopt;
    return !size || offset.isNegative() || offset.getZExtValue() + bytes > size->getFixedValue();
  }

  void check_access(const Access& access) {
    b_.SetInsertPoint(access.instruction);
    llvm::Value* pointer = access.instruction->getOperand(access.operand);
    auto [base, object] = object_of(pointer);
    has_unknown_ = has_unknown_ || object == 0;
    llvm::Value* arguments[] = {pointer,
                                b_.CreateZExtOrTrunc(access.bytes, b_.getInt64Ty()),
                                base,
                                b_.getInt32(object),
                                b_.getInt32(lines_.lookup(access.instruction)),
                                b_.getInt32(access.kind)};
    if (auto* memory = llvm::dyn_cast<llvm::MemIntrinsic>(access.instruction)) {
      llvm::Value* allowed = b_.CreateIsNotNull(call("metate_check_range", b_.getInt32Ty(), arguments));
      llvm::Value* none = llvm::Constant::getNullValue(memory->getLength()->getType());
      memory->setLength(b_.CreateSelect(allowed, memory->getLength(), none));
      return;
    }
    access.instruction->setOperand(access.operand, call("metate_check_access", b_.getPtrTy(), arguments));
  }

  /// An address that the kernel has computed may be of any variable of the module.
  void span_globals() {
    for (llvm::GlobalVariable& global : module_.module->globals()) {
      const uint32_t number = object_of(&global).second;
      llvm::Value* begin = b_.CreatePtrToInt(&global, b_.getInt64Ty());
      llvm::Value* end = b_.CreateAdd(begin, b_.getInt64(check_->objects[number].bytes));
      call("metate_check_array", b_.getVoidTy(), {b_.getInt32(number), begin, end});
    }
  }

  // Items and barriers.

  void check_wait(llvm::CallInst& wait) {
    b_.SetInsertPoint(&wait);
    const llvm::Function& placeholder = *wait.getCalledFunction();
    const bool meets = spirv::is_meeting(placeholder);
    const bool is_of_sub_group = placeholder.getName() == spirv::kSubGroupBarrier;
    const auto of_barrier = is_of_sub_group ? spirv::ItemSet::kSubGroup : spirv::ItemSet::kWorkGroup;
    const uint32_t set = meets ? constant_argument(wait, 0) : static_cast<uint32_t>(of_barrier);
    // SPIR-V gives group operations no memory semantics, but devices make barriers of them, and programs rely on it.
    llvm::Value* memory = meets ? b_.getInt32(spirv::kAllMemory) : wait.getArgOperand(0);
    call("metate_check_wait", b_.getVoidTy(),
         {b_.getInt32(set), memory, b_.getInt32(++waits_), b_.getInt32(lines_.lookup(&wait))});
    b_.SetInsertPoint(wait.getNextNode());
    begin_item();
  }

  void begin_item() {
    llvm::SmallVector<llvm::Value*, 6> ids;
    for (spirv::ItemQuery query : {spirv::ItemQuery::kGroupId, spirv::ItemQuery::kLocalId})
      for (uint32_t d = 0; d < 3; ++d)
        ids.push_back(b_.CreateCall(spirv::item_query(*module_.module),
                                    {b_.getInt32(static_cast<uint32_t>(query)), b_.getInt32(d)}));
    call("metate_check_item", b_.getVoidTy(), ids);
  }

  llvm::CallInst* call(const char* name, llvm::Type* result, llvm::ArrayRef<llvm::Value*> arguments) {
    llvm::SmallVector<llvm::Type*, 6> types;
    for (llvm::Value* argument : arguments) types.push_back(argument->getType());
    auto* type = llvm::FunctionType::get(result, types, false);
    llvm::FunctionCallee callee = module_.module->getOrInsertFunction(name, type);
    llvm::cast<llvm::Function>(callee.getCallee())->setDoesNotThrow();
    return b_.CreateCall(callee, arguments);
  }

  spirv::Module& module_;
  const spirv::KernelInfo& info_;
  llvm::Function& body_;
  const llvm::DataLayout& layout_;
  llvm::IRBuilder<> b_;
  std::shared_ptr<KernelCheck> check_ = std::make_shared<KernelCheck>();
  llvm::DenseMap<llvm::Value*, uint32_t> numbers_;  // of objects, by their base
  llvm::DenseMap<uint32_t, uint32_t> locals_;       // of objects, by the index of the local variable
  llvm::DenseMap<const llvm::Instruction*, uint32_t> lines_;
  llvm::DenseMap<const llvm::BasicBlock*, uint32_t> last_lines_;
  llvm::Value* internal_ = nullptr;
  uint32_t waits_ = 0;
  bool has_unknown_ = false;
};

}  // namespace

std::shared_ptr<const KernelCheck> instrument(spirv::Module& module, const spirv::KernelInfo& kernel) {
  return Instrumenter(module, kernel).run();
}

}  // namespace metate::ze_software::check
