// sharing_test – what Metate's driver says where memory cannot be shared, and what becomes of the memory.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstring>

#include "tests/level_zero/newer.h"

namespace metate::test {
namespace {

class Sharing : public Newer {
 protected:
  void prepare() override {
    const ze_device_mem_alloc_desc_t desc{ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, nullptr, 0, 0};
    void* data = nullptr;
    ASSERT_ZE(ZE(zeMemAllocDevice)(context_, &desc, kSize, 64, device_, &data));
    data_ = static_cast<char*>(data);
    std::memset(data_, 'm', kSize);
  }
  void TearDown() override {
    if (data_) EXPECT_ZE(ZE(zeMemFree)(context_, data_));
    Newer::TearDown();
  }

  std::string description() {
    auto* describe = function<SLOT(DriverTable, pfnGetLastErrorDescription)>("zeDriverGetLastErrorDescription");
    const char* text = nullptr;
    EXPECT_ZE(describe(driver_, &text));
    return text ? text : "";
  }

  static size_t open_descriptors() {
    size_t count = 0;
    for (int i = 0; i < 1024; ++i) count += fcntl(i, F_GETFD) >= 0;
    return count;
  }

  static constexpr size_t kSize = 10000;
  char* data_ = nullptr;
  ze_ipc_mem_handle_t handle_{};
};

TEST_F(Sharing, WithoutADescriptorTheMemoryStaysAsItWas) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit none{0, limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const ze_result_t result = ZE(zeMemGetIpcHandle)(context_, data_, &handle_);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(result, ZE_RESULT_ERROR_OUT_OF_DEVICE_MEMORY);
  EXPECT_NE(description().find("descriptor"), std::string::npos) << description();
  EXPECT_EQ(data_[kSize - 1], 'm');
  EXPECT_ZE(ZE(zeMemGetIpcHandle)(context_, data_, &handle_));
  EXPECT_EQ(data_[kSize - 1], 'm');
}

TEST_F(Sharing, SaysWhatIsWrong) {
  auto* host = shared<char>(100);
  EXPECT_EQ(ZE(zeMemGetIpcHandle)(context_, host, &handle_), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_NE(description().find("ze_external_memory_export_desc_t"), std::string::npos) << description();
  EXPECT_EQ(ZE(zeMemGetIpcHandle)(context_, data_ + 1, &handle_), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_NE(description().find("begins"), std::string::npos) << description();
  void* opened = nullptr;
  EXPECT_EQ(ZE(zeMemOpenIpcHandle)(context_, device_, {}, 0, &opened), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_NE(description().find("no handle of memory"), std::string::npos) << description();
}

/// A file that its owner could make smaller would let every use of it be a signal.
TEST_F(Sharing, TakesNoFileThatCanShrink) {
  const int descriptor = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  ASSERT_EQ(ftruncate(descriptor, 4096), 0);
  FIND(from_descriptor, MemExpTable, pfnGetIpcHandleFromFileDescriptorExp, "zeMemGetIpcHandleFromFileDescriptorExp");
  EXPECT_EQ(from_descriptor(context_, static_cast<uint64_t>(descriptor), &handle_), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  ASSERT_EQ(fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), 0);
  EXPECT_ZE(from_descriptor(context_, static_cast<uint64_t>(descriptor), &handle_));
  close(descriptor);
}

TEST_F(Sharing, LeavesNoDescriptorBehind) {
  FIND(put_back, MemTable, pfnPutIpcHandle, "zeMemPutIpcHandle");
  const size_t before = open_descriptors();
  const ze_device_mem_alloc_desc_t desc{ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, nullptr, 0, 0};
  for (int i = 0; i < 50; ++i) {
    void *data = nullptr, *opened = nullptr;
    ASSERT_ZE(ZE(zeMemAllocDevice)(context_, &desc, kSize, 64, device_, &data));
    ASSERT_ZE(ZE(zeMemGetIpcHandle)(context_, data, &handle_));
    ASSERT_ZE(ZE(zeMemOpenIpcHandle)(context_, device_, handle_, 0, &opened));
    ASSERT_ZE(ZE(zeMemFree)(context_, data));
    ASSERT_ZE(ZE(zeMemCloseIpcHandle)(context_, opened));
    ASSERT_ZE(put_back(context_, handle_));
    EXPECT_EQ(ZE(zeMemOpenIpcHandle)(context_, device_, handle_, 0, &opened), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  }
  EXPECT_EQ(open_descriptors(), before);
}

/// The heap gets memory back that no other process sees.
TEST_F(Sharing, WhatIsFreedIsPrivateAgain) {
  const ze_device_mem_alloc_desc_t desc{ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, nullptr, 0, 0};
  void *data = nullptr, *opened = nullptr;
  ASSERT_ZE(ZE(zeMemAllocDevice)(context_, &desc, kSize, 64, device_, &data));
  std::memset(data, 'a', kSize);
  ASSERT_ZE(ZE(zeMemGetIpcHandle)(context_, data, &handle_));
  ASSERT_ZE(ZE(zeMemOpenIpcHandle)(context_, device_, handle_, 0, &opened));
  ASSERT_ZE(ZE(zeMemFree)(context_, data));
  std::vector<std::vector<char>> reused;
  for (int i = 0; i < 100; ++i) reused.emplace_back(kSize, 'b');
  EXPECT_EQ(std::string(static_cast<char*>(opened), kSize), std::string(kSize, 'a'));
  ASSERT_ZE(ZE(zeMemCloseIpcHandle)(context_, opened));
}

}  // namespace
}  // namespace metate::test
