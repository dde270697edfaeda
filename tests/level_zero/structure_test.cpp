// structure_test – how large structures are, and how deep they may be.
#include <string>

#include "tests/level_zero/api.h"
#include "tests/level_zero/spirv_text.h"

namespace metate::test {
namespace {

/// A kernel that stores the size of each of those types into its argument.
std::vector<uint8_t> sizes_of(SpirvText text, const std::vector<std::string>& types) {
  for (const std::string& type : types) {
    text.declare(type + "_pointer", "OpTypePointer CrossWorkgroup " + type);
    text.declare(type + "_null", "OpConstantNull " + type + "_pointer");
  }
  text.begin_kernel("sizes", {"g_i32"});
  for (size_t i = 0; i < types.size(); ++i) {
    const std::string size = "%.size" + std::to_string(i);
    text.line(size + " = OpSizeOf " + text.type("i32") + " " + types[i] + "_null");
    text.store(size, "i32", "%.p0", text.constant("i64", i));
  }
  text.end_kernel();
  return text.words();
}

/// `%nested` is so many structures, or arrays of one element, one in the other.
SpirvText nest(const std::string& kind, size_t depth) {
  SpirvText text;
  std::string inner = text.type("i32");
  const std::string length = kind == "OpTypeArray" ? " " + text.constant("i32", 1) : "";
  for (size_t i = 1; i <= depth; ++i) {
    const std::string outer = i == depth ? "%nested" : "%level" + std::to_string(i);
    text.declare(outer, kind + " " + inner + length);
    inner = outer;
  }
  return text;
}

class Structures : public DeviceTest {
 protected:
  std::vector<int> sizes(const std::vector<uint8_t>& spirv, size_t count) {
    auto* out = shared<int>(count);
    run(kernel(build(spirv), "sizes"), {1, 1, 1}, {1, 1, 1}, out);
    return {out, out + count};
  }
};

TEST_F(Structures, SayHowLargeTheyAre) {
  SpirvText text;
  const std::string byte = text.type("i8"), number = text.type("f64"), triple = text.type("i32x3");
  text.declare("%record", "OpTypeStruct " + byte + " " + number + " " + triple);
  text.declare("%records", "OpTypeArray %record " + text.constant("i32", 5));
  EXPECT_EQ(sizes(sizes_of(text, {"%record", "%records", triple, byte}), 4), (std::vector<int>{32, 160, 16, 1}));
}

TEST_F(Structures, AreAsDeepAsSpirvAllows) {
  EXPECT_EQ(sizes(sizes_of(nest("OpTypeStruct", 255), {"%nested"}), 1), std::vector<int>{4});
}

/// LLVM's time for a type grows with its depth: a module of hostile make must not hold up its build for minutes.
TEST_F(Structures, AreRefusedWhereTheyAreDeeper) {
  for (const char* kind : {"OpTypeStruct", "OpTypeArray"}) {
    for (size_t depth : {256, 100000}) {
      const auto [result, log] = try_build(sizes_of(nest(kind, depth), {"%nested"}));
      EXPECT_EQ(result, ZE_RESULT_ERROR_MODULE_BUILD_FAILURE) << kind << " " << depth;
      EXPECT_NE(log.find("255 deep"), std::string::npos) << log;
    }
  }
}

/// Pointers to pointers are as long a chain as the module has room for.
TEST_F(Structures, MayHoldPointersOfAnyDepth) {
  SpirvText text = nest("OpTypePointer CrossWorkgroup", 50000);
  text.declare("%holder", "OpTypeStruct %nested");
  EXPECT_EQ(sizes(sizes_of(text, {"%holder"}), 1), std::vector<int>{8});
}

}  // namespace
}  // namespace metate::test
