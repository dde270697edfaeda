// compiler_target_spirv_test – what the optimiser makes and SPIR-V has no words for, in other words: with numbers,
// which the builder folds, so that the values themselves can be looked at.
#include <gtest/gtest.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/MathExtras.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/target/spirv/emit.h"
#include "compiler/target/spirv/legalise.h"

namespace metate::target::spirv {
namespace {

using llvm::Intrinsic::ID;

/// A function that returns what `body` makes, legalised.
class Legalised {
 public:
  using Body = std::function<llvm::Value*(llvm::IRBuilder<>&)>;

  Legalised(unsigned width, const Body& body) : module_("test", context_), builder_(context_) {
    auto* type = llvm::FunctionType::get(builder_.getIntNTy(width), false);
    auto* function = llvm::Function::Create(type, llvm::Function::ExternalLinkage, "f", module_);
    builder_.SetInsertPoint(llvm::BasicBlock::Create(context_, "entry", function));
    return_ = builder_.CreateRet(body(builder_));
    legalise(module_);
    EXPECT_FALSE(llvm::verifyModule(module_));
  }

  std::optional<std::string> illegal() const { return illegal_in(module_); }
  llvm::Value* value() const { return return_->getReturnValue(); }
  uint64_t number() const { return llvm::cast<llvm::ConstantInt>(value())->getZExtValue(); }
  const llvm::BasicBlock& block() const { return *return_->getParent(); }

