// compiler_infer_test – untyped IR text in, typed IR text or a diagnostic out.
#include <gtest/gtest.h>

#include "compiler/infer/infer.h"
#include "compiler/ir/text/parse.h"
#include "compiler/ir/text/print.h"
#include "compiler/ir/verify/verify.h"

namespace metate::infer {
namespace {

/// Callees are functions of the same text, solved as a driver would: again and again until return types are stable.
class TextProvider : public CalleeProvider {
 public:
  TextProvider(ir::Universe& universe, const std::vector<ir::Function>& functions, support::Diagnostics& diagnostics)
      : universe_(universe), functions_(functions), diagnostics_(diagnostics) {}

  const CalleeSignature* signature(types::ConstantId callee) override {
    const ir::Function* function = find(callee);
    if (!function) return nullptr;
    CalleeSignature& signature = signatures_.emplace_back();
    for (ir::Value param : function->params()) signature.parameters.push_back({function->value(param).name, {}});
    return &signature;
  }

  std::optional<CalleeResult> specialise(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                         const support::Location&) override {
    const ir::Function* function = find(callee);
    types::TypeId& known = return_types_.try_emplace(function->name, universe_.types.unknown()).first->second;
    if (known == universe_.types.unknown() && !busy_) {
      busy_ = true;
      std::optional<ir::Function> typed = infer(*function, arguments, *this, {}, diagnostics_);
      busy_ = false;
      if (!typed) return std::nullopt;
      known = typed->return_type;
    }
    return CalleeResult{{function->name, 7}, known};
  }

 private:
  const ir::Function* find(types::ConstantId callee) {
    for (const ir::Function& function : functions_)
      if (function.name == universe_.constants[callee].symbol) return &function;
    return nullptr;
  }

  ir::Universe& universe_;
  const std::vector<ir::Function>& functions_;
  support::Diagnostics& diagnostics_;
  std::deque<CalleeSignature> signatures_;
  std::unordered_map<support::Symbol, types::TypeId> return_types_;
  bool busy_ = false;
};

/// The first function of the text, typed; the types of its parameters in the text are those of the arguments.
std::string infer_text(std::string_view text) {
  ir::Universe universe;
  ir::ParsedText parsed = ir::parse(text, universe);
  if (parsed.error) return "line " + std::to_string(parsed.error->line) + ": " + parsed.error->message;
  const ir::Function& function = parsed.functions.front();
  std::vector<types::TypeId> arguments;
  for (ir::Value param : function.params()) arguments.push_back(function.type(param));
  support::Diagnostics diagnostics;
  TextProvider provider(universe, parsed.functions, diagnostics);
  std::optional<ir::Function> typed = infer(function, arguments, provider, function.options, diagnostics);
  std::string result = typed ? ir::print(*typed) : "";
  if (typed)
    for (const std::string& wrong : ir::verify(*typed)) result += wrong + "\n";
  for (const support::Diagnostic& diagnostic : diagnostics.all()) result += support::render(diagnostic, {});
  return result;
}

TEST(Infer, TypesALoopOverArrays) {
  EXPECT_EQ(infer_text(R"(
func @add(%a: array<f64,1,C>, %b: array<f32,1,A>, %c: array<f64,1,C>) stage untyped {
^0:
  %len = const entity(builtins.len) : const[entity(builtins.len)]
  %range = const entity(builtins.range) : const[entity(builtins.range)]
  %m = py.call %len, %c
  %r = py.call %range, %m
  %n = iter_count %r
  %zero = const 0 : weak_int
  jump ^1(%zero)
^1(%k):
  %c1 = py.compare < %k, %n
  %t = py.truth %c1
  branch %t, ^2, ^3
^2:
  %i = iter_at %r, %k
  %x = py.getitem %a, %i
  %y = py.getitem %b, %i
  %z = py.binary + %x, %y
  py.setitem %c, %i, %z
  %one = const 1 : weak_int
  %k1 = py.binary + %k, %one
  jump ^1(%k1)
^3:
  %none = const None : const[None]
  return %none
})"),
            R"(func @add(%a: array<f64,1,C>, %b: array<f32,1,A>, %c: array<f64,1,C>) -> const[None] stage array {
^0(%a: array<f64,1,C>, %b: array<f32,1,A>, %c: array<f64,1,C>):
  %m = dim 0 %c : weak_int
  %zero = const 0 : weak_int
  jump ^1(%zero)
^1(%k: weak_int):
  %c1 = op less %k, %m : weak_bool
  branch %c1, ^2, ^3
^2:
  %7 = dim 0 %a : weak_int
  %8 = index [0, wrap, check] %k, %7 : weak_int
  %x = load %a, %8 : f64
  %10 = dim 0 %b : weak_int
  %11 = index [0, wrap, check] %k, %10 : weak_int
  %y = load %b, %11 : f32
  %13 = cast %y : f64
  %z = op add %x, %13 : f64
  %15 = dim 0 %c : weak_int
  %16 = index [0, wrap, check] %k, %15 : weak_int
  store %z, %c, %16
  %one = const 1 : weak_int
  %k1 = op add %k, %one : weak_int
  jump ^1(%k1)
^3:
  %none = const None : const[None]
  return %none
}
)");
}

TEST(Infer, AccumulatorTakesTheTypeOfTheElements) {
  EXPECT_EQ(infer_text(R"(
func @total(%x: array<f32,1,C>, %n: weak_int) stage untyped {
^0:
  %zero = const 0 : weak_int
  jump ^1(%zero, %zero)
^1(%k, %s):
  %c = py.compare < %k, %n
  %t = py.truth %c
  branch %t, ^2, ^3
^2:
  %e = py.getitem %x, %k
  %s1 = py.inplace + %s, %e
  %one = const 1 : weak_int
  %k1 = py.binary + %k, %one
  jump ^1(%k1, %s1)
^3:
  return %s
})"),
            R"(func @total(%x: array<f32,1,C>, %n: weak_int) -> f32 stage array {
^0(%x: array<f32,1,C>, %n: weak_int):
  %zero = const 0 : weak_int
  %3 = const f32(0.0) : f32
  jump ^1(%zero, %3)
^1(%k: weak_int, %s: f32):
  %c = op less %k, %n : weak_bool
  branch %c, ^2, ^3
^2:
  %7 = dim 0 %x : weak_int
  %8 = index [0, wrap, check] %k, %7 : weak_int
  %e = load %x, %8 : f32
  %s1 = op add %s, %e : f32
  %one = const 1 : weak_int
  %k1 = op add %k, %one : weak_int
  jump ^1(%k1, %s1)
^3:
  return %s
}
)");
}

