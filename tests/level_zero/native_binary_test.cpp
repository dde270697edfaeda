// native_binary_test – modules as bytes that a program may keep, and bytes that are no such thing.
#include <cstring>
#include <random>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class NativeBinary : public DeviceTest {
 protected:
  std::vector<uint8_t> native_binary(ze_module_handle_t module) {
    size_t size = 0;
    EXPECT_ZE(ZE(zeModuleGetNativeBinary)(module, &size, nullptr));
    std::vector<uint8_t> bytes(size);
    EXPECT_ZE(ZE(zeModuleGetNativeBinary)(module, &size, bytes.data()));
    EXPECT_EQ(size, bytes.size());
    return bytes;
  }

  /// What comes of the bytes, and the log.
  std::pair<ze_result_t, std::string> load(std::span<const uint8_t> bytes, ze_module_handle_t* module = nullptr) {
    ze_module_desc_t desc{};
    desc.stype = ZE_STRUCTURE_TYPE_MODULE_DESC;
    desc.format = ZE_MODULE_FORMAT_NATIVE;
    desc.inputSize = bytes.size();
    desc.pInputModule = bytes.data();
    ze_module_handle_t made = nullptr;
    ze_module_build_log_handle_t log = nullptr;
    const ze_result_t result = ZE(zeModuleCreate)(context_, device_, &desc, &made, &log);
    if (made) keep(made);
    if (module) *module = made;
    return {result, take_log(log)};
  }

  ze_module_handle_t reload(ze_module_handle_t module) {
    ze_module_handle_t loaded = nullptr;
    auto [result, log] = load(native_binary(module), &loaded);
    EXPECT_EQ(result, ZE_RESULT_SUCCESS) << log;
    return loaded;
  }
};

TEST_F(NativeBinary, RunsLikeTheModuleItCameFrom) {
  ze_module_handle_t loaded = reload(build("vector_add", 2));
  auto* a = shared<float>(100, 1.5f);
  auto* b = shared<float>(100, 2.0f);
  auto* out = shared<float>(100);
  run(kernel(loaded, "vector_add"), {10, 1, 1}, {10, 1, 1}, a, b, out);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(out[i], 3.5f) << i;
}

TEST_F(NativeBinary, ToldOfItsKernelsAsBefore) {
  ze_module_handle_t module = build("barriers", 2), loaded = reload(module);
  uint32_t count = 0, loaded_count = 0;
  ASSERT_ZE(ZE(zeModuleGetKernelNames)(module, &count, nullptr));
  ASSERT_ZE(ZE(zeModuleGetKernelNames)(loaded, &loaded_count, nullptr));
  ASSERT_EQ(count, loaded_count);
  std::vector<const char*> names(count);
  ASSERT_ZE(ZE(zeModuleGetKernelNames)(loaded, &count, names.data()));
  for (const char* name : names) {
    ze_kernel_properties_t before{}, after{};
    before.stype = after.stype = ZE_STRUCTURE_TYPE_KERNEL_PROPERTIES;
    ASSERT_ZE(ZE(zeKernelGetProperties)(kernel(module, name), &before));
    ASSERT_ZE(ZE(zeKernelGetProperties)(kernel(loaded, name), &after));
    EXPECT_EQ(before.numKernelArgs, after.numKernelArgs) << name;
    EXPECT_EQ(before.localMemSize, after.localMemSize) << name;
    EXPECT_EQ(before.privateMemSize, after.privateMemSize) << name;
    EXPECT_EQ(before.requiredGroupSizeX, after.requiredGroupSizeX) << name;
    EXPECT_EQ(before.maxSubgroupSize, after.maxSubgroupSize) << name;
    EXPECT_EQ(std::memcmp(&before.uuid, &after.uuid, sizeof(before.uuid)), 0) << name;
  }
}

TEST_F(NativeBinary, OfABinaryIsTheSame) {
  ze_module_handle_t module = build("control", 2);
  const std::vector<uint8_t> once = native_binary(module);
  EXPECT_EQ(native_binary(reload(module)), once);
}

