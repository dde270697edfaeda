// compiler_target_cpu_test – loop-stage IR as machine code: what must be vectors is vectors.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "compiler/codegen/module_lowering.h"
#include "compiler/ir/text/parse.h"
#include "compiler/target/cpu/cpu_lowering.h"
#include "runtime/jit/jit.h"

namespace metate::target::cpu {
namespace {

std::string optimised_ir(std::string_view text) {
  ir::Universe universe;
  ir::ParsedText parsed = ir::parse(text, universe);
  EXPECT_FALSE(parsed.error) << parsed.error->line << ": " << parsed.error->message;
  auto jit = jit::Jit::create();
  EXPECT_TRUE(jit);
  jit::OwnedModule owned{.context = std::make_unique<llvm::LLVMContext>(), .module = nullptr};
  auto target = make_lowering((*jit)->cpu().triple, (*jit)->cpu().data_layout);
  codegen::ModuleLowering lowering(*owned.context, universe, *target, "test");
  for (const ir::Function& function : parsed.functions) lowering.add_function(function);
  lowering.add_entry(parsed.functions.front(), "entry");
  owned.module = lowering.take_module();
  auto compiled = (*jit)->compile(std::move(owned), {.verify = true, .keep_ir = true});
  EXPECT_TRUE(compiled) << compiled.error().message;
  return compiled ? compiled->ir : "";
}

// The 1 must be a constant in the outlined body too: loaded from its captures, nothing is known of `j + 1`.
TEST(CpuTarget, CheckedStencilInAParallelNestIsVectorised) {
  const std::string ir = optimised_ir(R"(
func @smooth(%x: array<f64,2,C>, %y: array<f64,2,C>) -> const[None] stage loop {
^0:
  %n = dim 0 %x : weak_int
  %m = dim 1 %x : weak_int
  %p = dim 0 %y : weak_int
  %q = dim 1 %y : weak_int
  %one = const 1 : weak_int
  %two = const 2 : weak_int
  %n2 = op subtract %n, %two : weak_int
  %m2 = op subtract %m, %two : weak_int
  nest parallel rank 1 (%n2) {
  ^1(%i0: weak_int):
    %i = op add %i0, %one : weak_int
    nest serial rank 1 (%m2) {
    ^2(%j0: weak_int):
      %j = op add %j0, %one : weak_int
      %im = op subtract %i, %one : weak_int
      %ip = op add %i, %one : weak_int
      %a0 = index [0, wrap, check] %im, %n : weak_int
      %a1 = index [1, wrap, check] %j, %m : weak_int
      %v0 = load %x, %a0, %a1 : f64
      %b0 = index [0, wrap, check] %ip, %n : weak_int
      %b1 = index [1, wrap, check] %j, %m : weak_int
      %v1 = load %x, %b0, %b1 : f64
      %s = op add %v0, %v1 : f64
      %c0 = index [0, wrap, check] %i, %p : weak_int
      %c1 = index [1, wrap, check] %j, %q : weak_int
      store %s, %y, %c0, %c1
      yield
    }
    yield
  }
  %none = const None : const[None]
  return %none
})");
  EXPECT_NE(ir.find("@metate_parallel"), std::string::npos) << ir;
  EXPECT_NE(ir.find("fadd <"), std::string::npos) << ir;
}

TEST(CpuTarget, MathematicsBecomesVectorCalls) {
  const std::string ir = optimised_ir(R"(
func @wave(%x: array<f32,1,C>, %y: array<f32,1,C>) -> const[None] stage loop {
^0:
  %n = dim 0 %x : weak_int
  nest serial rank 1 (%n) {
  ^1(%i: weak_int):
    %v = load %x, %i : f32
    %w = op sin %v : f32
    store %w, %y, %i
    yield
  }
  %none = const None : const[None]
  return %none
})");
  EXPECT_NE(ir.find("x float> @Sleef_"), std::string::npos) << ir;
}

}  // namespace
}  // namespace metate::target::cpu
