// link_test – modules that import functions and variables of one another.
#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class Linking : public KernelTest {
 protected:
  ze_module_handle_t build(const char* name) { return KernelTest::build(name, GetParam()); }

  /// The result of linking, and the log.
  std::pair<ze_result_t, std::string> link(std::vector<ze_module_handle_t> modules) {
    ze_module_build_log_handle_t log = nullptr;
    const ze_result_t result = ZE(zeModuleDynamicLink)(static_cast<uint32_t>(modules.size()), modules.data(), &log);
    return {result, take_log(log)};
  }

  ze_result_t try_kernel(ze_module_handle_t module, const char* name) {
    ze_kernel_desc_t desc{};
    desc.stype = ZE_STRUCTURE_TYPE_KERNEL_DESC;
    desc.pKernelName = name;
    ze_kernel_handle_t made = nullptr;
    const ze_result_t result = ZE(zeKernelCreate)(module, &desc, &made);
    if (made) EXPECT_ZE(ZE(zeKernelDestroy)(made));
    return result;
  }

  bool has_imports(ze_module_handle_t module) {
    ze_module_properties_t properties{};
    properties.stype = ZE_STRUCTURE_TYPE_MODULE_PROPERTIES;
    EXPECT_ZE(ZE(zeModuleGetProperties)(module, &properties));
    return properties.flags & ZE_MODULE_PROPERTY_FLAG_IMPORTS;
  }

  /// Runs use_functions of link_user.cl, for 4 groups of 8 items, and checks the results.
  void expect_functions_work(ze_module_handle_t user) {
    auto* out = shared<int>(32);
    ze_kernel_handle_t made = kernel(user, "use_functions");
    set_argument(made, 0, sizeof(out), &out);
    set_argument(made, 1, 8 * sizeof(int), nullptr);
    ASSERT_ZE(launch(made, {4, 1, 1}, {8, 1, 1}));
    for (int i = 0; i < 32; ++i) {
      int expected = 0;
      for (int j = i / 8 * 8; j < i / 8 * 8 + 8; ++j) expected += 3 * j + j % 8;
      ASSERT_EQ(out[i], expected) << i;
    }
  }
};

TEST_P(Linking, AModuleWithImportsIsNotReadyBeforeItIsLinked) {
  ze_module_handle_t user = build("link_user");
  EXPECT_TRUE(has_imports(user));
  EXPECT_EQ(try_kernel(user, "use_functions"), ZE_RESULT_ERROR_INVALID_MODULE_UNLINKED);
  uint32_t count = 0;
  ASSERT_ZE(ZE(zeModuleGetKernelNames)(user, &count, nullptr));
  EXPECT_EQ(count, 2u);
  ze_module_handle_t library = build("link_library");
  EXPECT_FALSE(has_imports(library));
  EXPECT_EQ(try_kernel(library, "read_counters"), ZE_RESULT_SUCCESS);
}

// The imported functions ask which item calls them and wait for the group.
TEST_P(Linking, ImportedFunctionsRunInTheGroupOfTheirCaller) {
  ze_module_handle_t user = build("link_user"), library = build("link_library");
  auto [result, log] = link({user, library});
  ASSERT_EQ(result, ZE_RESULT_SUCCESS) << log;
  expect_functions_work(user);
}

TEST_P(Linking, VariablesAreSharedAndStayWhereTheyAre) {
  ze_module_handle_t user = build("link_user"), library = build("link_library");
  auto* counters = shared<int>(2);
  ze_kernel_handle_t read = kernel(library, "read_counters");
  void *before = nullptr, *from_user = nullptr, *from_library = nullptr;
  ASSERT_ZE(ZE(zeModuleGetGlobalPointer)(library, "shared_counter", nullptr, &before));
  ASSERT_EQ(link({library, user}).first, ZE_RESULT_SUCCESS);
  ASSERT_ZE(ZE(zeModuleGetGlobalPointer)(library, "shared_counter", nullptr, &from_library));
  ASSERT_ZE(ZE(zeModuleGetGlobalPointer)(user, "shared_counter", nullptr, &from_user));
  EXPECT_EQ(from_library, before);
  EXPECT_EQ(from_user, before);
  auto* out = shared<int>(16);
  run(kernel(user, "use_variables"), {4, 1, 1}, {4, 1, 1}, out);
  run(read, {1, 1, 1}, {1, 1, 1}, counters);  // the kernel was made before the modules were linked
  EXPECT_EQ(counters[0], 12);
  EXPECT_EQ(counters[1], 16);
  for (int i = 0; i < 16; ++i) EXPECT_EQ(out[i], i + 1000);
}

TEST_P(Linking, ModulesMayImportFromOneAnother) {
  ze_module_handle_t even = build("link_even"), odd = build("link_odd");
  ASSERT_EQ(link({even, odd}).first, ZE_RESULT_SUCCESS);
  auto* out = shared<int>(8);
  run(kernel(even, "even"), {2, 1, 1}, {4, 1, 1}, out);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(out[i], i % 2 ? 100 * i : i / 2) << i;
  run(kernel(odd, "odd"), {2, 1, 1}, {4, 1, 1}, out);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(out[i], i % 2 ? 100 * i : i / 2 + 1) << i;
}