 private:
  llvm::LLVMContext context_;
  llvm::Module module_;
  llvm::IRBuilder<> builder_;
  llvm::ReturnInst* return_ = nullptr;
};

/// One part of the pair that an operation on two bytes gives, which no builder folds before it is legalised.
uint64_t part_of(ID id, int a, int b, unsigned part) {
  const Legalised made(part == 0 ? 8 : 1, [&](llvm::IRBuilder<>& builder) -> llvm::Value* {
    llvm::Function* function =
        llvm::Intrinsic::getOrInsertDeclaration(builder.GetInsertBlock()->getModule(), id, {builder.getInt8Ty()});
    llvm::Value* pair = builder.CreateCall(
        function, {builder.getInt8(static_cast<uint8_t>(a)), builder.getInt8(static_cast<uint8_t>(b))});
    return builder.CreateExtractValue(pair, part);
  });
  EXPECT_FALSE(made.illegal());
  return made.number();
}

struct Checked {
  ID id;
  bool is_signed;
  int (*exact)(int, int);
};

TEST(Legalise, TellsOverflowsOfAllBytes) {
  const Checked operations[] = {
      {llvm::Intrinsic::sadd_with_overflow, true, [](int a, int b) { return a + b; }},
      {llvm::Intrinsic::uadd_with_overflow, false, [](int a, int b) { return a + b; }},
      {llvm::Intrinsic::ssub_with_overflow, true, [](int a, int b) { return a - b; }},
      {llvm::Intrinsic::usub_with_overflow, false, [](int a, int b) { return a - b; }},
      {llvm::Intrinsic::smul_with_overflow, true, [](int a, int b) { return a * b; }},
      {llvm::Intrinsic::umul_with_overflow, false, [](int a, int b) { return a * b; }},
  };
  for (const Checked& operation : operations) {
    const int low = operation.is_signed ? -128 : 0, high = low + 255;
    for (int a = low; a <= high; a += 3) {
      for (int b : {low, low + 1, -2, -1, 0, 1, 2, 3, 7, 16, 42, 100, high - 1, high}) {
        if (b < low) continue;
        const int exact = operation.exact(a, b);
        SCOPED_TRACE(llvm::Intrinsic::getBaseName(operation.id).str() + " of " + std::to_string(a) + " and " +
                     std::to_string(b));
        ASSERT_EQ(part_of(operation.id, a, b, 0), static_cast<uint8_t>(exact));
        ASSERT_EQ(part_of(operation.id, a, b, 1), exact < low || exact > high);
      }
    }
  }
}

TEST(Legalise, ReversesBits) {
  for (unsigned width : {8u, 16u, 32u, 64u}) {
    for (uint64_t number : {0x0ull, 0x1ull, 0x80ull, 0x2bull, 0x8000000000000001ull, 0x123456789abcdef0ull, ~0ull}) {
      const uint64_t given = number & llvm::maskTrailingOnes<uint64_t>(width);
      const Legalised made(width, [&](llvm::IRBuilder<>& builder) {
        llvm::Function* function = llvm::Intrinsic::getOrInsertDeclaration(
            builder.GetInsertBlock()->getModule(), llvm::Intrinsic::bitreverse, {builder.getIntNTy(width)});
        return builder.CreateCall(function, {builder.getIntN(width, given)});
      });
      EXPECT_EQ(made.number(), llvm::reverseBits(given) >> (64 - width)) << width << " " << given;
    }
  }
}

TEST(Legalise, ComparesThreeWays) {
  for (auto [id, expected] : {std::pair(llvm::Intrinsic::scmp, 1), std::pair(llvm::Intrinsic::ucmp, -1)}) {
    const Legalised made(8, [&, id = id](llvm::IRBuilder<>& builder) {
      llvm::Function* function = llvm::Intrinsic::getOrInsertDeclaration(builder.GetInsertBlock()->getModule(), id,
                                                                         {builder.getInt8Ty(), builder.getInt64Ty()});
      return builder.CreateCall(function, {builder.getInt64(3), builder.getInt64(static_cast<uint64_t>(-3))});
    });
    EXPECT_EQ(static_cast<int8_t>(made.number()), expected);
    EXPECT_FALSE(made.illegal());
  }
}

TEST(Legalise, MakesArraysOfNumbersOfElements) {
  const Legalised made(32, [](llvm::IRBuilder<>& builder) {
    llvm::AllocaInst* memory = builder.CreateAlloca(builder.getInt32Ty(), builder.getInt64(6));
    return builder.CreateLoad(builder.getInt32Ty(), memory);
  });
  const auto& memory = llvm::cast<llvm::AllocaInst>(made.block().front());
  EXPECT_FALSE(memory.isArrayAllocation());
  EXPECT_EQ(memory.getAllocatedType()->getArrayNumElements(), 6u);
}

TEST(Legalise, ComputesConstantAddresses) {
  const Legalised made(32, [](llvm::IRBuilder<>& builder) {
    auto* type = llvm::ArrayType::get(builder.getInt32Ty(), 2);
    auto* variable =
        new llvm::GlobalVariable(*builder.GetInsertBlock()->getModule(), type, false,
                                 llvm::GlobalValue::InternalLinkage, llvm::UndefValue::get(type), "memory");
    llvm::Constant* address = llvm::ConstantExpr::getInBoundsGetElementPtr(
        builder.getInt8Ty(), variable, llvm::ArrayRef<llvm::Constant*>{builder.getInt64(4)});
    return builder.CreateLoad(builder.getInt32Ty(), address);
  });
  EXPECT_TRUE(llvm::isa<llvm::GetElementPtrInst>(llvm::cast<llvm::LoadInst>(made.value())->getPointerOperand()));
}

TEST(Legalise, NamesWhatThereAreNoWordsFor) {
  const Legalised wide(64, [](llvm::IRBuilder<>& builder) {
    llvm::Value* loaded = builder.CreateLoad(builder.getInt64Ty(), builder.CreateAlloca(builder.getInt64Ty()));
    llvm::Value* square = builder.CreateMul(builder.CreateZExt(loaded, builder.getIntNTy(65)), builder.getIntN(65, 5));
    return builder.CreateTrunc(builder.CreateLShr(square, 1), builder.getInt64Ty());
  });
  EXPECT_EQ(wide.illegal(), "the type i65 in f");
  const Legalised unknown(32, [](llvm::IRBuilder<>& builder) {
    llvm::Value* loaded = builder.CreateLoad(builder.getFloatTy(), builder.CreateAlloca(builder.getFloatTy()));
    llvm::Value* made = builder.CreateUnaryIntrinsic(llvm::Intrinsic::canonicalize, loaded);
    return builder.CreateBitCast(made, builder.getInt32Ty());
  });
  EXPECT_EQ(unknown.illegal(), "llvm.canonicalize.f32 in f");
}

/// A kernel that only waits for the others of its group, with these memory semantics.
MakeModule waiting_kernel(uint32_t semantics) {
  return [semantics](llvm::LLVMContext& context) {
    auto module = std::make_unique<llvm::Module>("test", context);
    llvm::IRBuilder<> builder(context);
    llvm::Type* i32 = builder.getInt32Ty();
    auto* kernel = llvm::Function::Create(llvm::FunctionType::get(builder.getVoidTy(), false),
                                          llvm::Function::ExternalLinkage, "waiting", *module);
    kernel->setCallingConv(llvm::CallingConv::SPIR_KERNEL);
    builder.SetInsertPoint(llvm::BasicBlock::Create(context, "entry", kernel));
    llvm::FunctionCallee barrier =
        module->getOrInsertFunction("_Z22__spirv_ControlBarrieriii", builder.getVoidTy(), i32, i32, i32);
    llvm::cast<llvm::Function>(barrier.getCallee())->setCallingConv(llvm::CallingConv::SPIR_FUNC);
    llvm::CallInst* call =
        builder.CreateCall(barrier, {builder.getInt32(2), builder.getInt32(2), builder.getInt32(semantics)});
    call->setCallingConv(llvm::CallingConv::SPIR_FUNC);
    builder.CreateRetVoid();
    return module;
  };
}

TEST(Emit, ValidatesWhatTheBackEndWrites) {
  constexpr uint32_t kAcquire = 2, kRelease = 4, kWorkgroupMemory = 0x100, kVersion1_2 = 0x00010200;
  base::Result<std::vector<uint32_t>> valid = emit(waiting_kernel(kAcquire | kWorkgroupMemory), {.also_valid_as = 4});
  ASSERT_TRUE(valid) << valid.error().message;
  EXPECT_EQ((*valid)[1], kVersion1_2) << "the words are those of the lowest version";
  const base::Result<std::vector<uint32_t>> invalid = emit(waiting_kernel(kAcquire | kRelease | kWorkgroupMemory), {});
  ASSERT_FALSE(invalid);
  EXPECT_EQ(invalid.error().code, base::ErrorCode::kInternal);
  EXPECT_TRUE(invalid.error().message.find("the module is not valid SPIR-V 1.2: ControlBarrier: Memory Semantics") !=
              std::string::npos)
      << invalid.error().message;
}

}  // namespace
}  // namespace metate::target::spirv
