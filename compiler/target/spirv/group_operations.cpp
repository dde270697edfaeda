#include "compiler/target/spirv/group_operations.h"

#include <llvm/IR/Module.h>

#include "compiler/codegen/function_lowering.h"
#include "compiler/target/spirv/builtins.h"

namespace metate::target::spirv {
namespace {

using codegen::FunctionLowering;
using ir::GroupCombine;
using ir::GroupForm;

// OpenCL's names; those of SPIR-V's instructions are not known to the back end.
constexpr char kShuffle[] = "sub_group_shuffle";
constexpr char kBallot[] = "sub_group_ballot";

std::string mangled_type(llvm::Type* type) {
  if (auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type))
    return "Dv" + std::to_string(vector->getNumElements()) + "_" + mangled_type(vector->getElementType());
  if (type->isFloatTy()) return "f";
  if (type->isDoubleTy()) return "d";
  if (type->isHalfTy()) return "Dh";
  return type->isIntegerTy(1) ? "b" : type->isIntegerTy(64) ? "m" : "j";
}

/// The part of an instruction's name between "Group" and, for an extension's, "KHR".
std::string instruction_name(GroupCombine combine, types::DType dtype) {
  bool is_float = types::is_float(dtype);
  std::string kind = is_float ? "F" : types::is_signed(dtype) ? "S" : "U";
  switch (combine) {
    case GroupCombine::kAdd:
      return is_float ? "FAdd" : "IAdd";
    case GroupCombine::kMultiply:  // from here on of SPV_KHR_uniform_group_instructions, but for …
      return is_float ? "FMulKHR" : "IMulKHR";
    case GroupCombine::kMinimum:  // … these two
      return kind + "Min";
    case GroupCombine::kMaximum:
      return kind + "Max";
    case GroupCombine::kAnd:
      return "BitwiseAndKHR";
    case GroupCombine::kOr:
      return "BitwiseOrKHR";
    case GroupCombine::kXor:
      return "BitwiseXorKHR";
  }
  METATE_UNREACHABLE();
}

/// SPIR-V's number of a GroupOperation (3.26).
uint32_t spirv_group_operation(GroupForm form) {
  return form == GroupForm::kInclusiveScan ? 1 : form == GroupForm::kExclusiveScan ? 2 : 0;
}

class GroupLowering {
 public:
  GroupLowering(FunctionLowering& lowering, ir::GroupOperation operation, types::DType dtype,
                std::span<llvm::Value* const> operands)
      : lowering_(lowering), b_(lowering.builder()), operation_(operation), dtype_(dtype), operands_(operands) {}

  llvm::Value* lower() {
    llvm::Value* value = operands_[0];
    switch (operation_.form) {
      case GroupForm::kReduce:
      case GroupForm::kInclusiveScan:
      case GroupForm::kExclusiveScan:
        return reduce_or_scan(value);
      case GroupForm::kAny:
        return call("__spirv_GroupAny", value->getType(), {scope(), value});
      case GroupForm::kAll:
        return call("__spirv_GroupAll", value->getType(), {scope(), value});
      case GroupForm::kBallot:
        return ballot(value);
      case GroupForm::kBroadcast:
        return narrow(call("__spirv_GroupBroadcast", widen(value)->getType(), {scope(), widen(value), item_number()}));
      case GroupForm::kSelect: {
        llvm::Value* wide = widen(value);
        return narrow(call(kShuffle, wide->getType(), {wide, number()}));
      }
    }
    METATE_UNREACHABLE();
  }

 private:
  llvm::Value* call(const std::string& name, llvm::Type* result, llvm::ArrayRef<llvm::Value*> arguments) {
    std::string mangled = "_Z" + std::to_string(name.size()) + name;
    for (llvm::Value* argument : arguments) mangled += mangled_type(argument->getType());
    return call_convergent_builtin(lowering_, mangled, result, arguments);
  }

  llvm::Value* scope() {
    return b_.getInt32(spirv_scope(operation_.sub_group ? ir::MemoryScope::kSubGroup : ir::MemoryScope::kWorkGroup));
  }

  /// Devices have the instructions for 32 and 64 bits.
  llvm::Value* widen(llvm::Value* value) {
    if (!value->getType()->isIntegerTy() || value->getType()->getIntegerBitWidth() >= 32) return value;
    return types::is_signed(dtype_) ? b_.CreateSExt(value, b_.getInt32Ty()) : b_.CreateZExt(value, b_.getInt32Ty());
  }

  llvm::Value* narrow(llvm::Value* result) {
    llvm::Type* type = operands_[0]->getType();
    return type->isIntegerTy() ? b_.CreateTrunc(result, type) : result;
  }

  llvm::Value* number() { return b_.CreateTrunc(operands_[1], b_.getInt32Ty()); }

  llvm::Value* reduce_or_scan(llvm::Value* value) {
    if (is_extremum() && types::is_float(dtype_) && !assumes_no_nan()) return extremum_with_nan(value);
    llvm::Value* wide = widen(value);
    llvm::Value* result = combine(instruction_name(operation_.combine, dtype_), wide);
    return wide == value ? result : of_no_items(narrow(result));
  }

  llvm::Value* combine(const std::string& instruction, llvm::Value* value) {
    llvm::Value* how = b_.getInt32(spirv_group_operation(operation_.form));
    return call("__spirv_Group" + instruction, value->getType(), {scope(), how, value});
  }

  bool is_extremum() const {
    return operation_.combine == GroupCombine::kMinimum || operation_.combine == GroupCombine::kMaximum;
  }

