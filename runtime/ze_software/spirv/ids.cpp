// ids – what an id of the module stands for: lookups of the reader that the instruction families use.
#include <spirv-tools/libspirv.h>

#include <cstring>

#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {

llvm::Type* Reader::type(uint32_t id) {
  if (id < types_.size() && types_[id]) return types_[id];
  fail("id " + std::to_string(id) + " is not a type");
  return llvm::Type::getInt32Ty(context_);
}

llvm::Value* Reader::value(uint32_t id) {
  if (id < values_.size() && values_[id]) return values_[id];
  if (llvm::Value* variable = function_variable(id)) return variable;
  const Instruction* defined = definition(id);
  fail("id " + std::to_string(id) + " is used where it has no value");
  return llvm::PoisonValue::get(defined && defined->type ? type(defined->type) : llvm::Type::getInt32Ty(context_));
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
    llvm::Type* held = type(pointee_type(variable->type));
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

llvm::AllocaInst* Reader::private_variable(llvm::Type* type) {
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
  if (!integer) return std::nullopt;
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

std::optional<std::span<const std::byte>> Reader::specialization(uint32_t spec_id, size_t size) const {
  for (const SpecializationConstant& constant : constants_) {
    if (constant.id == spec_id) return std::span(static_cast<const std::byte*>(constant.value), size);
  }
  return std::nullopt;
}

std::string opcode_name(spv::Op opcode) {
  const char* name = spvOpcodeString(static_cast<uint32_t>(opcode));
  return std::string("Op") + (name ? name : "?");
}

}  // namespace metate::ze_software::spirv