TEST_P(Linking, NamesWhatNobodyExportsAndMayBeTriedAgain) {
  ze_module_handle_t user = build("link_user"), other = build("link_even");
  auto [result, log] = link({user, other});
  EXPECT_EQ(result, ZE_RESULT_ERROR_MODULE_LINK_FAILURE);
  for (const char* name : {"scaled", "sum_of_group", "count_calls", "odd_part"}) {
    EXPECT_NE(log.find(name), std::string::npos) << log;
  }
  EXPECT_EQ(try_kernel(user, "use_functions"), ZE_RESULT_ERROR_INVALID_MODULE_UNLINKED);
  ASSERT_EQ(link({user, build("link_library")}).first, ZE_RESULT_SUCCESS);
  expect_functions_work(user);
  EXPECT_EQ(link({user, build("link_library")}).first, ZE_RESULT_SUCCESS);  // nothing is left to do
}

TEST_P(Linking, DoesNotChooseBetweenTwoExports) {
  auto [result, log] = link({build("link_user"), build("link_library"), build("link_rival")});
  EXPECT_EQ(result, ZE_RESULT_ERROR_MODULE_LINK_FAILURE);
  EXPECT_NE(log.find("scaled"), std::string::npos) << log;
}

TEST_P(Linking, RefusesAnotherType) {
  ze_module_handle_t user = build("link_user");
  auto [result, log] = link({user, build("link_other_type")});
  EXPECT_EQ(result, ZE_RESULT_ERROR_MODULE_LINK_FAILURE);
  EXPECT_NE(log.find("scaled"), std::string::npos) << log;
}

TEST_P(Linking, TheSameModuleTwiceIsOneModule) {
  ze_module_handle_t user = build("link_user"), library = build("link_library");
  ASSERT_EQ(link({user, library, user, library}).first, ZE_RESULT_SUCCESS);
  expect_functions_work(user);
}

TEST_P(Linking, OneModuleOfSeveralInputs) {
  const std::vector<uint8_t> inputs[] = {kernel_binary("link_user", GetParam()),
                                         kernel_binary("link_library", GetParam())};
  const size_t sizes[] = {inputs[0].size(), inputs[1].size()};
  const uint8_t* modules[] = {inputs[0].data(), inputs[1].data()};
  ze_module_program_exp_desc_t several{};
  several.stype = ZE_STRUCTURE_TYPE_MODULE_PROGRAM_EXP_DESC;
  several.count = 2;
  several.inputSizes = sizes;
  several.pInputModules = modules;
  auto [module, log] = build_program(several);
  ASSERT_TRUE(module) << log;
  EXPECT_FALSE(has_imports(module));
  expect_functions_work(module);
  auto* out = shared<int>(4);
  auto* counters = shared<int>(2);
  run(kernel(module, "use_variables"), {1, 1, 1}, {4, 1, 1}, out);
  run(kernel(module, "read_counters"), {1, 1, 1}, {1, 1, 1}, counters);
  EXPECT_EQ(counters[0], 12);
  EXPECT_EQ(counters[1], 4);
}

TEST_P(Linking, RefusesNullHandles) {
  EXPECT_EQ(ZE(zeModuleDynamicLink)(1, nullptr, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_P(Linking, RefusesBadLists) {
  ze_module_handle_t user = build("link_user");
  EXPECT_EQ(ZE(zeModuleDynamicLink)(1, &user, nullptr), ZE_RESULT_ERROR_MODULE_LINK_FAILURE);
  ze_module_program_exp_desc_t several{};
  several.stype = ZE_STRUCTURE_TYPE_MODULE_PROGRAM_EXP_DESC;
  EXPECT_FALSE(build_program(several).first);
  several.count = 1;
  EXPECT_FALSE(build_program(several).first);
}

TEST_P(Linking, ListsImportsAndExports) {
  ze_module_handle_t modules[] = {build("link_user"), build("link_rival")};
  ze_linkage_inspection_ext_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_LINKAGE_INSPECTION_EXT_DESC;
  auto inspect = [&](ze_linkage_inspection_ext_flags_t flags) {
    desc.flags = flags;
    ze_module_build_log_handle_t log = nullptr;
    EXPECT_ZE(ZE(zeModuleInspectLinkageExt)(&desc, 2, modules, &log));
    return take_log(log);
  };
  auto has = [](const std::string& log, const char* name) { return log.find(name) != std::string::npos; };
  const std::string imports = inspect(ZE_LINKAGE_INSPECTION_EXT_FLAG_IMPORTS);
  EXPECT_TRUE(has(imports, "scaled") && has(imports, "count_calls") && has(imports, "shared_counter")) << imports;
  EXPECT_FALSE(has(imports, "helper")) << imports;
  const std::string missing = inspect(ZE_LINKAGE_INSPECTION_EXT_FLAG_UNRESOLVABLE_IMPORTS);
  EXPECT_TRUE(!has(missing, "scaled") && has(missing, "count_calls")) << missing;
  const std::string exports = inspect(ZE_LINKAGE_INSPECTION_EXT_FLAG_EXPORTS);
  EXPECT_TRUE(has(exports, "helper") && has(exports, "scaled") && !has(exports, "count_calls")) << exports;
  ze_module_build_log_handle_t log = nullptr;
  EXPECT_EQ(ZE(zeModuleInspectLinkageExt)(nullptr, 2, modules, &log), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeModuleInspectLinkageExt)(&desc, 2, nullptr, &log), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeModuleInspectLinkageExt)(&desc, 2, modules, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  desc.flags = 8;
  EXPECT_EQ(ZE(zeModuleInspectLinkageExt)(&desc, 2, modules, &log), ZE_RESULT_ERROR_INVALID_ENUMERATION);
}

INSTANTIATE_TEST_SUITE_P(Levels, Linking, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
