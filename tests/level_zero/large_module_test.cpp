// large_module_test – modules with very many kernels or functions: those of machine-learning libraries have a thousand.
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/level_zero/api.h"
#include "tests/level_zero/spirv_text.h"

namespace metate::test {
namespace {

bool is_full() { return std::getenv("METATE_TEST_FULL") != nullptr; }

class LargeModules : public DeviceTest {
 protected:
  static constexpr uint32_t kItems = 64;

  std::string name(size_t i) { return "kernel_" + std::to_string(i); }

  /// out[id] = in[id] * factor + number, with a factor of each kernel's own.
  void write_kernels(SpirvText& text, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      text.begin_kernel(name(i), {"g_i32", "g_i32", "i32"});
      text.load("%.x", "i32", "%.p0", "%.id");
      text.line("%.m = OpIMul " + text.type("i32") + " %.x " + text.constant("i32", i + 3));
      text.line("%.s = OpIAdd " + text.type("i32") + " %.m %.p2");
      text.store("%.s", "i32", "%.p1", "%.id");
      text.end_kernel();
    }
  }

  void check_kernels(ze_module_handle_t module, size_t count) {
    uint32_t names = 0;
    ASSERT_ZE(ZE(zeModuleGetKernelNames)(module, &names, nullptr));
    ASSERT_EQ(names, count);
    auto *in = shared<int32_t>(kItems), *out = shared<int32_t>(kItems);
    for (uint32_t i = 0; i < kItems; ++i) in[i] = static_cast<int32_t>(i * i);
    for (size_t i = 0; i < count; ++i) {
      const auto number = static_cast<int32_t>(i);
      run(kernel(module, name(i).c_str()), {1, 1, 1}, {kItems, 1, 1}, in, out, number);
      for (uint32_t k = 0; k < kItems; ++k) ASSERT_EQ(out[k], in[k] * (number + 3) + number) << name(i) << " " << k;
    }
  }
};

TEST_F(LargeModules, HaveManyKernels) {
  const size_t count = is_full() ? 1000 : 100;
  SpirvText text;
  write_kernels(text, count);
  ze_module_handle_t module = build(text.words());
  ASSERT_TRUE(module);
  check_kernels(module, count);
}

/// As a chain, where each calls the one before it, and side by side.
TEST_F(LargeModules, HaveManyFunctions) {
  const size_t count = is_full() ? 4000 : 500;
  SpirvText text;
  auto function = [](const char* kind, size_t i) { return kind + std::to_string(i); };
  const std::string ints = text.type("i32");
  int32_t total = 0;
  for (size_t i = 0; i < count; ++i) {
    const std::string number = text.constant("i32", i + 1);
    total += static_cast<int32_t>(i + 1);
    text.begin_function(function("chain", i), "i32", {"i32"});
    if (i > 0) text.line("%.x = OpFunctionCall " + ints + " %" + function("chain", i - 1) + " %.p0");
    text.line("%.y = OpBitwiseXor " + ints + (i > 0 ? " %.x " : " %.p0 ") + number);
    text.end_function("%.y");
    text.begin_function(function("side", i), "i32", {"i32"});
    text.line("%.y = OpIMul " + ints + " %.p0 " + number);
    text.end_function("%.y");
  }
  text.begin_kernel("chain", {"g_i32"});
  text.load("%.x", "i32", "%.p0", "%.id");
  text.line("%.y = OpFunctionCall " + ints + " %" + function("chain", count - 1) + " %.x");
  text.store("%.y", "i32", "%.p0", "%.id");
  text.end_kernel();
  text.begin_kernel("sides", {"g_i32"});
  text.load("%.x", "i32", "%.p0", "%.id");
  std::string sum = text.constant("i32", 0);
  for (size_t i = 0; i < count; ++i) {
    const std::string call = "%.call" + std::to_string(i), next = "%.sum" + std::to_string(i);
    text.line(call + " = OpFunctionCall " + ints + " %" + function("side", i) + " %.x");
    text.line(next + " = OpIAdd " + ints + " " + sum + " " + call);
    sum = next;
  }
  text.store(sum, "i32", "%.p0", "%.id");
  text.end_kernel();
  ze_module_handle_t module = build(text.words());
  ASSERT_TRUE(module);
  auto *chained = shared<int32_t>(kItems), *summed = shared<int32_t>(kItems);
  for (uint32_t i = 0; i < kItems; ++i) chained[i] = summed[i] = static_cast<int32_t>(i);
  run(kernel(module, "chain"), {1, 1, 1}, {kItems, 1, 1}, chained);
  run(kernel(module, "sides"), {1, 1, 1}, {kItems, 1, 1}, summed);
  int32_t bits = 0;
  for (size_t i = 0; i < count; ++i) bits ^= static_cast<int32_t>(i + 1);
  for (uint32_t i = 0; i < kItems; ++i) {
    EXPECT_EQ(chained[i], static_cast<int32_t>(i) ^ bits);
    EXPECT_EQ(summed[i], static_cast<int32_t>(i) * total);
  }
}

}  // namespace
}  // namespace metate::test
