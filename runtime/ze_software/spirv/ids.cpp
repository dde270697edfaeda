// ids – what an id of the module stands for: lookups of the reader that the instruction families use.
#include <spirv-tools/libspirv.h>

#include <cstring>

#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {

llvm::Type* Reader::type(uint32_t id) {
  if (id < types_.size() && types_[id]) return types_[id];
  if (resolve_early(id) && types_[id]) return types_[id];
  if (!is_lacking(id)) fail("id " + std::to_string(id) + " is used as a type but is none");
  return llvm::Type::getInt32Ty(context_);
}

llvm::Type* Reader::value_type(uint32_t id) {
  llvm::Type* type = this->type(id);
  if (type->isFirstClassType() && !type->isLabelTy() && type->isSized()) return type;
  fail("type " + std::to_string(id) + " is not one of values");
  return llvm::Type::getInt32Ty(context_);
}

llvm::Value* Reader::value(uint32_t id) {
  if (id < values_.size() && values_[id]) return values_[id];
  if (llvm::Value* variable = function_variable(id)) return variable;
  if (resolve_early(id) && values_[id]) return values_[id];
  if (llvm::Value* later = placeholder(id)) return later;
  if (!is_lacking(id)) fail("id " + std::to_string(id) + " is used where it has no value");
  return llvm::PoisonValue::get(llvm::Type::getInt32Ty(context_));
}

/// Stands for a value of a block that comes later in the module, though it runs before this one.
llvm::Value* Reader::placeholder(uint32_t id) {
  const Instruction* defined = definition(id);
  if (body_.empty() || defined < body_.data() || defined >= body_.data() + body_.size() || !defined->type) {
    return nullptr;
  }
  if (function_->empty()) return nullptr;
  llvm::Instruction*& made = placeholders_[id];
  if (!made) {
    llvm::Type* held = value_type(defined->type);
    if (failed()) return nullptr;
    llvm::BasicBlock& entry = function_->getEntryBlock();
    made = new llvm::FreezeInst(llvm::PoisonValue::get(held), "", entry.getFirstNonPHIIt());
  }
  return made;
}

void Reader::define(const Instruction& instruction, llvm::Value* value) {
  if (!value || failed()) return;
  if (value->getType() != type(instruction.type)) {
    return fail(opcode_name(instruction.opcode) + " gives a value of another type than it says");
  }
  if (value->getType()->isVoidTy()) return;  // a call has an id even where it gives nothing
  values_[instruction.result] = value;
}

/// Puts the values in place of what stood for them, once the function is read: until then others may be made of them.
void Reader::replace_placeholders() {
  std::unordered_map<llvm::Value*, uint32_t> ids;
  for (auto& [id, made] : placeholders_) ids[made] = id;
  for (auto& [id, made] : placeholders_) {
    llvm::Value* value = values_[id];
    // A value may be no more than another name for one that came later still.
    for (size_t steps = 0; ids.contains(value) && steps <= ids.size(); ++steps) value = values_[ids[value]];
    if (!value || ids.contains(value)) {
      return fail("id " + std::to_string(id) + " is used where it has no value");
    }
    made->replaceAllUsesWith(value);
  }
  for (auto& [id, made] : placeholders_) made->eraseFromParent();
}

/// Built-in and work-group variables: addresses that differ from function to function, made at the function's entry.
llvm::Value* Reader::function_variable(uint32_t id) {
  if (!function_ || function_->empty()) return nullptr;
  if (auto known = function_variables_.find(id); known != function_variables_.end()) return known->second;
  const Instruction* variable = definition(id);
  if (!variable || variable->opcode != spv::Op::OpVariable) return nullptr;

  llvm::IRBuilder<>::InsertPointGuard guard(builder_);
  llvm::BasicBlock& entry = function_->getEntryBlock();
  builder_.SetInsertPoint(&entry, entry.getFirstInsertionPt());
  llvm::Value* address = nullptr;
  if (auto local = local_indices_.find(id); local != local_indices_.end()) {
    address = builder_.CreateCall(local_variable(module()), {builder_.getInt32(local->second)});
  } else if (const Decoration* builtin = decoration(id, spv::Decoration::BuiltIn)) {
    llvm::Type* held = value_type(pointee_type(variable->type));
    if (failed()) return nullptr;
    auto* storage = builder_.CreateAlloca(held);
    if (llvm::Value* initial = builtin_value(*this, static_cast<spv::BuiltIn>(builtin->operands[0]), held)) {
      builder_.CreateStore(initial, storage);
    }
    address = storage;
  } else {
    return nullptr;
  }
  return function_variables_[id] = address;
}

