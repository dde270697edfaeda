// shared_memory_test – memory that another process opens, by a handle or by a descriptor.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <thread>

#include "tests/level_zero/newer.h"
#include "tests/level_zero/peer.h"

namespace metate::test {
namespace {

class SharedMemory : public Newer {
 protected:
  void TearDown() override {
    for (void* data : allocated_) EXPECT_ZE(ZE(zeMemFree)(context_, data));
    Newer::TearDown();
  }

  /// Device memory full of that word.
  void* device_memory(size_t size, uint32_t word, const void* chain = nullptr) {
    const ze_device_mem_alloc_desc_t desc{ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, chain, 0, 0};
    void* data = nullptr;
    EXPECT_ZE(ZE(zeMemAllocDevice)(context_, &desc, size, 64, device_, &data));
    allocated_.push_back(data);
    fill(data, size, word);
    return data;
  }
  void free(void* data) {
    EXPECT_ZE(ZE(zeMemFree)(context_, data));
    std::erase(allocated_, data);
  }

  ze_ipc_mem_handle_t handle_of(const void* data) {
    ze_ipc_mem_handle_t handle{};
    EXPECT_ZE(ZE(zeMemGetIpcHandle)(context_, data, &handle));
    return handle;
  }
  static ze_ipc_mem_handle_t handle_in(const Reply& reply) {
    ze_ipc_mem_handle_t handle;
    std::memcpy(handle.data, reply.handle, sizeof(handle.data));
    return handle;
  }
  ze_result_t try_handle(const void* data) {
    ze_ipc_mem_handle_t handle{};
    return ZE(zeMemGetIpcHandle)(context_, data, &handle);
  }

  void* open(const ze_ipc_mem_handle_t& handle) {
    void* data = nullptr;
    EXPECT_ZE(ZE(zeMemOpenIpcHandle)(context_, device_, handle, 0, &data));
    return data;
  }
  ze_result_t try_open(const ze_ipc_mem_handle_t& handle) {
    void* data = nullptr;
    const ze_result_t result = ZE(zeMemOpenIpcHandle)(context_, device_, handle, 0, &data);
    if (result == ZE_RESULT_SUCCESS) close(data);
    return result;
  }
  void close(const void* data) { EXPECT_ZE(ZE(zeMemCloseIpcHandle)(context_, data)); }

  void fill(void* data, size_t size, uint32_t word) {
    EXPECT_ZE(ZE(zeCommandListAppendMemoryFill)(list_, data, &word, 4, size, nullptr, 0, nullptr));
  }
  uint32_t word_of(const void* data, size_t index = 0) {
    uint32_t word = 0;
    EXPECT_ZE(ZE(zeCommandListAppendMemoryCopy)(list_, &word, static_cast<const uint32_t*>(data) + index, 4, nullptr, 0,
                                                nullptr));
    return word;
  }

  /// The flags that all drivers with file descriptors know.
  static constexpr auto kFile = ZE_EXTERNAL_MEMORY_TYPE_FLAG_OPAQUE_FD;

