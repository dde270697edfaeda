// virtual_memory_test – reserved addresses, physical memory, and mapping the one to the other.
#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class VirtualMemory : public DeviceTest {
 protected:
  void prepare() override {
    ASSERT_ZE(ZE(zeVirtualMemQueryPageSize)(context_, device_, 1, &page_));
    ASSERT_GT(page_, 0u);
  }

  void TearDown() override {
    for (auto [base, size] : reserved_) EXPECT_ZE(ZE(zeVirtualMemFree)(context_, base, size));
    for (ze_physical_mem_handle_t memory : memories_) EXPECT_ZE(ZE(zePhysicalMemDestroy)(context_, memory));
    DeviceTest::TearDown();
  }

  char* reserve(size_t pages) {
    void* base = nullptr;
    EXPECT_ZE(ZE(zeVirtualMemReserve)(context_, nullptr, pages * page_, &base));
    if (base) reserved_.emplace_back(base, pages * page_);
    return static_cast<char*>(base);
  }

  ze_physical_mem_handle_t memory(size_t pages) {
    ze_physical_mem_desc_t desc{ZE_STRUCTURE_TYPE_PHYSICAL_MEM_DESC, nullptr, 0, pages * page_};
    ze_physical_mem_handle_t made = nullptr;
    EXPECT_ZE(ZE(zePhysicalMemCreate)(context_, device_, &desc, &made));
    if (made) memories_.push_back(made);
    return made;
  }

  ze_result_t map(const void* at, size_t pages, ze_physical_mem_handle_t memory, size_t offset,
                  ze_memory_access_attribute_t access = ZE_MEMORY_ACCESS_ATTRIBUTE_READWRITE) {
    return ZE(zeVirtualMemMap)(context_, at, pages * page_, memory, offset, access);
  }

  /// The access at that address, and how many of the pages have the same.
  std::pair<ze_memory_access_attribute_t, size_t> access(const void* at, size_t pages) {
    ze_memory_access_attribute_t attribute{};
    size_t same = 0;
    EXPECT_ZE(ZE(zeVirtualMemGetAccessAttribute)(context_, at, pages * page_, &attribute, &same));
    return {attribute, same / page_};
  }

  size_t page_ = 0;

 private:
  std::vector<std::pair<void*, size_t>> reserved_;
  std::vector<ze_physical_mem_handle_t> memories_;
};

constexpr auto kNone = ZE_MEMORY_ACCESS_ATTRIBUTE_NONE;
constexpr auto kReadWrite = ZE_MEMORY_ACCESS_ATTRIBUTE_READWRITE;
constexpr auto kReadOnly = ZE_MEMORY_ACCESS_ATTRIBUTE_READONLY;

TEST_F(VirtualMemory, KernelsAndCopiesUseMappedMemory) {
  char* base = reserve(4);
  ASSERT_TRUE(base);
  ASSERT_ZE(map(base + page_, 2, memory(2), 0));
  auto* a = reinterpret_cast<float*>(base + page_);
  const size_t count = page_ / sizeof(float);  // fewer than the 2 pages hold
  const float one = 1.0f;
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list_, a, &one, sizeof(one), 2 * page_, nullptr, 0, nullptr));
  auto* out = shared<float>(count);
  run(kernel(build("vector_add", 2), "vector_add"), {static_cast<uint32_t>(count / 64), 1, 1}, {64, 1, 1}, a, a + count,
      out);
  for (size_t i = 0; i < count; ++i) ASSERT_EQ(out[i], 2.0f) << i;
}

TEST_F(VirtualMemory, MemoryKeepsItsContentsBetweenMappings) {
  char* base = reserve(2);
  ze_physical_mem_handle_t both = memory(2);
  auto* seen = shared<uint32_t>(2);
  const uint32_t values[2] = {11, 22};
  for (size_t i = 0; i < 2; ++i) {
    ASSERT_ZE(map(base, 1, both, i * page_));
    ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list_, base, &values[i], 4, nullptr, 0, nullptr));
    ASSERT_ZE(ZE(zeVirtualMemUnmap)(context_, base, page_));
  }
  ASSERT_ZE(map(base, 1, both, page_));  // the other way round
  ASSERT_ZE(map(base + page_, 1, both, 0));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list_, &seen[0], base, 4, nullptr, 0, nullptr));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list_, &seen[1], base + page_, 4, nullptr, 0, nullptr));
  EXPECT_EQ(seen[0], 22u);
  EXPECT_EQ(seen[1], 11u);
}