  bool assumes_no_nan() const { return b_.getFastMathFlags().noNaNs(); }

  /// As fmin and fmax: of NaN and a number, the number. What OpGroupFMin and OpGroupFMax do with NaN SPIR-V leaves
  /// open, so that the items compare integers in their place, which are in the order of the floats.
  llvm::Value* extremum_with_nan(llvm::Value* value) {
    llvm::Type* type = value->getType();
    if (type->isHalfTy()) value = b_.CreateFPExt(value, b_.getFloatTy());  // exact, and back
    const bool least = operation_.combine == GroupCombine::kMinimum;
    const unsigned bits = value->getType()->getPrimitiveSizeInBits();
    llvm::Type* integer = b_.getIntNTy(bits);
    // The last integer in the order is that of a NaN, and is what a scan begins with.
    const llvm::APInt last = least ? llvm::APInt::getSignedMaxValue(bits) : llvm::APInt::getSignedMinValue(bits);
    llvm::Value* key = in_order(b_.CreateBitCast(value, integer));
    key = b_.CreateSelect(b_.CreateFCmpUNO(value, value), b_.getInt(last), key);
    key = combine(least ? "SMin" : "SMax", key);
    llvm::Value* result = b_.CreateBitCast(in_order(key), value->getType());
    if (operation_.form == GroupForm::kExclusiveScan) {
      llvm::Value* identity = llvm::ConstantFP::getInfinity(value->getType(), /*Negative=*/!least);
      result = b_.CreateSelect(b_.CreateFCmpUNO(result, result), identity, result);
    }
    return type->isHalfTy() ? b_.CreateFPTrunc(result, type) : result;
  }

  /// The bits of a float as an integer with its place in the order of floats, and back: those of a negative one count
  /// backwards.
  llvm::Value* in_order(llvm::Value* bits) {
    const unsigned width = bits->getType()->getIntegerBitWidth();
    llvm::Value* sign = b_.CreateAShr(bits, width - 1);
    return b_.CreateXor(bits, b_.CreateLShr(sign, 1));
  }

  /// The first item of an exclusive scan got the least or greatest of 32 bits, which is none of the narrow type.
  llvm::Value* of_no_items(llvm::Value* result) {
    bool least = operation_.combine == GroupCombine::kMaximum;
    bool matters = operation_.form == GroupForm::kExclusiveScan && types::is_signed(dtype_) &&
                   (least || operation_.combine == GroupCombine::kMinimum);
    if (!matters) return result;
    unsigned bits = result->getType()->getIntegerBitWidth();
    llvm::APInt identity = least ? llvm::APInt::getSignedMinValue(bits) : llvm::APInt::getSignedMaxValue(bits);
    return b_.CreateSelect(is_first(), b_.getInt(identity), result);
  }

  llvm::Value* query(ir::WorkItemQuery query, uint64_t dimension = 0) {
    return lowering_.module().target().work_item(lowering_, query, b_.getInt64(dimension));
  }

  llvm::Value* is_first() {
    if (operation_.sub_group) return b_.CreateICmpEQ(query(ir::WorkItemQuery::kSubGroupLocalId), b_.getInt64(0));
    llvm::Value* any = b_.getInt64(0);
    for (uint64_t d = 0; d < lowering_.ir().options.kernel_rank; ++d)
      any = b_.CreateOr(any, query(ir::WorkItemQuery::kLocalId, d));
    return b_.CreateICmpEQ(any, b_.getInt64(0));
  }

  /// As OpGroupBroadcast wants it: in a group of several dimensions a vector of the item's local ids, the device's
  /// first dimension (Python's last) first.
  llvm::Value* item_number() {
    if (operation_.sub_group) return number();
    unsigned rank = lowering_.ir().options.kernel_rank;
    llvm::Value* rest = operands_[1];
    if (rank == 1) return rest;
    llvm::Value* ids = llvm::PoisonValue::get(llvm::FixedVectorType::get(b_.getInt64Ty(), rank));
    for (unsigned i = 0; i < rank; ++i) {
      llvm::Value* extent = query(ir::WorkItemQuery::kLocalSize, rank - 1 - i);
      ids = b_.CreateInsertElement(ids, i + 1 < rank ? b_.CreateURem(rest, extent) : rest, uint64_t{i});
      rest = b_.CreateUDiv(rest, extent);
    }
    return ids;
  }

  llvm::Value* ballot(llvm::Value* condition) {
    auto* words_type = llvm::FixedVectorType::get(b_.getInt32Ty(), 4);
    llvm::Value* words = call(kBallot, words_type, {b_.CreateZExt(condition, b_.getInt32Ty())});
    auto word = [&](uint64_t i) { return b_.CreateZExt(b_.CreateExtractElement(words, i), b_.getInt64Ty()); };
    return b_.CreateOr(word(0), b_.CreateShl(word(1), 32));
  }

  FunctionLowering& lowering_;
  llvm::IRBuilder<>& b_;
  ir::GroupOperation operation_;
  types::DType dtype_;
  std::span<llvm::Value* const> operands_;
};

}  // namespace

llvm::Value* lower_group(FunctionLowering& lowering, ir::GroupOperation operation, types::DType dtype,
                         std::span<llvm::Value* const> operands) {
  return GroupLowering(lowering, operation, dtype, operands).lower();
}

bool needs_version_1_3(const llvm::Module& module) {
  for (const llvm::Function& function : module)
    if (function.getName().contains(kShuffle) || function.getName().contains(kBallot)) return true;
  return false;
}

}  // namespace metate::target::spirv