TEST_F(NativeBinary, KeepsImportsAndExportsToBeLinked) {
  ze_module_handle_t user = reload(build("link_user", 2)), library = reload(build("link_library", 2));
  ze_module_handle_t modules[] = {user, library};
  ASSERT_ZE(ZE(zeModuleDynamicLink)(2, modules, nullptr));
  auto* out = shared<int>(16);
  run(kernel(user, "use_variables"), {2, 1, 1}, {8, 1, 1}, out);
  for (int i = 0; i < 16; ++i) EXPECT_EQ(out[i], i + 1000);
  auto* counters = shared<int>(2);
  run(kernel(library, "read_counters"), {1, 1, 1}, {1, 1, 1}, counters);
  EXPECT_EQ(counters[0], 12);
  EXPECT_EQ(counters[1], 16);
}

TEST_F(NativeBinary, CanBeTakenOfALinkedModule) {
  ze_module_handle_t modules[] = {build("link_user", 2), build("link_library", 2)};
  ASSERT_ZE(ZE(zeModuleDynamicLink)(2, modules, nullptr));
  ze_module_handle_t again[] = {reload(modules[0]), reload(modules[1])};
  ASSERT_ZE(ZE(zeModuleDynamicLink)(2, again, nullptr));  // does nothing where linking lasts
  auto* out = shared<int>(16);
  run(kernel(again[0], "use_variables"), {2, 1, 1}, {8, 1, 1}, out);
  for (int i = 0; i < 16; ++i) EXPECT_EQ(out[i], i + 1000);
}

TEST_F(NativeBinary, RefusesOneThatIsCutOff) {
  const std::vector<uint8_t> whole = native_binary(build("vector_add", 2));
  for (size_t size :
       {size_t{1}, size_t{8}, size_t{15}, size_t{16}, size_t{17}, size_t{64}, whole.size() / 2, whole.size() - 1}) {
    auto [result, log] = load(std::span(whole).first(size));
    EXPECT_EQ(result, ZE_RESULT_ERROR_INVALID_NATIVE_BINARY) << size;
    EXPECT_GT(log.size(), 10u) << size;
  }
  EXPECT_EQ(load(std::span(whole).first(0)).first, ZE_RESULT_ERROR_INVALID_SIZE);
  std::vector<uint8_t> longer = whole;
  longer.push_back(0);
  EXPECT_EQ(load(longer).first, ZE_RESULT_ERROR_INVALID_NATIVE_BINARY);
}

TEST_F(NativeBinary, RefusesDamage) {
  const std::vector<uint8_t> whole = native_binary(build("vector_add", 2));
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<uint8_t> damaged = whole;
    damaged[round < 100 ? static_cast<size_t>(round) : random() % whole.size()] ^=
        static_cast<uint8_t>(1u << random() % 8);
    auto [result, log] = load(damaged);
    ASSERT_EQ(result, ZE_RESULT_ERROR_INVALID_NATIVE_BINARY) << round;
    ASSERT_GT(log.size(), 10u) << round;
  }
}

TEST_F(NativeBinary, RefusesWhatIsNone) {
  EXPECT_EQ(load(kernel_binary("vector_add", 2)).first, ZE_RESULT_ERROR_INVALID_NATIVE_BINARY);
  EXPECT_EQ(load(std::vector<uint8_t>(4096)).first, ZE_RESULT_ERROR_INVALID_NATIVE_BINARY);
}

TEST_F(NativeBinary, ChecksItsArguments) {
  EXPECT_EQ(ZE(zeModuleGetNativeBinary)(build("vector_add", 2), nullptr, nullptr),
            ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(NativeBinary, RefusesNullHandles) {
  size_t size = 0;
  EXPECT_EQ(ZE(zeModuleGetNativeBinary)(nullptr, &size, nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
}

}  // namespace
}  // namespace metate::test
