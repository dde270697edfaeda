// compiler_ir_text_test – functions made by the builder print as docs/ir.md says.
#include <gtest/gtest.h>

#include "compiler/ir/builder.h"
#include "compiler/ir/text/print.h"

namespace metate::ir {
namespace {

/// A function with a body of one block and one float64 array parameter `x`.
struct TextTest : testing::Test {
  TextTest() : function(universe, universe.symbols.intern("f")), builder(function) {
    function.stage = Stage::kLoop;
    builder.position(function.add_block(function.body()));
    x = function.add_param(builder.block(), universe.types.array(types::DType::kF64, 1, types::Layout::kC),
                           universe.symbols.intern("x"));
  }
  Symbol symbol(std::string_view name) { return universe.symbols.intern(name); }

  Universe universe;
  Function function;
  Builder builder;
  Value x;
  TypeId f64 = universe.types.scalar(types::DType::kF64);
};

TEST_F(TextTest, PrintsANestWithItsBodyIndented) {
  Value zero =
      builder.emit_value(Opcode::kConst, universe.constants.scalar(types::DType::kF64, {0.0, 0.0}).index(), {}, f64);
  Value n = builder.dim(x, 0);
  Inst nest = builder.nest({.reductions = {{ops::ScalarOp::kAdd}}}, std::array{n}, std::array{zero});
  Block outer = builder.block();
  builder.position(function.region(function.nests[0].body).blocks.front());
  std::vector<Value> params = function.block(builder.block()).params;
  Value element = builder.load(x, std::array{params[0]});
  Value sum = builder.op(ops::ScalarOp::kAdd, {params[1], element}, f64);
  builder.yield(std::array{sum});
  builder.position(outer);
  function.return_type = f64;
  builder.ret(function.result(nest));

  EXPECT_EQ(print(function), R"(func @f(%x: array<f64,1,C>) -> f64 stage loop {
^0(%x: array<f64,1,C>):
  %1 = const f64(0.0) : f64
  %2 = dim 0 %x : weak_int
  %3 = nest serial rank 1 (%2) reduce(add) (%1) : f64 {
  ^1(%4: weak_int, %5: f64):
    %6 = load %x, %4 : f64
    %7 = op add %5, %6 : f64
    yield %7
  }
  return %3
}
)");
}

TEST_F(TextTest, PrintsMessagesTargetsAndHandlers) {
  Block handler = function.add_block(function.body());
  function.block(builder.block()).handler = handler;
  Value ok = builder.constant_bool(true);
  ConstantId exception = universe.constants.intern(
      {.kind = types::ConstantKind::kException, .symbol = symbol("builtins.ValueError"), .integer = 4});
  builder.check(ok, {exception, {{symbol("it's "), -1}, {{}, 0}}}, std::array{ok});
  Block loop = function.add_block(function.body());
  builder.jump(loop, std::array{ok});
  builder.position(handler);
  builder.emit(Opcode::kReraise, 0, {}, {});
  builder.position(loop);
  Value again = function.add_param(loop, universe.types.weak_bool(), symbol("x"));
  builder.branch(again, loop, std::array{ok}, handler, {});

  EXPECT_EQ(print(function), R"(func @f(%x: array<f64,1,C>) stage loop {
^0(%x: array<f64,1,C>) handler ^1:
  %1 = const True : weak_bool
  check exception(builtins.ValueError, 4) ['it\'s ', 0] %1, %1
  jump ^2(%1)
^1:
  reraise
^2(%x.2: weak_bool):
  branch %x.2, ^2(%1), ^1
}
)");
}

TEST_F(TextTest, PrintsSourcePlacesOnRequest) {
  function.sources.push_back({symbol("m.py"), symbol("f"), {3, 3, 4, 9}});
  function.sources.push_back({symbol("lib.py"), symbol("g"), {8, -1, -1, -1}});
  builder.set_source(1);
  Value n = builder.dim(x, 0);
  builder.set_source(2);
  builder.ret(n);
  EXPECT_EQ(print(function, {.sources = true}),
            R"(func @f(%x: array<f64,1,C>) stage loop places('m.py' 'f', 'lib.py' 'g') {
^0(%x: array<f64,1,C>):
  %1 = dim 0 %x : weak_int @3:4-3:9
  return %1 @1!8
}
)");
}

TEST_F(TextTest, MarksWhatABrokenPassLeftBehind) {
  Value n = builder.dim(x, 0);
  builder.ret(n);
  function.block(builder.block()).insts.erase(function.block(builder.block()).insts.begin());
  EXPECT_NE(print(function).find("return %!1"), std::string::npos);
}

}  // namespace
}  // namespace metate::ir
