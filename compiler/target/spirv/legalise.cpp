#include "compiler/target/spirv/legalise.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/InstrTypes.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/ReplaceConstant.h>

#include <utility>

namespace metate::target::spirv {
namespace {

using llvm::Intrinsic::ID;

/// SPIR-V cannot say of an `or` that its operands have no bits in common, without which it is no sum of an index any
/// more.
llvm::Value* sum_of_disjoint(llvm::PossiblyDisjointInst& instruction, llvm::IRBuilder<>& builder) {
  return builder.CreateAdd(instruction.getOperand(0), instruction.getOperand(1));
}

/// Halves change places, then the halves of these, down to bits. OpBitReverse is for shaders, or an extension.
llvm::Value* reversed_bits(llvm::Value* value, llvm::IRBuilder<>& builder) {
  const unsigned width = value->getType()->getScalarSizeInBits();
  for (unsigned part = width / 2; part > 0; part /= 2) {
    // Every other run of `part` bits.
    llvm::APInt low = llvm::APInt::getSplat(width, llvm::APInt::getLowBitsSet(2 * part, part));
    llvm::Constant* mask = llvm::ConstantInt::get(value->getType(), low);
    llvm::Value* up = builder.CreateShl(builder.CreateAnd(value, mask), part);
    value = builder.CreateOr(up, builder.CreateAnd(builder.CreateLShr(value, part), mask));
  }
  return value;
}

/// A sum or difference, and whether it is not the true one. The signs tell (Hacker's Delight, 2-13).
std::pair<llvm::Value*, llvm::Value*> checked_sum(ID id, llvm::Value* a, llvm::Value* b, llvm::IRBuilder<>& builder) {
  llvm::Value* zero = llvm::Constant::getNullValue(a->getType());
  switch (id) {
    case llvm::Intrinsic::uadd_with_overflow: {
      llvm::Value* sum = builder.CreateAdd(a, b);
      return {sum, builder.CreateICmpULT(sum, a)};
    }
    case llvm::Intrinsic::usub_with_overflow:
      return {builder.CreateSub(a, b), builder.CreateICmpULT(a, b)};
    case llvm::Intrinsic::sadd_with_overflow: {
      llvm::Value* sum = builder.CreateAdd(a, b);
      llvm::Value* changed = builder.CreateAnd(builder.CreateXor(a, sum), builder.CreateXor(b, sum));
      return {sum, builder.CreateICmpSLT(changed, zero)};
    }
    default: {
      llvm::Value* difference = builder.CreateSub(a, b);
      llvm::Value* changed = builder.CreateAnd(builder.CreateXor(a, b), builder.CreateXor(a, difference));
      return {difference, builder.CreateICmpSLT(changed, zero)};
    }
  }
}

/// A product, and whether it is not the true one: it does not give the one factor back when it is divided by the other.
std::pair<llvm::Value*, llvm::Value*> checked_product(bool is_signed, llvm::Value* a, llvm::Value* b,
                                                      llvm::IRBuilder<>& builder) {
  llvm::Type* type = a->getType();
  llvm::Value* product = builder.CreateMul(a, b);
  llvm::Value* zero = llvm::Constant::getNullValue(type);
  llvm::Value* one = llvm::ConstantInt::get(type, 1);
  llvm::Value* by_zero = builder.CreateICmpEQ(b, zero);
  if (!is_signed) {
    llvm::Value* quotient = builder.CreateUDiv(product, builder.CreateSelect(by_zero, one, b));
    return {product, builder.CreateAnd(builder.CreateNot(by_zero), builder.CreateICmpNE(quotient, a))};
  }
  // The least number divided by -1 has no quotient.
  llvm::Value* by_minus_one = builder.CreateICmpEQ(b, llvm::Constant::getAllOnesValue(type));
  llvm::Value* divisor = builder.CreateSelect(builder.CreateOr(by_zero, by_minus_one), one, b);
  llvm::Value* differs = builder.CreateICmpNE(builder.CreateSDiv(product, divisor), a);
  llvm::Value* least = llvm::ConstantInt::get(type, llvm::APInt::getSignedMinValue(type->getScalarSizeInBits()));
  llvm::Value* by_others = builder.CreateAnd(builder.CreateNot(by_zero), differs);
  return {product, builder.CreateSelect(by_minus_one, builder.CreateICmpEQ(a, least), by_others)};
}

llvm::Value* without_overflow_intrinsic(llvm::WithOverflowInst& checked, llvm::IRBuilder<>& builder) {
  const bool is_product = checked.getBinaryOp() == llvm::Instruction::Mul;
  auto [value, overflow] = is_product
                               ? checked_product(checked.isSigned(), checked.getLHS(), checked.getRHS(), builder)
                               : checked_sum(checked.getIntrinsicID(), checked.getLHS(), checked.getRHS(), builder);
  // What takes the pair apart takes its parts; the back end has no pairs of a number and a bit.
  for (llvm::User* user : llvm::make_early_inc_range(checked.users())) {
    auto* part = llvm::dyn_cast<llvm::ExtractValueInst>(user);
    if (!part) continue;
    part->replaceAllUsesWith(part->getIndices()[0] == 0 ? value : overflow);
    part->eraseFromParent();
  }
  if (checked.use_empty()) return nullptr;
  llvm::Value* pair = llvm::PoisonValue::get(checked.getType());
  return builder.CreateInsertValue(builder.CreateInsertValue(pair, value, 0), overflow, 1);
}

/// -1, 0 or 1 as the one number is less than the other, equal to it, or greater.
llvm::Value* three_way_comparison(llvm::CmpIntrinsic& comparison, llvm::IRBuilder<>& builder) {
  llvm::Value *a = comparison.getLHS(), *b = comparison.getRHS();
  llvm::Value* greater = builder.CreateICmp(comparison.getGTPredicate(), a, b);
  llvm::Value* less = builder.CreateICmp(comparison.getLTPredicate(), a, b);
  return builder.CreateSub(builder.CreateZExt(greater, comparison.getType()),
                           builder.CreateZExt(less, comparison.getType()));
}

/// The memory of a number of elements that is known as that of an array; other numbers need an extension.
llvm::Value* array_of(llvm::AllocaInst& memory, llvm::IRBuilder<>& builder) {
  const uint64_t count = llvm::cast<llvm::ConstantInt>(memory.getArraySize())->getZExtValue();
  llvm::AllocaInst* made =
      builder.CreateAlloca(llvm::ArrayType::get(memory.getAllocatedType(), count), memory.getAddressSpace());
  made->setAlignment(memory.getAlign());
  return made;
}

/// Whether the instruction was written in other words; `made` is its value then, null where nobody needs it any more.
bool rewritten(llvm::Instruction& instruction, llvm::Value*& made) {
  llvm::IRBuilder<> builder(&instruction);
  if (auto* disjoint = llvm::dyn_cast<llvm::PossiblyDisjointInst>(&instruction); disjoint && disjoint->isDisjoint()) {
    made = sum_of_disjoint(*disjoint, builder);
    return true;
  }
  if (auto* checked = llvm::dyn_cast<llvm::WithOverflowInst>(&instruction)) {
    made = without_overflow_intrinsic(*checked, builder);
    return true;
  }
  if (auto* comparison = llvm::dyn_cast<llvm::CmpIntrinsic>(&instruction)) {
    made = three_way_comparison(*comparison, builder);
    return true;
  }
  if (auto* memory = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
      memory && memory->isArrayAllocation() && llvm::isa<llvm::ConstantInt>(memory->getArraySize())) {
    made = array_of(*memory, builder);
    return true;
  }
  auto* intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
  if (!intrinsic || intrinsic->getIntrinsicID() != llvm::Intrinsic::bitreverse) return false;
  made = reversed_bits(intrinsic->getArgOperand(0), builder);
  return true;
}

bool is_legal(const llvm::Type* type) {
  if (auto* integer = llvm::dyn_cast<llvm::IntegerType>(type)) {
    const unsigned width = integer->getBitWidth();
    return width == 1 || width == 8 || width == 16 || width == 32 || width == 64;
  }
  // Pointers have no parts, and structures and arrays say what they are made of.
  return llvm::all_of(type->subtypes(), [](const llvm::Type* part) { return is_legal(part); });
}

/// Those that the back end knows, and writes as they are meant.
bool is_known(ID id) {
  switch (id) {
    case llvm::Intrinsic::abs:
    case llvm::Intrinsic::assume:
    case llvm::Intrinsic::bswap:
    case llvm::Intrinsic::ceil:
    case llvm::Intrinsic::copysign:
    case llvm::Intrinsic::ctlz:
    case llvm::Intrinsic::ctpop:
    case llvm::Intrinsic::cttz:
    case llvm::Intrinsic::experimental_noalias_scope_decl:
    case llvm::Intrinsic::fabs:
    case llvm::Intrinsic::floor:
    case llvm::Intrinsic::fma:
    case llvm::Intrinsic::fptosi_sat:
    case llvm::Intrinsic::fptoui_sat:
    case llvm::Intrinsic::fshl:
    case llvm::Intrinsic::fshr:
    case llvm::Intrinsic::is_fpclass:
    case llvm::Intrinsic::lifetime_end:
    case llvm::Intrinsic::lifetime_start:
    case llvm::Intrinsic::maxnum:
    case llvm::Intrinsic::memcpy:
    case llvm::Intrinsic::memmove:
    case llvm::Intrinsic::memset:
    case llvm::Intrinsic::minnum:
    case llvm::Intrinsic::rint:
    case llvm::Intrinsic::round:
    case llvm::Intrinsic::roundeven:
    case llvm::Intrinsic::sadd_sat:
    case llvm::Intrinsic::smax:
    case llvm::Intrinsic::smin:
    case llvm::Intrinsic::sqrt:
    case llvm::Intrinsic::ssub_sat:
    case llvm::Intrinsic::trunc:
    case llvm::Intrinsic::uadd_sat:
    case llvm::Intrinsic::umax:
    case llvm::Intrinsic::umin:
    case llvm::Intrinsic::usub_sat:
      return true;
    default:
      return false;
  }
}

std::string text_of(const llvm::Type& type) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  type.print(stream);
  return text;
}

/// What of an instruction there are no words for; empty if there is nothing.
std::string illegal_part(const llvm::Instruction& instruction) {
  if (!is_legal(instruction.getType())) return "the type " + text_of(*instruction.getType());
  for (const llvm::Use& operand : instruction.operands())
    if (!is_legal(operand->getType())) return "the type " + text_of(*operand->getType());
  auto* intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
  if (!intrinsic || llvm::isa<llvm::DbgInfoIntrinsic>(intrinsic)) return {};
  if (is_known(intrinsic->getIntrinsicID())) return {};
  return intrinsic->getCalledFunction()->getName().str();
}

/// Of a constant address, bytes within a variable, the back end counts elements instead where the function uses it
/// behind its first block. It gets right what an instruction computes where it is used.
void compute_constant_addresses(llvm::Module& module) {
  llvm::SmallVector<llvm::Constant*, 8> variables;
  for (llvm::GlobalVariable& variable : module.globals()) variables.push_back(&variable);
  llvm::convertUsersOfConstantsToInstructions(variables);
}

}  // namespace

void legalise(llvm::Module& module) {
  compute_constant_addresses(module);
  for (llvm::Function& function : module) {
    llvm::SmallVector<llvm::Instruction*, 16> candidates;
    for (llvm::Instruction& instruction : llvm::instructions(function))
      if (llvm::isa<llvm::IntrinsicInst, llvm::PossiblyDisjointInst, llvm::AllocaInst>(instruction))
        candidates.push_back(&instruction);
    for (llvm::Instruction* instruction : candidates) {
      llvm::Value* made = nullptr;
      if (!rewritten(*instruction, made)) continue;
      if (made) {
        made->takeName(instruction);
        instruction->replaceAllUsesWith(made);
      }
      instruction->eraseFromParent();
    }
  }
}

std::optional<std::string> illegal_in(const llvm::Module& module) {
  for (const llvm::Function& function : module) {
    for (const llvm::Instruction& instruction : llvm::instructions(function)) {
      std::string part = illegal_part(instruction);
      if (!part.empty()) return part + " in " + function.getName().str();
    }
  }
  return std::nullopt;
}

}  // namespace metate::target::spirv
