// spirv_version_test – modules of every version of SPIR-V, 1.0 to 1.6: what compilers write, and what came with each.
#include <cstring>
#include <tuple>

#include "tests/level_zero/api.h"
#include "tests/level_zero/spirv_text.h"

namespace metate::test {
namespace {

/// The second word of a module (SPIR-V 2.3).
uint32_t version_word(const std::vector<uint8_t>& spirv) {
  uint32_t word = 0;
  if (spirv.size() >= 8) std::memcpy(&word, spirv.data() + 4, sizeof(word));
  return word;
}

/// A compiler's module of the version 1.`minor`. From 1.4 on, entry points name every variable that they reach.
class CompiledModules : public DeviceTest, public ::testing::WithParamInterface<std::tuple<uint32_t, int>> {
 protected:
  void prepare() override {
    const auto [minor, level] = GetParam();
    const std::vector<uint8_t> spirv = kernel_binary("programs_in_1." + std::to_string(minor), level);
    ASSERT_EQ(version_word(spirv), 0x00010000u | minor << 8);
    module_ = build(spirv);
  }

  void expect_variables();
  void expect_local_memory();
  void expect_branches();

  ze_module_handle_t module_ = nullptr;
};

void CompiledModules::expect_variables() {
  auto* out = shared<int>(6);
  auto* index = shared<int>(std::vector<int>{0, 1, 2, 3});
  run(kernel(module_, "variables"), {1, 1, 1}, {4, 1, 1}, out, index);
  EXPECT_EQ(std::vector<int>(out, out + 6), (std::vector<int>{6, 60, 3, 1605, 407, 903}));
}

void CompiledModules::expect_local_memory() {
  constexpr int kItems = 6;
  auto* in = shared<int>(std::vector<int>{1, 2, 3, 4, 5, 6});
  auto* out = shared<int64_t>(2 * kItems);
  ze_kernel_handle_t pointers = kernel(module_, "pointers");
  set_arguments(pointers, in, out);
  ASSERT_ZE(ZE(zeKernelSetArgumentValue)(pointers, 2, kItems * sizeof(int), nullptr));
  ASSERT_ZE(launch(pointers, {1, 1, 1}, {kItems, 1, 1}));
  const int64_t of_storage[] = {10, 20, 4321};  // in, scratch, own
  for (int i = 0; i < kItems; ++i) {
    EXPECT_EQ(out[i], of_storage[i % 3] + 10000 * 42) << i;
    EXPECT_EQ(out[kItems + i], kItems + 1 + 2 + kItems * 4) << i;
  }
}

void CompiledModules::expect_branches() {
  auto* in = shared<int64_t>(std::vector<int64_t>{0x100000000, -1, 77, 5, 6});
  auto* out = shared<int>(5);
  run(kernel(module_, "wide_switch"), {5, 1, 1}, {1, 1, 1}, in, out);
  EXPECT_EQ(std::vector<int>(out, out + 5), (std::vector<int>{1, 3, 4, 5, 6}));
}

// One test, since building the module takes longer than all the rest.
TEST_P(CompiledModules, RunAlikeInEveryVersion) {
  expect_variables();
  expect_local_memory();
  expect_branches();
}

INSTANTIATE_TEST_SUITE_P(Versions, CompiledModules,
                         ::testing::Combine(::testing::Range(0u, 7u), ::testing::Values(0, 2)), [](const auto& info) {
                           return "V1_" + std::to_string(std::get<0>(info.param)) + "_O" +
                                  std::to_string(std::get<1>(info.param));
                         });

/// The device says up to which version it reads; what comes later may mean anything.
TEST_F(DeviceTest, LaterVersionsOfSpirvAreRefused) {
  ze_device_module_properties_t properties{};
  properties.stype = ZE_STRUCTURE_TYPE_DEVICE_MODULE_PROPERTIES;
  ASSERT_ZE(ZE(zeDeviceGetModuleProperties)(device_, &properties));
  const uint32_t newest = properties.spirvVersionSupported;
  EXPECT_GE(newest, ZE_MAKE_VERSION(1, 0));
  std::vector<uint8_t> spirv = kernel_binary("vector_add", 2);
  const uint32_t later = (newest & 0xffff0000) | ((newest & 0xffff) + 1) << 8;
  std::memcpy(spirv.data() + 4, &later, sizeof(later));
  const ze_module_desc_t desc{.stype = ZE_STRUCTURE_TYPE_MODULE_DESC,
                              .format = ZE_MODULE_FORMAT_IL_SPIRV,
                              .inputSize = spirv.size(),
                              .pInputModule = spirv.data()};
  ze_module_handle_t module = nullptr;
  ze_module_build_log_handle_t log = nullptr;
  EXPECT_EQ(ZE(zeModuleCreate)(context_, device_, &desc, &module, &log), ZE_RESULT_ERROR_MODULE_BUILD_FAILURE);
  EXPECT_NE(take_log(log), "");
  if (module) keep(module);
}

/// What no compiler at hand writes, in the version that it came with.
class NewInstructions : public DeviceTest {
 protected:
  void build_text(unsigned minor) {
    const std::vector<uint8_t> spirv = text_.words(minor);
    ASSERT_EQ(version_word(spirv), 0x00010000u | minor << 8);
    module_ = build(spirv);
  }

