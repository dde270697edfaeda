// runtime_jit_test – modules become running code; what goes wrong becomes an Error and the process lives.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "llvm/Support/ErrorHandling.h"

#include "runtime/abi/math_functions.h"
#include "runtime/jit/crash_guard.h"
#include "runtime/jit/jit.h"
#include "runtime/jit/object_symbols.h"
#include "tests/unit/runtime_jit_modules.h"

#if defined(__has_feature) && __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
using LeaksAreExpected = __lsan::ScopedDisabler;
#else
struct LeaksAreExpected {
  LeaksAreExpected() {}  // so that it counts as used
};
#endif

namespace metate::jit {
namespace {

// out[i] = f(in[i]) for one call of mathematics, with the flags that are given.
std::string math_loop(const std::string& function, const std::string& flags = "") {
  return "declare double @metate." + function + ".f64(double)\n" + R"(
define void @map(ptr noalias %in, ptr noalias %out, i64 %n) {
entry:
  %some = icmp sgt i64 %n, 0
  br i1 %some, label %loop, label %exit
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr double, ptr %in, i64 %i
  %x = load double, ptr %from
  %y = call )" +
         flags + " double @metate." + function + R"(.f64(double %x)
  %to = getelementptr double, ptr %out, i64 %i
  store double %y, ptr %to
  %next = add nuw nsw i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
})";
}

using Map = void(const double*, double*, int64_t);

TEST(Jit, RunsCode) {
  auto code = build("define i64 @add(i64 %a, i64 %b) {\n %c = add i64 %a, %b\n ret i64 %c\n}");
  ASSERT_TRUE(code);
  EXPECT_EQ(code->function<int64_t(int64_t, int64_t)>("add")(40, 2), 42);
  EXPECT_EQ(code->lookup("subtract"), nullptr);
}

TEST(Jit, EveryLevelGivesTheSameValue) {
  for (int level = 0; level <= 3; ++level) {
    auto code = build(math_loop("exp"), {.optimisation = level, .verify = true});
    ASSERT_TRUE(code);
    std::vector<double> in(37), out(37);
    for (size_t i = 0; i < in.size(); ++i) in[i] = 0.37 * static_cast<double>(i) - 5;
    code->function<Map>("map")(in.data(), out.data(), 37);
    for (size_t i = 0; i < in.size(); ++i) {
      EXPECT_EQ(out[i], abi::evaluate_math(*abi::find_math_function("exp", false), in[i])) << "level " << level;
    }
  }
}

TEST(Jit, KeepsTextOnRequest) {
  Compiled compiled = compile(math_loop("sin"), {.keep_ir = true, .keep_assembly = true});
  EXPECT_NE(compiled.ir.find("define void @map"), std::string::npos);
  EXPECT_NE(compiled.assembly.find("map:"), std::string::npos);
  EXPECT_FALSE(compiled.object.empty());
  EXPECT_TRUE(compile(math_loop("sin")).ir.empty());
}

TEST(VectorMath, LoopsCallVectorForms) {
  const HostCpu& cpu = shared_jit().cpu();
  if (!cpu.has("avx2,fma")) GTEST_SKIP() << "needs AVX2";
  const std::string ir = compile(math_loop("sin"), {.keep_ir = true}).ir;
  const bool wide = ir.find("call <8 x double> @Sleef_finz_sind8_u10avx512f") != std::string::npos;
  EXPECT_TRUE(wide || ir.find("call <4 x double> @Sleef_finz_sind4_u10avx2") != std::string::npos) << ir;
  EXPECT_NE(ir.find("@Sleef_finz_sind1_u10purecfma"), std::string::npos) << "the remainder's scalar form";
}

TEST(VectorMath, ValueDoesNotDependOnThePlaceInTheArray) {
  auto code = build(math_loop("sin"));
  ASSERT_TRUE(code);
  std::vector<double> in(64, 1.2345), out(64);
  for (int64_t n = 0; n <= 64; ++n) {
    code->function<Map>("map")(in.data(), out.data(), n);
    for (int64_t i = 0; i < n; ++i) ASSERT_EQ(out[i], out[0]);
  }
}