 private:
  std::vector<void*> allocated_;
};

TEST_F(SharedMemory, TheDriverSaysThatItCanBeSent) {
  ze_driver_ipc_properties_t ipc{ZE_STRUCTURE_TYPE_DRIVER_IPC_PROPERTIES, nullptr, 0};
  ASSERT_ZE(ZE(zeDriverGetIpcProperties)(driver_, &ipc));
  EXPECT_TRUE(ipc.flags & ZE_IPC_PROPERTY_FLAG_MEMORY);
}

TEST_F(SharedMemory, AnotherProcessReadsAndWrites) {
  // Small, odd, some pages, on huge pages.
  for (size_t size : {4, 100, 3 * 4096, 5 << 20}) {
    void* data = device_memory(size, 11);
    Peer peer;
    const ze_ipc_mem_handle_t handle = handle_of(data);
    EXPECT_EQ(word_of(data, size / 4 - 1), 11u) << "it keeps what is in it";
    const Reply opened = peer.ask_with(handle, Task::kOpenMemory);
    ASSERT_EQ(opened.result, ZE_RESULT_SUCCESS);
    EXPECT_GE(opened.size, size);
    EXPECT_EQ(peer.ask(Task::kReadMemory).word, 11u);
    fill(data, size, 12);
    EXPECT_EQ(peer.ask(Task::kReadMemory).word, 12u);
    EXPECT_EQ(peer.ask(Task::kWriteMemory, 13).result, ZE_RESULT_SUCCESS);
    EXPECT_EQ(word_of(data, size / 4 - 1), 13u);
    EXPECT_EQ(peer.ask(Task::kCloseMemory).result, ZE_RESULT_SUCCESS);
    EXPECT_EQ(word_of(data), 13u);
  }
}

TEST_F(SharedMemory, KernelsWriteToWhatIsOpened) {
  Peer peer;
  const Reply shared_by_peer = peer.ask(Task::kShareMemory, 5);
  ASSERT_EQ(shared_by_peer.result, ZE_RESULT_SUCCESS);
  auto* opened = static_cast<float*>(open(handle_in(shared_by_peer)));
  ASSERT_TRUE(opened);
  auto* ones = shared<float>(64, 1.0f);
  ze_kernel_handle_t add = kernel(build("vector_add", 2), "vector_add");
  run(add, {1, 1, 1}, {64, 1, 1}, ones, ones, opened);
  const uint32_t two = peer.ask(Task::kReadMemory).word;
  EXPECT_EQ(two, __builtin_bit_cast(uint32_t, 2.0f));
  close(opened);
}

TEST_F(SharedMemory, OutlivesTheProcessThatMadeIt) {
  Peer peer;
  const Reply made = peer.ask(Task::kShareMemory, 21);
  ASSERT_EQ(made.result, ZE_RESULT_SUCCESS);
  const ze_ipc_mem_handle_t handle = handle_in(made);
  void* opened = open(handle);
  peer.kill();
  EXPECT_EQ(word_of(opened), 21u);
  EXPECT_EQ(try_open(handle), ZE_RESULT_ERROR_INVALID_ARGUMENT) << "nobody has it to give";
  close(opened);
}

TEST_F(SharedMemory, IsOpenedSeveralTimes) {
  void* data = device_memory(4096, 1);
  const ze_ipc_mem_handle_t handle = handle_of(data);
  void* first = open(handle);
  void* second = open(handle_of(data));
  EXPECT_NE(first, second);
  EXPECT_NE(first, data);
  fill(first, 4096, 2);
  EXPECT_EQ(word_of(second, 1023), 2u);
  EXPECT_EQ(word_of(data, 1023), 2u);
  close(first);
  fill(second, 4096, 3);
  EXPECT_EQ(word_of(data), 3u);
  close(second);
}

TEST_F(SharedMemory, AHandleOutlivesItsAllocation) {
  void* data = device_memory(8192, 31);
  const ze_ipc_mem_handle_t handle = handle_of(data);
  free(data);
  void* opened = open(handle);
  EXPECT_EQ(word_of(opened, 2047), 31u);
  close(opened);
}

/// As programs do that pass descriptors on, in the first bytes of the handle.
TEST_F(SharedMemory, ADescriptorThatWasSentOpensIt) {
  void* data = device_memory(4096, 41);
  const ze_ipc_mem_handle_t handle = handle_of(data);
  int descriptor = -1;
  std::memcpy(&descriptor, handle.data, sizeof(descriptor));
  Peer peer;
  ASSERT_EQ(peer.ask_with(handle, Task::kOpenMemory, descriptor).result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(peer.ask(Task::kReadMemory).word, 41u);
}

TEST_F(SharedMemory, IsNotFreedByWhoOpenedIt) {
  void* data = device_memory(4096, 1);
  void* opened = open(handle_of(data));
  EXPECT_EQ(ZE(zeMemFree)(context_, opened), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(ZE(zeMemCloseIpcHandle)(context_, data), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  close(opened);
  EXPECT_EQ(ZE(zeMemCloseIpcHandle)(context_, opened), ZE_RESULT_ERROR_INVALID_ARGUMENT);
}

TEST_F(SharedMemory, RefusesWhatIsNoDeviceMemory) {
  auto* host = shared<uint32_t>(1024);
  auto* data = static_cast<char*>(device_memory(4096, 1));
  int on_stack = 0;
  EXPECT_EQ(try_handle(host), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(try_handle(data + 64), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(try_handle(&on_stack), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(try_handle(nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  free(data);
  EXPECT_EQ(try_handle(data), ZE_RESULT_ERROR_INVALID_ARGUMENT);
}

TEST_F(SharedMemory, RefusesHandlesThatAreNone) {
  ze_ipc_mem_handle_t handle{};
  EXPECT_EQ(try_open(handle), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  std::memset(handle.data, 0xff, sizeof(handle.data));
  EXPECT_EQ(try_open(handle), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  void* data = device_memory(4096, 1);
  handle = handle_of(data);
  void* opened = nullptr;
  EXPECT_EQ(ZE(zeMemOpenIpcHandle)(context_, device_, handle, 4, &opened), ZE_RESULT_ERROR_INVALID_ENUMERATION);
  EXPECT_EQ(ZE(zeMemOpenIpcHandle)(context_, device_, handle, 0, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(SharedMemory, DamageOpensNothingElse) {
  void* data = device_memory(4096, 77);
  const ze_ipc_mem_handle_t handle = handle_of(data);
  for (size_t byte = 0; byte < sizeof(handle.data); ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      ze_ipc_mem_handle_t damaged = handle;
      damaged.data[byte] = static_cast<char>(damaged.data[byte] ^ (1 << bit));
      void* opened = nullptr;
      if (ZE(zeMemOpenIpcHandle)(context_, device_, damaged, 0, &opened) != ZE_RESULT_SUCCESS) continue;
      EXPECT_EQ(word_of(opened), 77u) << byte << "." << bit;
      close(opened);
    }
  }
}

/// No command may lose what it writes, while the memory gets another home.
TEST_F(SharedMemory, IsSharedWhileQueuesWriteToIt) {
  constexpr size_t kWords = 16384;
  constexpr int kRounds = 20;
  ze_command_list_handle_t lists[2] = {asynchronous_list(), asynchronous_list()};
  const std::vector<ze_event_handle_t> done = events(2);
  for (int round = 0; round < kRounds; ++round) {
    auto* data = static_cast<uint32_t*>(device_memory(kWords * 4, 0));
    std::atomic<size_t> submitted = 0;
    std::array<std::thread, 2> writers;
    for (size_t t = 0; t < 2; ++t) {
      writers[t] = std::thread([&, t] {
        for (size_t i = t; i < kWords; i += 2, ++submitted) {
          const auto word = static_cast<uint32_t>(i + 1);
          EXPECT_ZE(ZE(zeCommandListAppendMemoryFill)(lists[t], data + i, &word, 4, 4, nullptr, 0, nullptr));
        }
      });
    }
    while (submitted < kWords / 4) std::this_thread::yield();
    void* opened = open(handle_of(data));
    for (std::thread& writer : writers) writer.join();
    for (size_t t = 0; t < 2; ++t) {
      ASSERT_ZE(ZE(zeCommandListAppendBarrier)(lists[t], done[t], 0, nullptr));
      ASSERT_ZE(ZE(zeEventHostSynchronize)(done[t], UINT64_MAX));
      ASSERT_ZE(ZE(zeEventHostReset)(done[t]));
    }
    std::vector<uint32_t> words(kWords);
    ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list_, words.data(), opened, kWords * 4, nullptr, 0, nullptr));
    for (size_t i = 0; i < kWords; ++i) ASSERT_EQ(words[i], i + 1) << "round " << round;
    close(opened);
    free(data);
  }
}

/// What waits for the host must not make it wait.
TEST_F(SharedMemory, IsSharedWhileACommandWaitsForTheHost) {
  auto* data = static_cast<uint32_t*>(device_memory(4096, 1));
  const std::vector<ze_event_handle_t> both = events(2);
  ze_event_handle_t begin = both[0], done = both[1];
  const uint32_t word = 9;
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(asynchronous_list(), data, &word, 4, 4096, done, 1, &begin));
  void* opened = open(handle_of(data));
  EXPECT_EQ(word_of(opened), 1u);
  ASSERT_ZE(ZE(zeEventHostSignal)(begin));
  ASSERT_ZE(ZE(zeEventHostSynchronize)(done, UINT64_MAX));
  EXPECT_EQ(word_of(opened), 9u);
  close(opened);
}

TEST_F(SharedMemory, ManyThreadsShareIt) {
  void* data = device_memory(1 << 20, 6);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        void* own = nullptr;
        const ze_device_mem_alloc_desc_t desc{ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, nullptr, 0, 0};
        EXPECT_ZE(ZE(zeMemAllocDevice)(context_, &desc, 10000, 64, device_, &own));
        void* opened = open(handle_of(data));
        void* opened_own = open(handle_of(own));
        close(opened);
        EXPECT_ZE(ZE(zeMemFree)(context_, own));
        close(opened_own);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(word_of(data), 6u);
}

TEST_F(SharedMemory, IsExportedAndImportedAsAFile) {
  ze_device_external_memory_properties_t external{};
  external.stype = ZE_STRUCTURE_TYPE_DEVICE_EXTERNAL_MEMORY_PROPERTIES;
  ASSERT_ZE(ZE(zeDeviceGetExternalMemoryProperties)(device_, &external));
  ASSERT_TRUE(external.memoryAllocationExportTypes & kFile);
  ASSERT_TRUE(external.memoryAllocationImportTypes & kFile);
  const ze_external_memory_export_desc_t wanted{ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_EXPORT_DESC, nullptr, kFile};
  void* data = device_memory(8192, 3, &wanted);
  ze_external_memory_export_fd_t file{ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_EXPORT_FD, nullptr, kFile, -1};
  ze_memory_allocation_properties_t properties{};
  properties.stype = ZE_STRUCTURE_TYPE_MEMORY_ALLOCATION_PROPERTIES;
  properties.pNext = &file;
  ASSERT_ZE(ZE(zeMemGetAllocProperties)(context_, data, &properties, nullptr));
  ASSERT_GE(file.fd, 0);
  const ze_external_memory_import_fd_t given{ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_IMPORT_FD, nullptr, kFile, file.fd};
  const ze_device_mem_alloc_desc_t desc{ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, &given, 0, 0};
  void *imported = nullptr, *larger = nullptr;
  ASSERT_ZE(ZE(zeMemAllocDevice)(context_, &desc, 8192, 64, device_, &imported));
  EXPECT_EQ(ZE(zeMemAllocDevice)(context_, &desc, 1 << 20, 64, device_, &larger), ZE_RESULT_ERROR_INVALID_SIZE);
  EXPECT_EQ(word_of(imported, 2047), 3u);
  fill(imported, 8192, 4);
  EXPECT_EQ(word_of(data, 2047), 4u);
  EXPECT_EQ(::close(file.fd), 0) << "the program's own";
  free(data);
  EXPECT_EQ(word_of(imported), 4u);
  EXPECT_ZE(ZE(zeMemFree)(context_, imported));
}

TEST_F(SharedMemory, RefusesOtherFiles) {
  auto allocate_with = [&](const void* chain) {
    const ze_device_mem_alloc_desc_t desc{ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, chain, 0, 0};
    void* data = nullptr;
    const ze_result_t result = ZE(zeMemAllocDevice)(context_, &desc, 4096, 64, device_, &data);
    EXPECT_EQ(data, nullptr);
    return result;
  };
  ze_external_memory_export_desc_t wanted{ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_EXPORT_DESC, nullptr, 0x10000};
  EXPECT_EQ(allocate_with(&wanted), ZE_RESULT_ERROR_INVALID_ENUMERATION);
  wanted.flags = ZE_EXTERNAL_MEMORY_TYPE_FLAG_D3D12_HEAP;
  EXPECT_EQ(allocate_with(&wanted), ZE_RESULT_ERROR_UNSUPPORTED_ENUMERATION);
  const int directory = ::open("/", O_RDONLY | O_DIRECTORY);
  ze_external_memory_import_fd_t given{ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_IMPORT_FD, nullptr, kFile, directory};
  EXPECT_EQ(allocate_with(&given), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(::close(directory), 0);
  given.fd = -1;
  EXPECT_EQ(allocate_with(&given), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  ze_external_memory_import_win32_handle_t other{};
  other.stype = ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_IMPORT_WIN32;
  EXPECT_EQ(allocate_with(&other), ZE_RESULT_ERROR_UNSUPPORTED_ENUMERATION);
}

TEST_F(SharedMemory, HostMemoryIsSharedWhereItWasMadeForIt) {
  const ze_external_memory_export_desc_t wanted{ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_EXPORT_DESC, nullptr, kFile};
  const ze_host_mem_alloc_desc_t desc{ZE_STRUCTURE_TYPE_HOST_MEM_ALLOC_DESC, &wanted, 0};
  void* data = nullptr;
  ASSERT_ZE(ZE(zeMemAllocHost)(context_, &desc, 4096, 64, &data));
  *static_cast<uint32_t*>(data) = 8;
  Peer peer;
  ASSERT_EQ(peer.ask_with(handle_of(data), Task::kOpenMemory).result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(peer.ask(Task::kReadMemory).word, 8u);
  EXPECT_ZE(ZE(zeMemFree)(context_, data));
}

TEST_F(SharedMemory, PhysicalMemoryIsSharedWhereItIsMapped) {
  size_t page = 0;
  ASSERT_ZE(ZE(zeVirtualMemQueryPageSize)(context_, device_, 1, &page));
  ze_physical_mem_desc_t desc{ZE_STRUCTURE_TYPE_PHYSICAL_MEM_DESC, nullptr, 0, 2 * page};
  ze_physical_mem_handle_t memory = nullptr;
  void* data = nullptr;
  ASSERT_ZE(ZE(zePhysicalMemCreate)(context_, device_, &desc, &memory));
  ASSERT_ZE(ZE(zeVirtualMemReserve)(context_, nullptr, 2 * page, &data));
  EXPECT_EQ(try_handle(data), ZE_RESULT_ERROR_INVALID_ARGUMENT) << "nothing is there";
  ASSERT_ZE(ZE(zeVirtualMemMap)(context_, data, 2 * page, memory, 0, ZE_MEMORY_ACCESS_ATTRIBUTE_READWRITE));
  fill(data, 2 * page, 17);
  Peer peer;
  const Reply opened = peer.ask_with(handle_of(data), Task::kOpenMemory);
  ASSERT_EQ(opened.result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(opened.size, 2 * page);
  EXPECT_EQ(peer.ask(Task::kReadMemory).word, 17u);
  EXPECT_EQ(peer.ask(Task::kWriteMemory, 18).result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(word_of(data), 18u);
  ASSERT_ZE(ZE(zeVirtualMemUnmap)(context_, data, 2 * page));
  ASSERT_ZE(ZE(zeVirtualMemFree)(context_, data, 2 * page));
  ASSERT_ZE(ZE(zePhysicalMemDestroy)(context_, memory));
}

/// With functions that headers of 1.4 do not have.
class SharedMemoryHandles : public SharedMemory {};

TEST_F(SharedMemoryHandles, AreGoodUntilTheyArePutBack) {
  FIND(put_back, MemTable, pfnPutIpcHandle, "zeMemPutIpcHandle");
  void* data = device_memory(4096, 51);
  const ze_ipc_mem_handle_t first = handle_of(data), second = handle_of(data);
  EXPECT_ZE(put_back(context_, first));
  EXPECT_EQ(try_open(second), ZE_RESULT_SUCCESS);
  free(data);
  EXPECT_EQ(try_open(second), ZE_RESULT_SUCCESS);
  EXPECT_ZE(put_back(context_, second));
  EXPECT_EQ(try_open(second), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(put_back(context_, second), ZE_RESULT_ERROR_INVALID_ARGUMENT);
}

TEST_F(SharedMemoryHandles, AreMadeOfDescriptors) {
  FIND(descriptor_of, MemExpTable, pfnGetFileDescriptorFromIpcHandleExp, "zeMemGetFileDescriptorFromIpcHandleExp");
  FIND(from_descriptor, MemExpTable, pfnGetIpcHandleFromFileDescriptorExp, "zeMemGetIpcHandleFromFileDescriptorExp");
  FIND(put_back, MemTable, pfnPutIpcHandle, "zeMemPutIpcHandle");
  void* data = device_memory(4096, 61);
  uint64_t descriptor = 0;
  ASSERT_ZE(descriptor_of(context_, handle_of(data), &descriptor));
  ze_ipc_mem_handle_t again{};
  ASSERT_ZE(from_descriptor(context_, descriptor, &again));
  Peer peer;
  ASSERT_EQ(peer.ask_with(again, Task::kOpenMemory).result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(peer.ask(Task::kReadMemory).word, 61u);
  ze_ipc_mem_handle_t third{};
  ASSERT_ZE(from_descriptor(context_, descriptor, &third));
  EXPECT_ZE(put_back(context_, third));
  free(data);
  EXPECT_EQ(try_open(again), ZE_RESULT_SUCCESS) << "it has not been put back";
  EXPECT_ZE(put_back(context_, again));
  EXPECT_EQ(from_descriptor(context_, UINT64_MAX, &again), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  const Reply others = peer.ask(Task::kShareMemory, 1);
  EXPECT_EQ(descriptor_of(context_, handle_in(others), &descriptor), ZE_RESULT_ERROR_INVALID_ARGUMENT);
}

TEST_F(SharedMemoryHandles, AreOfATypeThatIsAskedFor) {
  FIND(handle_with, MemTable, pfnGetIpcHandleWithProperties, "zeMemGetIpcHandleWithProperties");
  void* data = device_memory(4096, 71);
  ze_ipc_mem_handle_t handle{};
  newer::ze_ipc_mem_handle_type_ext_desc_t type{newer::kIpcMemoryHandleTypeDesc, nullptr, newer::kIpcDefault};
  ASSERT_ZE(handle_with(context_, data, &type, &handle));
  EXPECT_EQ(try_open(handle), ZE_RESULT_SUCCESS);
  ASSERT_ZE(handle_with(context_, data, nullptr, &handle));
  void* for_sharing = device_memory(4096, 72, &type);
  ASSERT_ZE(handle_with(context_, for_sharing, nullptr, &handle));
  EXPECT_EQ(try_open(handle), ZE_RESULT_SUCCESS);
  type.typeFlags = 4;
  EXPECT_EQ(handle_with(context_, data, &type, &handle), ZE_RESULT_ERROR_INVALID_ENUMERATION);
  type.typeFlags = newer::kIpcFabricAccessible;
  EXPECT_EQ(handle_with(context_, data, &type, &handle), ZE_RESULT_ERROR_UNSUPPORTED_FEATURE);
}

TEST_F(SharedMemoryHandles, AreOfPhysicalMemoryItself) {
  FIND(handle_with, MemTable, pfnGetIpcHandleWithProperties, "zeMemGetIpcHandleWithProperties");
  size_t page = 0;
  ASSERT_ZE(ZE(zeVirtualMemQueryPageSize)(context_, device_, 1, &page));
  ze_physical_mem_desc_t desc{ZE_STRUCTURE_TYPE_PHYSICAL_MEM_DESC, nullptr, 0, page};
  ze_physical_mem_handle_t memory = nullptr;
  ASSERT_ZE(ZE(zePhysicalMemCreate)(context_, device_, &desc, &memory));
  ze_ipc_mem_handle_t handle{};
  ASSERT_ZE(handle_with(context_, memory, nullptr, &handle));
  void* first = open(handle);
  void* second = open(handle);
  fill(first, page, 81);
  EXPECT_EQ(word_of(second), 81u);
  close(first);
  close(second);
  ASSERT_ZE(ZE(zePhysicalMemDestroy)(context_, memory));
}

TEST_F(SharedMemoryHandles, AreMadeInAFunctionOfTheHost) {
  FIND(append, CommandListTable, pfnAppendHostFunction, "zeCommandListAppendHostFunction");
  void* data = device_memory(4096, 91);
  struct Call {
    ze_context_handle_t context;
    void* data;
    ze_ipc_mem_handle_t handle;
  } call{context_, data, {}};
  auto share = [](void* argument) {
    auto* of = static_cast<Call*>(argument);
    EXPECT_ZE(ZE(zeMemGetIpcHandle)(of->context, of->data, &of->handle));
  };
  ASSERT_ZE(append(list_, share, &call, nullptr, nullptr, 0, nullptr));
  EXPECT_EQ(try_open(call.handle), ZE_RESULT_SUCCESS);
}

}  // namespace
}  // namespace metate::test