// Threads have a stack of eight megabytes or less.
constexpr uint64_t kMaxPrivateBytes = uint64_t{1} << 20;

void Reader::enlarge(llvm::AllocaInst& variable, uint64_t bytes) {
  const uint64_t size = layout().getTypeAllocSize(variable.getAllocatedType());
  if (bytes <= size || private_bytes_ + bytes > kMaxPrivateBytes) return;
  private_bytes_ += bytes - size;
  variable.setAllocatedType(llvm::ArrayType::get(builder_.getInt8Ty(), bytes));
}

llvm::AllocaInst* Reader::private_variable(llvm::Type* type) {
  private_bytes_ += std::min<uint64_t>(layout().getTypeAllocSize(type), kMaxPrivateBytes + 1);
  if (private_bytes_ > kMaxPrivateBytes) {
    lack("a function has more than " + std::to_string(kMaxPrivateBytes) + " bytes of private memory");
  }
  llvm::IRBuilder<>::InsertPointGuard guard(builder_);
  llvm::BasicBlock& entry = function_->getEntryBlock();
  builder_.SetInsertPoint(&entry, entry.begin());
  return builder_.CreateAlloca(type);
}

uint32_t Reader::type_of(uint32_t id) const {
  const Instruction* defined = definition(id);
  return defined ? defined->type : 0;
}

uint32_t Reader::pointee_type(uint32_t pointer_type) const {
  const Instruction* defined = definition(pointer_type);
  return defined && defined->opcode == spv::Op::OpTypePointer ? defined->operands[1] : 0;
}

spv::StorageClass Reader::storage_class(uint32_t pointer_type) const {
  const Instruction* defined = definition(pointer_type);
  return defined && defined->opcode == spv::Op::OpTypePointer ? static_cast<spv::StorageClass>(defined->operands[0])
                                                              : spv::StorageClass::Max;
}

std::optional<uint64_t> Reader::constant(uint32_t id) {
  auto* integer = llvm::dyn_cast<llvm::ConstantInt>(value(id));
  if (!integer || integer->getBitWidth() > 64) return std::nullopt;
  return integer->getZExtValue();
}

const Decoration* Reader::decoration(uint32_t id, spv::Decoration kind) const {
  auto found = decorations_.find(id);
  if (found == decorations_.end()) return nullptr;
  for (const Decoration& decoration : found->second) {
    if (decoration.kind == kind) return &decoration;
  }
  return nullptr;
}

std::string Reader::name(uint32_t id) const {
  auto found = names_.find(id);
  return found != names_.end() && !found->second.empty() ? found->second : std::to_string(id);
}

std::optional<std::span<const std::byte>> Reader::specialization(uint32_t spec_id, size_t size) {
  for (const SpecializationConstant& constant : options_.constants) {
    if (constant.id != spec_id) continue;
    const std::span given(static_cast<const std::byte*>(constant.value), size);
    result_.used_constants.push_back({spec_id, {given.begin(), given.end()}});
    return given;
  }
  return std::nullopt;
}

std::string opcode_name(spv::Op opcode) {
  const char* name = spvOpcodeString(static_cast<uint32_t>(opcode));
  return std::string("Op") + (name ? name : "?");
}

}  // namespace metate::ze_software::spirv