TEST(VectorMath, ApproximateCallsTakeFastForms) {
  if (!shared_jit().cpu().has("fma")) GTEST_SKIP() << "fast rows exist for the fused family only";
  EXPECT_NE(compile(math_loop("sin", "afn"), {.keep_ir = true}).ir.find("_u35"), std::string::npos);
  EXPECT_EQ(compile(math_loop("sin"), {.keep_ir = true}).ir.find("_u35"), std::string::npos);
  // exp has one form only.
  EXPECT_NE(compile(math_loop("exp", "fast"), {.keep_ir = true}).ir.find("_u10"), std::string::npos);
}

TEST(VectorMath, CallsUnderConditionsAreVectorised) {
  if (!shared_jit().cpu().has("avx2,fma")) GTEST_SKIP() << "needs AVX2";
  std::string text = math_loop("log");
  const std::string call = "  %y = call  double @metate.log.f64(double %x)\n";
  const size_t at = text.find(call);
  ASSERT_NE(at, std::string::npos);
  // y = x > 0 ? log(x) : x, as a branch.
  text.replace(at, call.size(), R"(
  %positive = fcmp ogt double %x, 0.0
  br i1 %positive, label %then, label %join
then:
  %l = call double @metate.log.f64(double %x)
  br label %join
join:
  %y = phi double [ %l, %then ], [ %x, %loop ]
)");
  text.replace(text.find("[ %next, %loop ]"), 16, "[ %next, %join ]");
  EXPECT_NE(compile(text, {.verify = true, .keep_ir = true}).ir.find("x double> @Sleef_finz_logd"), std::string::npos);
}

TEST(VectorMath, InvariantCallsLeaveTheLoop) {
  std::string text = math_loop("cos");
  const size_t at = text.find("(double %x)\n  %to");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 11, "(double 0.5)");
  const std::string ir = compile(text, {.keep_ir = true}).ir;
  EXPECT_EQ(ir.find("call <"), std::string::npos) << ir;
}

TEST(VectorMath, UnknownFunctionIsABug) {
  auto compiled = shared_jit().compile(parse(math_loop("sinecure")), {});
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().code, base::ErrorCode::kInternal);
  EXPECT_NE(compiled.error().message.find("metate.sinecure.f64"), std::string::npos);
}

TEST(VectorMath, WrongSignatureIsABug) {
  auto compiled = shared_jit().compile(
      parse("declare double @metate.ldexp.f64(double, i64)\ndefine double @f(double %x, i64 %n) {\n"
            " %y = call double @metate.ldexp.f64(double %x, i64 %n)\n ret double %y\n}"),
      {});
  ASSERT_FALSE(compiled);
  EXPECT_NE(compiled.error().message.find("signature"), std::string::npos) << compiled.error().message;
}

TEST(VectorMath, FunctionsOfLibmAreCalledAndNotFolded) {
  auto code = build(
      "declare double @metate.ldexp.f64(double, i32)\ndeclare double @metate.fmod.f64(double, double)\n"
      "define double @f(double %x, i32 %n) {\n %y = call double @metate.ldexp.f64(double %x, i32 %n)\n"
      " %z = call double @metate.fmod.f64(double 7.5, double 2.0)\n"
      " %s = fadd double %y, %z\n ret double %s\n}");
  ASSERT_TRUE(code);
  EXPECT_EQ((code->function<double(double, int32_t)>("f")(0.75, 3)), 6.0 + 1.5);
}

// A checked index that may be negative: c[i] += a[i], with an error exit that says which index it was.
constexpr const char* kCheckedLoop = R"(
define i32 @checked(ptr %a, i64 %na, ptr %c, i64 %nc, ptr %where) {
entry:
  %some = icmp sgt i64 %na, 0
  br i1 %some, label %loop, label %exit
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %store ]
  %neg.a = icmp slt i64 %i, 0
  %wrapped.a = add i64 %i, %na
  %index.a = select i1 %neg.a, i64 %wrapped.a, i64 %i
  %ok.a = icmp ult i64 %index.a, %na
  br i1 %ok.a, label %load, label %fail