TEST_F(VirtualMemory, AccessIsToldByRuns) {
  char* base = reserve(8);
  EXPECT_EQ(access(base, 8), std::pair(kNone, size_t{8}));
  ASSERT_ZE(map(base + 2 * page_, 4, memory(4), 0));
  EXPECT_EQ(access(base, 8), std::pair(kNone, size_t{2}));
  EXPECT_EQ(access(base + 2 * page_, 6), std::pair(kReadWrite, size_t{4}));
  ASSERT_ZE(ZE(zeVirtualMemSetAccessAttribute)(context_, base + 3 * page_, page_, kReadOnly));
  EXPECT_EQ(access(base + 2 * page_, 6), std::pair(kReadWrite, size_t{1}));
  EXPECT_EQ(access(base + 3 * page_, 5), std::pair(kReadOnly, size_t{1}));
  ASSERT_ZE(ZE(zeVirtualMemSetAccessAttribute)(context_, base + 3 * page_, page_, kReadWrite));
  EXPECT_EQ(access(base + 2 * page_, 4), std::pair(kReadWrite, size_t{4}));
  ASSERT_ZE(ZE(zeVirtualMemUnmap)(context_, base + 4 * page_, 2 * page_));
  EXPECT_EQ(access(base + 2 * page_, 6), std::pair(kReadWrite, size_t{2}));
  EXPECT_EQ(access(base + 4 * page_, 4), std::pair(kNone, size_t{4}));
}

TEST_F(VirtualMemory, ReservesAtAFreeAddress) {
  char* first = reserve(4);
  void* second = nullptr;
  ASSERT_ZE(ZE(zeVirtualMemReserve)(context_, first, 4 * page_, &second));  // is taken: somewhere else
  ASSERT_NE(second, nullptr);
  EXPECT_TRUE(static_cast<char*>(second) >= first + 4 * page_ || static_cast<char*>(second) + 4 * page_ <= first);
  ASSERT_ZE(ZE(zeVirtualMemFree)(context_, second, 4 * page_));
}

TEST_F(VirtualMemory, RefusesWhatDoesNotFit) {
  char* base = reserve(2);
  ze_physical_mem_handle_t one = memory(1);
  EXPECT_NE(map(base, 2, one, 0), ZE_RESULT_SUCCESS);                // more than there is
  EXPECT_NE(map(base, 1, one, page_), ZE_RESULT_SUCCESS);            // behind its end
  EXPECT_NE(map(base + page_, 2, memory(2), 0), ZE_RESULT_SUCCESS);  // beyond the reservation
  EXPECT_EQ(map(base + 1, 1, one, 0), ZE_RESULT_ERROR_UNSUPPORTED_ALIGNMENT);
  EXPECT_EQ(map(base, 1, one, 0, static_cast<ze_memory_access_attribute_t>(3)), ZE_RESULT_ERROR_INVALID_ENUMERATION);
  EXPECT_EQ(map(base, 0, one, 0), ZE_RESULT_ERROR_UNSUPPORTED_SIZE);
  EXPECT_EQ(map(nullptr, 1, one, 0), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeVirtualMemUnmap)(context_, base, page_ / 2), ZE_RESULT_ERROR_UNSUPPORTED_SIZE);
  EXPECT_EQ(ZE(zeVirtualMemUnmap)(context_, base + 1, page_), ZE_RESULT_ERROR_UNSUPPORTED_ALIGNMENT);
  EXPECT_EQ(ZE(zeVirtualMemFree)(context_, base, 0), ZE_RESULT_ERROR_UNSUPPORTED_SIZE);
  EXPECT_NE(ZE(zeVirtualMemFree)(context_, base, page_), ZE_RESULT_SUCCESS);  // not the whole of it
}

TEST_F(VirtualMemory, ChecksItsArguments) {
  void* base = nullptr;
  size_t page = 0;
  ze_physical_mem_handle_t made = nullptr;
  ze_physical_mem_desc_t desc{ZE_STRUCTURE_TYPE_PHYSICAL_MEM_DESC, nullptr, 0, 0};
  EXPECT_EQ(ZE(zeVirtualMemReserve)(context_, nullptr, 0, &base), ZE_RESULT_ERROR_UNSUPPORTED_SIZE);
  EXPECT_EQ(ZE(zeVirtualMemReserve)(context_, nullptr, page_, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeVirtualMemQueryPageSize)(context_, device_, 0, &page), ZE_RESULT_ERROR_UNSUPPORTED_SIZE);
  EXPECT_EQ(ZE(zeVirtualMemQueryPageSize)(context_, device_, 1, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zePhysicalMemCreate)(context_, device_, nullptr, &made), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zePhysicalMemCreate)(context_, device_, &desc, &made), ZE_RESULT_ERROR_UNSUPPORTED_SIZE);
  desc.size = page_ + 1;
  EXPECT_NE(ZE(zePhysicalMemCreate)(context_, device_, &desc, &made), ZE_RESULT_SUCCESS);
  ze_memory_access_attribute_t attribute{};
  EXPECT_EQ(ZE(zeVirtualMemGetAccessAttribute)(context_, nullptr, page_, &attribute, &page),
            ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_NE(ZE(zeVirtualMemSetAccessAttribute)(context_, &page, page_, kReadOnly), ZE_RESULT_SUCCESS);
}

TEST_F(VirtualMemory, RefusesNullHandles) {
  EXPECT_EQ(ZE(zePhysicalMemDestroy)(context_, nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
}

}  // namespace
}  // namespace metate::test
