// structure_test – how large structures are.
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

}  // namespace
}  // namespace metate::test