load:
  %from = getelementptr double, ptr %a, i64 %index.a
  %x = load double, ptr %from
  %neg.c = icmp slt i64 %i, 0
  %wrapped.c = add i64 %i, %nc
  %index.c = select i1 %neg.c, i64 %wrapped.c, i64 %i
  %ok.c = icmp ult i64 %index.c, %nc
  br i1 %ok.c, label %store, label %fail
store:
  %to = getelementptr double, ptr %c, i64 %index.c
  %old = load double, ptr %to
  %sum = fadd double %old, %x
  store double %sum, ptr %to
  %next = add nuw nsw i64 %i, 1
  %more = icmp slt i64 %next, %na
  br i1 %more, label %loop, label %exit
fail:
  store i64 %i, ptr %where
  ret i32 1
exit:
  ret i32 0
})";

TEST(Pipeline, RangeChecksLeaveTheLoopAndItIsVectorised) {
  for (int level : {2, 3}) {
    const std::string ir = compile(kCheckedLoop, {.optimisation = level, .keep_ir = true}).ir;
    EXPECT_NE(ir.find("fadd <"), std::string::npos) << "level " << level << "\n" << ir;
  }
}

TEST(Pipeline, RangeChecksStillFail) {
  auto code = build(kCheckedLoop);
  ASSERT_TRUE(code);
  auto* checked = code->function<int32_t(const double*, int64_t, double*, int64_t, int64_t*)>("checked");
  std::vector<double> a(100, 1), c(100, 0);
  int64_t where = -1;
  EXPECT_EQ(checked(a.data(), 100, c.data(), 100, &where), 0);
  EXPECT_EQ(checked(a.data(), 100, c.data(), 60, &where), 1);
  EXPECT_EQ(where, 60);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(c[i], i < 60 ? 2 : 1) << "what came before the error has happened";
}

TEST(Linker, MissingSymbolIsNamed) {
  const std::string text =
      "declare i64 @metate_nowhere(i64)\ndefine i64 @f(i64 %x) {\n"
      " %y = call i64 @metate_nowhere(i64 %x)\n ret i64 %y\n}";
  auto linked = shared_jit().link(compile(text).object, nullptr);
  ASSERT_FALSE(linked);
  EXPECT_EQ(linked.error().code, base::ErrorCode::kInternal);
  EXPECT_NE(linked.error().message.find("metate_nowhere"), std::string::npos);
  // Not even what the process has, if compiled code has no business there.
  const std::string exits = "declare void @exit(i32)\ndefine void @f() {\n call void @exit(i32 1)\n ret void\n}";
  EXPECT_FALSE(shared_jit().link(compile(exits).object, nullptr));
}

int64_t triple(int64_t x) { return 3 * x; }

TEST(Linker, ProviderGivesAddresses) {
  const std::string text =
      "declare i64 @helper(i64)\ndefine i64 @f(i64 %x) {\n"
      " %y = call i64 @helper(i64 %x)\n %z = add i64 %y, 1\n ret i64 %z\n}";
  auto code = build(text, {}, [](std::string_view name) -> const void* {
    return name == "helper" ? reinterpret_cast<const void*>(triple) : nullptr;
  });
  ASSERT_TRUE(code);
  EXPECT_EQ(code->function<int64_t(int64_t)>("f")(5), 16);
}

TEST(Linker, CompilerRoutinesAndMemoryFunctionsAreThere) {
  auto code = build(R"(
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
define i64 @divide(i64 %high, i64 %d) {
  %h = sext i64 %high to i128
  %shifted = shl i128 %h, 20
  %d128 = sext i64 %d to i128
  %q = sdiv i128 %shifted, %d128
  %r = trunc i128 %q to i64
  ret i64 %r
}
define void @clear(ptr %p, i64 %n) {
  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 %n, i1 false)
  ret void
})");
  ASSERT_TRUE(code);
  EXPECT_EQ(code->function<int64_t(int64_t, int64_t)>("divide")(-(int64_t(1) << 50), 1 << 12), -(int64_t(1) << 58));
  std::vector<char> bytes(1000, 'x');
  code->function<void(char*, int64_t)>("clear")(bytes.data(), 999);
  EXPECT_EQ(bytes[998], 0);
  EXPECT_EQ(bytes[999], 'x');
}