TEST(Infer, DeadSideOfABranchOnTypesIsNotTyped) {
  EXPECT_EQ(infer_text(R"(
func @default(%x: const[None], %y: weak_float) stage untyped {
^0:
  %none = const None : const[None]
  %c = py.compare is %x, %none
  %t = py.truth %c
  branch %t, ^1, ^2
^1:
  %one = const 1 : weak_int
  %a = py.binary // %y, %one
  jump ^3(%a)
^2:
  %b = py.binary + %x, %y
  jump ^3(%b)
^3(%r):
  return %r
})"),
            R"(func @default(%x: const[None], %y: weak_float) -> weak_float stage array {
^0(%x: const[None], %y: weak_float):
  jump ^1
^1:
  %2 = const 1.0 : weak_float
  %a = op floor_divide %y, %2 : weak_float
  jump ^2(%a)
^2(%r: weak_float):
  return %r
}
)");
}

TEST(Infer, RecursionGetsItsTypeFromThePathThatReturns) {
  EXPECT_EQ(infer_text(R"(
func @fib(%n: weak_int) stage untyped {
^0:
  %two = const 2 : weak_int
  %c = py.compare < %n, %two
  %t = py.truth %c
  branch %t, ^1, ^2
^1:
  return %n
^2:
  %f = const callee(fib, 0) : const[callee(fib, 0)]
  %n2 = py.binary - %n, %two
  %b = py.call %f, n=%n2
  return %b
})"),
            R"(func @fib(%n: weak_int) -> weak_int stage array {
^0(%n: weak_int):
  %two = const 2 : weak_int
  %c = op less %n, %two : weak_bool
  branch %c, ^1, ^2
^1:
  return %n
^2:
  %n2 = op subtract %n, %two : weak_int
  %b = call @fib #7 %n2 : weak_int
  return %b
}
)");
}

TEST(Infer, LayoutsOfTwoPathsMeetInAnyLayout) {
  EXPECT_EQ(
      infer_text(R"(
func @either(%x: array<f64,2,C>, %y: array<f64,2,F,readonly>, %c: bool) stage untyped {
^0:
  %t = py.truth %c
  branch %t, ^1(%x), ^1(%y)
^1(%r):
  return %r
})"),
      R"(func @either(%x: array<f64,2,C>, %y: array<f64,2,F,readonly>, %c: bool) -> array<f64,2,A,readonly> stage array {
^0(%x: array<f64,2,C>, %y: array<f64,2,F,readonly>, %c: bool):
  branch %c, ^2, ^3
^1(%r: array<f64,2,A,readonly>):
  return %r
^2:
  %4 = widen %x : array<f64,2,A,readonly>
  jump ^1(%4)
^3:
  %5 = widen %y : array<f64,2,A,readonly>
  jump ^1(%5)
}
)");
}

TEST(Infer, ValuesWithoutACommonTypeAreReportedWithBothPlaces) {
  EXPECT_EQ(infer_text(R"(
func @conflict(%c: weak_bool) stage untyped places('m.py' 'conflict') {
^0:
  %none = const None : const[None] @2:0-2:8
  %x = const 1 : weak_int @4:0-4:5
  branch %c, ^1(%none), ^1(%x)
^1(%r):
  return %r
})"),
            "MT2005: 'r' is None on one path and int on another\n"
            "  --> m.py:4:1 in conflict\n"
            "  note: it is None here\n"
            "  --> m.py:2:1 in conflict\n");
}

TEST(Infer, OperandsOfAnErrorAreExplained) {
  EXPECT_EQ(infer_text(R"(
func @bad(%x: array<f64,1,C>, %label: const['abc']) stage untyped places('m.py' 'bad') {
^0:
  %r = py.binary + %x, %label @12:11-12:20
  return %r
})"),
            "MT2001: cannot apply + to 1-d float64 array and str\n"
            "  --> m.py:12:12 in bad\n"
            "  note: 'x' is 1-d float64 array because of the argument\n"
            "  note: 'label' is str because of the argument\n");
}

}  // namespace
}  // namespace metate::infer