  SpirvText text_;
  ze_module_handle_t module_ = nullptr;
};

TEST_F(NewInstructions, SizesOfTypesAreOf1_1) {
  text_.begin_kernel("sizes", {"g_i32", "g_f64x3", "g_i16"});
  const std::string zero = text_.constant("i64", 0), one = text_.constant("i64", 1), two = text_.constant("i64", 2);
  for (const auto& [result, index, place] :
       {std::tuple{"%.a", "%.p0", zero}, {"%.b", "%.p1", one}, {"%.c", "%.p2", two}}) {
    text_.line(std::string(result) + " = OpSizeOf %i32 " + index);
    text_.store(result, "i32", "%.p0", place);
  }
  text_.end_kernel();
  build_text(1);
  auto* out = shared<int>(3);
  run(kernel(module_, "sizes"), {1, 1, 1}, {1, 1, 1}, out, out, out);
  EXPECT_EQ(std::vector<int>(out, out + 3), (std::vector<int>{4, 32, 2}));
}

TEST_F(NewInstructions, GroupSizesByConstantsAreOf1_2) {
  text_.begin_kernel("sized", {"g_i64"});
  text_.store("%.id", "i64", "%.p0", "%.id");
  text_.end_kernel();
  text_.annotation("OpExecutionModeId %kernel0 LocalSizeId " + text_.constant("i32", 4) + " " +
                   text_.constant("i32", 2) + " " + text_.constant("i32", 1));
  build_text(2);
  ze_kernel_properties_t properties{};
  properties.stype = ZE_STRUCTURE_TYPE_KERNEL_PROPERTIES;
  ASSERT_ZE(ZE(zeKernelGetProperties)(kernel(module_, "sized"), &properties));
  EXPECT_EQ(properties.requiredGroupSizeX, 4u);
  EXPECT_EQ(properties.requiredGroupSizeY, 2u);
  EXPECT_EQ(properties.requiredGroupSizeZ, 1u);
}

TEST_F(NewInstructions, ComparedPointersAreOf1_4) {
  text_.declare("%bool = OpTypeBool");
  text_.begin_kernel("compare", {"g_i64", "g_i64", "g_i64"});
  const std::string zero = text_.constant("i64", 0), one = text_.constant("i64", 1), two = text_.constant("i64", 2);
  text_.line("%.distance = OpPtrDiff %i64 %.p1 %.p0");
  text_.line("%.equal = OpPtrEqual %bool %.p1 %.p0");
  text_.line("%.unequal = OpPtrNotEqual %bool %.p1 %.p0");
  text_.line("%.first = OpSelect %i64 %.equal " + one + " " + zero);
  text_.line("%.second = OpSelect %i64 %.unequal " + one + " " + zero);
  text_.store("%.distance", "i64", "%.p2", zero);
  text_.store("%.first", "i64", "%.p2", one);
  text_.store("%.second", "i64", "%.p2", two);
  text_.end_kernel();
  build_text(4);
  auto* in = shared<int64_t>(8);
  auto* out = shared<int64_t>(3);
  ze_kernel_handle_t compare = kernel(module_, "compare");
  run(compare, {1, 1, 1}, {1, 1, 1}, in, in + 5, out);
  EXPECT_EQ(std::vector<int64_t>(out, out + 3), (std::vector<int64_t>{5, 0, 1}));
  run(compare, {1, 1, 1}, {1, 1, 1}, in, in, out);
  EXPECT_EQ(std::vector<int64_t>(out, out + 3), (std::vector<int64_t>{0, 1, 0}));
}

/// OpSelect of whole structures, and copies between types that are laid out alike.
TEST_F(NewInstructions, CompositesAreChosenAndCopiedIn1_4) {
  const std::string number = text_.type("i64");
  text_.declare("%bool = OpTypeBool");
  text_.declare("%pair = OpTypeStruct " + number + " " + number);
  text_.declare("%other_pair = OpTypeStruct " + number + " " + number);
  text_.begin_kernel("choose", {"g_i64"});
  const std::string zero = text_.constant("i64", 0), one = text_.constant("i64", 1);
  text_.load("%.x", "i64", "%.p0", zero);
  text_.line("%.zero = OpIEqual %bool %.x " + zero);
  text_.line("%.up = OpCompositeConstruct %pair %.x " + one);
  text_.line("%.down = OpCompositeConstruct %pair " + one + " %.x");
  text_.line("%.chosen = OpSelect %pair %.zero %.up %.down");
  text_.line("%.copy = OpCopyLogical %other_pair %.chosen");
  text_.line("%.first = OpCompositeExtract %i64 %.copy 0");
  text_.line("%.second = OpCompositeExtract %i64 %.copy 1");
  text_.store("%.first", "i64", "%.p0", zero);
  text_.store("%.second", "i64", "%.p0", one);
  text_.end_kernel();
  build_text(4);
  auto* data = shared<int64_t>(std::vector<int64_t>{0, 9});
  ze_kernel_handle_t choose = kernel(module_, "choose");
  run(choose, {1, 1, 1}, {1, 1, 1}, data);
  EXPECT_EQ(std::vector<int64_t>(data, data + 2), (std::vector<int64_t>{0, 1}));
  data[0] = 7;
  run(choose, {1, 1, 1}, {1, 1, 1}, data);
  EXPECT_EQ(std::vector<int64_t>(data, data + 2), (std::vector<int64_t>{1, 7}));
}

}  // namespace
}  // namespace metate::test