size_t mapped_pages() {
  std::ifstream statm("/proc/self/statm");
  size_t pages = 0;
  statm >> pages;
  return pages;
}

TEST(Linker, MemoryIsGivenBack) {
  const ObjectBytes object = compile(math_loop("sin")).object;
  auto link_once = [&] {
    auto code = shared_jit().link(object, nullptr);
    ASSERT_TRUE(code);
    EXPECT_NE((*code)->lookup("map"), nullptr);
  };
  for (int i = 0; i < 100; ++i) link_once();  // the allocator's own growth
  const size_t before = mapped_pages();
  for (int i = 0; i < 1000; ++i) link_once();
  EXPECT_LT(mapped_pages(), before + 500) << "each link maps at least one page";
}

TEST(Linker, CodeOutlivesItsJit) {
  auto jit = Jit::create();
  ASSERT_TRUE(jit);
  auto code = (*jit)->link(compile("define i64 @seven() {\n ret i64 7\n}").object, nullptr);
  ASSERT_TRUE(code);
  jit->reset();
  EXPECT_EQ((*code)->function<int64_t()>("seven")(), 7);
}

// What LLVM leaves in the middle cannot be destroyed.
TEST(ObjectSymbols, AreWhatTheObjectNeeds) {
  const std::string text =
      "declare double @outside(double)\ndeclare double @metate.sinh.f64(double)\n"
      "define double @inside(double %x) {\n"
      " %y = call double @outside(double %x)\n %z = call double @metate.sinh.f64(double %y)\n ret double %z\n}";
  auto symbols = undefined_symbols(compile(text).object);
  ASSERT_TRUE(symbols) << symbols.error().message;
  const char* sinh = abi::find_math_function("sinh", false)->scalar(abi::host_math_family())->symbol;
  EXPECT_EQ(*symbols, (std::vector<std::string>{sinh, "outside"}));
  EXPECT_FALSE(undefined_symbols(std::as_bytes(std::span("this is no object file"))));
}

TEST(CrashGuard, FatalErrorsBecomeErrors) {
  LeaksAreExpected here;
  for (int round = 0; round < 3; ++round) {
    base::Status status = run_guarded("stage", [] { llvm::report_fatal_error("all is lost"); });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, base::ErrorCode::kInternal);
    EXPECT_EQ(status.error().message, "stage: LLVM gave up: all is lost");
#if !(defined(__has_feature) && __has_feature(thread_sanitizer))
    // Thread sanitizer does not see the jump out of the signal's handler and takes all that follows for part of it.
    EXPECT_FALSE(run_guarded("stage", [] { std::abort(); }));
#endif
    EXPECT_TRUE(run_guarded("stage", [] {}));
  }
}

TEST(CrashGuard, GuardsNest) {
  LeaksAreExpected here;
  bool after_inner = false;
  base::Status outer = run_guarded("outer", [&] {
    base::Status inner = run_guarded("inner", [] { llvm::report_fatal_error("inside"); });
    after_inner = !inner;
  });
  EXPECT_TRUE(outer);
  EXPECT_TRUE(after_inner);
}

// An intrinsic of another target: instruction selection has no answer and calls it fatal.
constexpr const char* kCannotSelect = R"(
declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()
define i32 @f() {
  %x = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  ret i32 %x
})";

TEST(Jit, SurvivesWhatLlvmDiesOf) {
  LeaksAreExpected here;
  for (int round = 0; round < 3; ++round) {
    auto compiled = shared_jit().compile(parse(kCannotSelect), {});
    ASSERT_FALSE(compiled);
    EXPECT_EQ(compiled.error().code, base::ErrorCode::kInternal);
    EXPECT_NE(compiled.error().message.find("Cannot select"), std::string::npos) << compiled.error().message;
    EXPECT_TRUE(build("define i64 @ok() {\n ret i64 1\n}"));
  }
}

