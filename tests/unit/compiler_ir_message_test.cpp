// compiler_ir_message_test – messages are put together of text and values, and read back in that order.
#include <gtest/gtest.h>

#include "compiler/ir/message.h"

namespace metate::ir {
namespace {

struct MessageTest : testing::Test {
  std::string text(const Message& message) {
    return text_of(message, universe, [](size_t number) { return "<" + std::to_string(number) + ">"; });
  }
  Universe universe;
};

TEST_F(MessageTest, PiecesOfTextBecomeOnePart) {
  MessageBuilder builder(universe);
  builder.text("a").text("").text("b").value(Value(7)).value(Value(3)).text("c");
  const Message message = builder.take();
  EXPECT_FALSE(message.exception);
  ASSERT_EQ(message.parts.size(), 4u);
  EXPECT_FALSE(message.parts[0].is_value());
  EXPECT_TRUE(message.parts[1].is_value());
  EXPECT_EQ(builder.values(), (std::vector{Value(7), Value(3)}));
  EXPECT_EQ(text(message), "ab<0><1>c");
}

TEST_F(MessageTest, NothingHasNoParts) { EXPECT_TRUE(MessageBuilder(universe).text("").take().parts.empty()); }

TEST_F(MessageTest, MarksInATextAreValues) {
  const Message message = message_of(universe, "ValueError", "{} of {}");
  EXPECT_EQ(exception_name(message, universe), "builtins.ValueError");
  EXPECT_EQ(message.parts.size(), 3u);
  EXPECT_EQ(text(message), "<0> of <1>");
  EXPECT_EQ(text(message_of(universe, "ValueError", "none")), "none");
}

TEST_F(MessageTest, NamesOfVariablesHaveNoMarks) {
  const Message message = unbound_message(universe, universe.symbols.intern("{}"));
  EXPECT_EQ(exception_name(message, universe), "builtins.UnboundLocalError");
  EXPECT_EQ(text(message), "cannot access local variable '{}' where it is not associated with a value");
}

TEST_F(MessageTest, WhatInstructionsRaise) {
  EXPECT_EQ(text(index_message(universe)), "index <0> is out of bounds for axis <1> with size <2>");
  EXPECT_EQ(text(memory_message(universe)), "unable to allocate <0> bytes for an array");
  EXPECT_EQ(text(recursion_message(universe)), "maximum recursion depth exceeded");
}

}  // namespace
}  // namespace metate::ir
