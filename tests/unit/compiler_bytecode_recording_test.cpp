// compiler_bytecode_recording_test – recordings come back as they were written; constants keep every bit.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "compiler/bytecode/literals.h"
#include "compiler/bytecode/recording.h"
#include "compiler/bytecode/text.h"

namespace metate::bytecode {
namespace {

CodeObject sample() {
  CodeObject inner;
  inner.version_major = 3;
  inner.version_minor = 11;
  inner.name = "g";
  inner.qualname = "f.<locals>.g";
  inner.freevars = {"x"};

  CodeObject code = inner;
  code.name = code.qualname = "f";
  code.filename = "a \"b\"\\.py";
  code.first_line = 12;
  code.argument_count = 3;
  code.positional_only_count = 1;
  code.keyword_only_count = 2;
  code.flags = 19;
  code.stack_size = 4;
  code.names = {"range", "naïve"};
  code.varnames = {"x", "y"};
  code.cellvars = {"x"};
  code.freevars = {};
  code.bytecode = {151, 0, 100, 0, 83, 0};
  code.positions = {{1, 2, 3, 4}, {5, -1, -1, -1}, {}};
  code.exception_table = {0x80, 1, 2, 0};
  const auto add = [&](auto value) { code.consts.push_back({std::move(value)}); };
  add(Const::None{});
  add(true);
  add(false);
  add(std::numeric_limits<int64_t>::min());
  add(Const::BigInt{"-123456789012345678901234567890"});
  for (const double value : {0.1, -0.0, 1e300, 5e-324, std::numeric_limits<double>::infinity()}) add(value);
  add(std::complex<double>(-0.0, 2.5));
  add(std::string("tab\t \"quote\" \\ \n é 🙂 # end"));
  add(Const::Bytes{std::string("\x00\xff\"", 3)});
  add(Const::Tuple{{Const{int64_t{1}}, Const{Const::Tuple{}}}});
  add(Const::FrozenSet{{Const{std::string("a")}}});
  add(Const::Ellipsis{});
  add(Const::Other{"<thing>"});
  add(Const::Code{std::make_shared<CodeObject>(inner)});
  return code;
}

TEST(Recording, ComesBackAsItWasWritten) {
  const std::string text = write_recording(sample());
  const auto codes = read_recording("# a comment\n" + text + text);
  ASSERT_TRUE(codes) << codes.error().message;
  ASSERT_EQ(codes->size(), 2u);
  EXPECT_EQ(write_recording(*(*codes)[0]), text);
  EXPECT_EQ(write_recording(*(*codes)[1]), text);

  const CodeObject& code = *(*codes)[0];
  const CodeObject expected = sample();
  EXPECT_EQ(code.filename, expected.filename);
  EXPECT_EQ(code.names, expected.names);
  EXPECT_EQ(code.bytecode, expected.bytecode);
  EXPECT_EQ(code.positions, expected.positions);
  EXPECT_EQ(code.exception_table, expected.exception_table);
  EXPECT_EQ(code.keyword_only_count, 2u);
  ASSERT_EQ(code.consts.size(), expected.consts.size());
  EXPECT_EQ(*code.consts[3].get_if<int64_t>(), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(*code.consts[5].get_if<double>(), 0.1);
  EXPECT_TRUE(std::signbit(*code.consts[6].get_if<double>()));
  EXPECT_EQ(*code.consts[8].get_if<double>(), 5e-324);
  EXPECT_EQ(*code.consts[11].get_if<std::string>(), *expected.consts[11].get_if<std::string>());
  EXPECT_EQ(code.consts[12].get_if<Const::Bytes>()->value.size(), 3u);
  EXPECT_EQ((*code.consts.back().get_if<Const::Code>())->freevars, std::vector<std::string>{"x"});
}

TEST(Recording, SaysTheLineOfAnError) {
  const auto error = [](const std::string& text) {
    const auto codes = read_recording(text);
    return codes ? "read" : codes.error().message;
  };
  EXPECT_EQ(error("code 5"), "recording, line 1: expected a string literal, not '5'");
  EXPECT_EQ(error("\n\nfunction"), "recording, line 3: expected 'code', not 'function'");
  EXPECT_EQ(error("code \"f\"\npython 3 x"), "recording, line 2: expected a number, not 'x'");
  EXPECT_EQ(error("code \"f\"\npython 3"), "recording, line 2: expected a number, not the end");
  EXPECT_EQ(error("code \"\\q\""), "recording, line 1: expected a string literal, not '\"\\q\"'");
}

// Whatever is cut off, reading ends with an error and not in a loop.
TEST(Recording, RefusesEveryBeginning) {
  const std::string text = write_recording(sample());
  const size_t last_end = text.rfind("end");
  for (size_t length = 1; length < last_end; ++length) EXPECT_FALSE(read_recording(text.substr(0, length))) << length;
}

TEST(Recording, RefusesEndlessNesting) {
  std::string text = write_recording(sample());
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "tuple ";
  text.replace(text.find("none"), 4, deep);
  const auto codes = read_recording(text);
  ASSERT_FALSE(codes);
  EXPECT_NE(codes.error().message.find("nested too deeply"), std::string::npos);
}

TEST(Literals, EscapeAndComeBack) {
  const std::string text = "a\"\\\n\x01 é € 🙂";
  EXPECT_EQ(quote(text), "\"a\\\"\\\\\\n\\x01 \\xe9 \\u20ac \\U0001f642\"");
  const std::string quoted = quote(text);
  EXPECT_EQ(unescape(std::string_view(quoted).substr(1, quoted.size() - 2)), text);
  EXPECT_EQ(quote("\xed\xa0\x80"), "\"\\ud800\"") << "a lone surrogate";
  EXPECT_EQ(unescape("\\ud800"), "\xed\xa0\x80");
  EXPECT_EQ(quote("\xff"), "\"\\ufffd\"");
  EXPECT_EQ(unescape("\\"), std::nullopt);
  EXPECT_EQ(unescape("\\x4"), std::nullopt);
  EXPECT_EQ(unescape("\\U00110000"), std::nullopt);
  EXPECT_EQ(unescape_bytes("\\u20ac"), std::nullopt);
  EXPECT_EQ(quote_bytes(std::string_view("\0\xff", 2)), "b\"\\x00\\xff\"");
}

TEST(Literals, PrintConstantsAsPython) {
  EXPECT_EQ(print(Const{1.0}), "1.0");
  EXPECT_EQ(print(Const{1e22}), "1e+22");
  EXPECT_EQ(print(Const{std::nan("")}), "nan");
  EXPECT_EQ(print(Const{std::complex<double>(0, -1)}), "complex(0.0, -1.0)");
  EXPECT_EQ(print(Const{Const::Tuple{{Const{true}}}}), "(True,)");
  EXPECT_EQ(print(Const{Const::Tuple{{Const{int64_t{1}}, Const{Const::None{}}}}}), "(1, None)");
  EXPECT_EQ(print(Const{Const::FrozenSet{{Const{int64_t{1}}}}}), "frozenset((1,))");
}

}  // namespace
}  // namespace metate::bytecode