TEST(Jit, VerifierSpeaks) {
  OwnedModule owned = parse("define i64 @f(i64 %x) {\n ret i64 %x\n}");
  // A block without terminator.
  owned.module->getFunction("f")->front().back().eraseFromParent();
  auto compiled = shared_jit().compile(std::move(owned), {.verify = true});
  ASSERT_FALSE(compiled);
  EXPECT_NE(compiled.error().message.find("terminator"), std::string::npos) << compiled.error().message;
}

// Reported through the context's diagnostic handler, whose default exits the process.
TEST(Jit, ErrorsOfTheBackEndAreCollected) {
  auto compiled =
      shared_jit().compile(parse("define i64 @f() {\n %x = call i64 asm \"\", \"=^Yq\"()\n ret i64 %x\n}"), {});
  ASSERT_FALSE(compiled);
  EXPECT_NE(compiled.error().message.find("constraint"), std::string::npos) << compiled.error().message;
}

TEST(Jit, ThirtyTwoThreadsAtOnce) {
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 32; ++t) {
    threads.emplace_back([t, &failures] {
      for (int round = 0; round < 2; ++round) {
        // Some die on the way, which must not disturb the others.
        if (t % 8 == 7) {
          LeaksAreExpected here;
          if (shared_jit().compile(parse(kCannotSelect), {})) ++failures;
          continue;
        }
        const std::string number = std::to_string(1000 * t + round);
        auto code = build("define i64 @f(i64 %x) {\n %y = add i64 %x, " + number + "\n ret i64 %y\n}\n" +
                          math_loop(t % 2 ? "sin" : "exp"));
        if (!code || code->function<int64_t(int64_t)>("f")(1) != 1000 * t + round + 1) {
          ++failures;
          continue;
        }
        double in[9] = {0, 1, 2, 3, 4, 5, 6, 7, 8}, out[9];
        code->function<Map>("map")(in, out, 9);
        if (out[8] != abi::evaluate_math(*abi::find_math_function(t % 2 ? "sin" : "exp", false), 8)) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
}

TEST(Jit, WorksInAForkedChild) {
  (void)shared_jit();
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto code = build("define i64 @seven() {\n ret i64 7\n}");
    _exit(code && code->function<int64_t()>("seven")() == 7 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(Jit, SanitizedCodeNeedsASanitizedProcess) {
  Compiled compiled = compile(math_loop("sin"), {.sanitize_address = true});
  auto linked = shared_jit().link(compiled.object, nullptr);
#if defined(__has_feature) && __has_feature(address_sanitizer)
  ASSERT_TRUE(linked) << linked.error().message;
  std::vector<double> in(10, 1.0), out(10);
  (*linked)->function<Map>("map")(in.data(), out.data(), 10);
  EXPECT_DEATH((*linked)->function<Map>("map")(in.data(), out.data(), 11), "heap-buffer-overflow");
#else
  ASSERT_FALSE(linked);
  EXPECT_NE(linked.error().message.find("__asan_"), std::string::npos) << linked.error().message;
#endif
}

TEST(HostCpu, KnowsItsFeatures) {
  HostCpu cpu{.triple = "x86_64-pc-linux-gnu", .name = "x", .features = "+avx512f,-avx,+fma"};
  EXPECT_TRUE(cpu.has(""));
  EXPECT_TRUE(cpu.has("fma,avx512f"));
  EXPECT_FALSE(cpu.has("avx"));
  EXPECT_FALSE(cpu.has("fma,avx2"));
  EXPECT_EQ(cpu.math_family(), abi::MathFamily::kFused);
  cpu.features = "+avx";
  EXPECT_EQ(cpu.math_family(), abi::MathFamily::kPlain);
  EXPECT_EQ(shared_jit().cpu().math_family(), abi::host_math_family());
  EXPECT_FALSE(shared_jit().cpu().data_layout.empty());
}

}  // namespace
}  // namespace metate::jit
