// compiler_target_null_test – loop-stage IR as plain LLVM IR, before any optimisation: codegen without a machine.
#include <gtest/gtest.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/raw_ostream.h>

#include <memory>
#include <string>

#include "compiler/codegen/module_lowering.h"
#include "compiler/codegen/module_text.h"
#include "compiler/ir/text/parse.h"
#include "compiler/target/null/null_lowering.h"

namespace metate::target::null {
namespace {

/// The valid module of some functions, with an entry to the first.
std::string lowered(std::string_view text, bool kernel = false) {
  ir::Universe universe;
  ir::ParsedText parsed = ir::parse(text, universe);
  if (parsed.error) {
    ADD_FAILURE() << parsed.error->line << ": " << parsed.error->message;
    return "";
  }
  llvm::LLVMContext context;
  auto target = make_lowering();
  codegen::ModuleLowering lowering(context, universe, *target, "test");
  for (const ir::Function& function : parsed.functions) lowering.add_function(function);
  if (kernel)
    lowering.add_kernel(parsed.functions.front(), "entry");
  else
    lowering.add_entry(parsed.functions.front(), "entry");
  std::unique_ptr<llvm::Module> module = lowering.take_module();
  std::string faults;
  llvm::raw_string_ostream stream(faults);
  EXPECT_FALSE(llvm::verifyModule(*module, &stream)) << faults;
  return codegen::module_text(*module);
}

size_t count(const std::string& text, std::string_view part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(NullTarget, AParallelNestIsALoop) {
  const std::string ir = lowered(R"(
func @fill(%x: array<f64,1,C>, %v: f64) -> const[None] stage loop {
^0:
  %n = dim 0 %x : weak_int
  nest parallel rank 1 (%n) {
  ^1(%i: weak_int):
    store %v, %x, %i
    yield
  }
  %none = const None : const[None]
  return %none
})");
  EXPECT_EQ(ir.find("metate_parallel"), std::string::npos) << ir;
  EXPECT_NE(ir.find("phi i64"), std::string::npos) << ir;
  EXPECT_EQ(count(ir, "store double"), 1u) << ir;
}

TEST(NullTarget, AnErrorReturnsAStatus) {
  const std::string ir = lowered(R"(
func @item(%x: array<f64,1,C>, %i: weak_int) -> f64 stage loop {
^0:
  %n = dim 0 %x : weak_int
  %k = index [0, wrap, check] %i, %n : weak_int
  %v = load %x, %k : f64
  return %v
})");
  EXPECT_NE(ir.find("ret i32 1"), std::string::npos) << ir;
  EXPECT_NE(ir.find("ret i32 0"), std::string::npos) << ir;
}

TEST(NullTarget, MathematicsStaysACall) {
  const std::string ir = lowered(R"(
func @wave(%x: f32) -> f32 stage loop {
^0:
  %y = op sin %x : f32
  return %y
})");
  EXPECT_NE(ir.find("call float @metate.sin.f32(float"), std::string::npos) << ir;
}

TEST(NullTarget, HasOneWorkItem) {
  const std::string ir = lowered(R"(
func @put(%x: array<i64,1,C>) -> const[None] stage loop {
^0:
  %zero = const 0 : weak_int
  %i = work_item global_id %zero : weak_int
  %n = work_item global_size %zero : weak_int
  %m = cast %n : i64
  store %m, %x, %i
  %none = const None : const[None]
  return %none
})",
                                 true);
  EXPECT_NE(ir.find("store i64 1,"), std::string::npos) << ir;
}

}  // namespace
}  // namespace metate::target::null
