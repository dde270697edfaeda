#include "tests/level_zero/peer.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "tests/level_zero/newer.h"

namespace metate::test {
namespace {

constexpr char kSocket[] = "METATE_TEST_PEER_SOCKET";

/// One message with at most one descriptor; `descriptor` is -1 where there is none.
void send_message(int socket, const void* data, size_t size, int descriptor) {
  iovec part{const_cast<void*>(data), size};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (descriptor >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
  }
  sendmsg(socket, &message, MSG_NOSIGNAL);
}

/// False when the other side is gone.
bool receive_message(int socket, void* data, size_t size, int* descriptor) {
  iovec part{data, size};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != static_cast<ssize_t>(size)) return false;
  *descriptor = -1;
  if (cmsghdr* header = CMSG_FIRSTHDR(&message)) std::memcpy(descriptor, CMSG_DATA(header), sizeof(int));
  return true;
}

/// The command line of this process, however it was begun.
std::vector<std::string> command_line() {
  std::ifstream file("/proc/self/cmdline");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::vector<std::string> words;
  for (size_t at = 0; at < text.size(); at += words.back().size() + 1) words.emplace_back(text.c_str() + at);
  return words;
}

}  // namespace

Peer::Peer() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return;
  const int own_end = dup(ends[1]);  // which the new program inherits
  const std::string socket = std::string(kSocket) + "=" + std::to_string(own_end);
  std::vector<std::string> words = command_line();
  words.insert(words.end(), {"--gtest_filter=PeerProcess.DISABLED_DoesWhatItIsTold", "--gtest_also_run_disabled_tests",
                             "--gtest_brief=1"});
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  process_ = fork();
  if (process_ == 0) {
    putenv(const_cast<char*>(socket.c_str()));
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  close(own_end);
  close(ends[1]);
  socket_ = ends[0];
}

Peer::~Peer() {
  if (socket_ >= 0) close(socket_);
  if (process_ < 0) return;
  int status = 0;
  EXPECT_EQ(waitpid(process_, &status, 0), process_);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "the other process failed: " << status;
}

void Peer::kill() {
  ::kill(process_, SIGKILL);
  EXPECT_EQ(waitpid(process_, nullptr, 0), process_);
  process_ = -1;
}

void Peer::send(const Request& request, int descriptor) {
  send_message(socket_, &request, sizeof(request), descriptor);
}

Reply Peer::receive() {
  Reply reply;
  int none = -1;
  receive_message(socket_, &reply, sizeof(reply), &none);
  return reply;
}

Reply Peer::ask(const Request& request, int descriptor) {
  send(request, descriptor);
  return receive();
}

namespace {

/// The second process.
class PeerProcess : public Newer {
 protected:
  void TearDown() override {
    if (counter_) EXPECT_ZE(answer({Task::kCloseCounter}));
    if (pool_) EXPECT_ZE(answer({Task::kCloseEvents}));
    Newer::TearDown();
  }

  void serve(int socket) {
    Request request{};
    int descriptor = -1;
    while (receive_message(socket, &request, sizeof(request), &descriptor)) {
      if (descriptor >= 0) std::memcpy(request.handle, &descriptor, sizeof(descriptor));
      Reply reply;
      reply.result = answer(request, reply);
      if (descriptor >= 0) close(descriptor);
      send_message(socket, &reply, sizeof(reply), -1);
    }
  }

 private:
  ze_result_t answer(const Request& request) {
    Reply reply;
    return answer(request, reply);
  }

  ze_result_t answer(const Request& request, Reply& reply) {
    switch (request.task) {
      case Task::kOpenMemory:
      case Task::kReadMemory:
      case Task::kWriteMemory:
      case Task::kCloseMemory:
      case Task::kShareMemory:
        return use_memory(request, reply);
      case Task::kOpenCounter:
      case Task::kAwaitCounter:
      case Task::kQueryCounter:
      case Task::kSignalCounter:
      case Task::kCloseCounter:
        return use_counter(request);
      default:
        return use_events(request);
    }
  }

  ze_result_t use_memory(const Request& request, Reply& reply) {
    switch (request.task) {
      case Task::kOpenMemory: {
        ze_ipc_mem_handle_t handle;
        std::memcpy(handle.data, request.handle, sizeof(handle.data));
        const ze_result_t opened = ZE(zeMemOpenIpcHandle)(context_, device_, handle, 0, &memory_);
        if (opened != ZE_RESULT_SUCCESS) return opened;
        ze_memory_allocation_properties_t properties{};
        properties.stype = ZE_STRUCTURE_TYPE_MEMORY_ALLOCATION_PROPERTIES;
        EXPECT_ZE(ZE(zeMemGetAllocProperties)(context_, memory_, &properties, nullptr));
        EXPECT_EQ(properties.type, ZE_MEMORY_TYPE_DEVICE);
        size_ = 0;
        EXPECT_ZE(ZE(zeMemGetAddressRange)(context_, memory_, nullptr, &size_));
        reply.size = size_;
        return opened;
      }
      case Task::kReadMemory:
        return ZE(zeCommandListAppendMemoryCopy)(list_, &reply.word, memory_, 4, nullptr, 0, nullptr);
      case Task::kWriteMemory:
        return ZE(zeCommandListAppendMemoryFill)(list_, memory_, &request.word, 4, size_, nullptr, 0, nullptr);
      case Task::kCloseMemory:
        return ZE(zeMemCloseIpcHandle)(context_, memory_);
      default: {
        const ze_device_mem_alloc_desc_t desc{ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, nullptr, 0, 0};
        size_ = 5000;
        EXPECT_ZE(ZE(zeMemAllocDevice)(context_, &desc, size_, 64, device_, &memory_));
        EXPECT_ZE(ZE(zeCommandListAppendMemoryFill)(list_, memory_, &request.word, 4, size_, nullptr, 0, nullptr));
        ze_ipc_mem_handle_t handle;
        const ze_result_t given = ZE(zeMemGetIpcHandle)(context_, memory_, &handle);
        std::memcpy(reply.handle, handle.data, sizeof(handle.data));
        return given;
      }
    }
  }

  ze_result_t use_events(const Request& request) {
    switch (request.task) {
      case Task::kOpenEvents: {
        ze_ipc_event_pool_handle_t handle;
        std::memcpy(handle.data, request.handle, sizeof(handle.data));
        const ze_result_t opened = ZE(zeEventPoolOpenIpcHandle)(context_, handle, &pool_);
        if (opened != ZE_RESULT_SUCCESS) return opened;
        for (uint32_t i = 0; i < 2; ++i) {
          const ze_event_desc_t desc{ZE_STRUCTURE_TYPE_EVENT_DESC, nullptr, i, 0, 0};
          EXPECT_ZE(ZE(zeEventCreate)(pool_, &desc, &events_[i]));
        }
        return opened;
      }
      case Task::kSignal:
        return ZE(zeCommandListAppendSignalEvent)(list_, events_[1]);
      case Task::kHostSignal:
        return ZE(zeEventHostSignal)(events_[1]);
      case Task::kAwait:
        return ZE(zeCommandListAppendBarrier)(list_, events_[1], 1, &events_[0]);
      case Task::kAwaitOnHost:
        return ZE(zeEventHostSynchronize)(events_[0], UINT64_MAX);
      case Task::kQuery:
        return ZE(zeEventQueryStatus)(events_[0]);
      case Task::kReset:
        return ZE(zeEventHostReset)(events_[1]);
      default:
        for (ze_event_handle_t event : events_) EXPECT_ZE(ZE(zeEventDestroy)(event));
        return ZE(zeEventPoolCloseIpcHandle)(std::exchange(pool_, nullptr));
    }
  }

  ze_result_t use_counter(const Request& request) {
    switch (request.task) {
      case Task::kOpenCounter: {
        newer::ze_ipc_event_counter_based_handle_t handle;
        std::memcpy(handle.data, request.handle, sizeof(handle.data));
        auto* open = function<SLOT(EventTable, pfnCounterBasedOpenIpcHandle)>("zeEventCounterBasedOpenIpcHandle");
        return open(context_, handle, &counter_);
      }
      case Task::kAwaitCounter:
        return ZE(zeEventHostSynchronize)(counter_, UINT64_MAX);
      case Task::kQueryCounter:
        return ZE(zeEventQueryStatus)(counter_);
      case Task::kSignalCounter:
        return ZE(zeCommandListAppendBarrier)(list_, counter_, 0, nullptr);
      default: {
        auto* close = function<SLOT(EventTable, pfnCounterBasedCloseIpcHandle)>("zeEventCounterBasedCloseIpcHandle");
        return close(std::exchange(counter_, nullptr));
      }
    }
  }

  void* memory_ = nullptr;
  size_t size_ = 0;
  ze_event_handle_t counter_ = nullptr;
  ze_event_pool_handle_t pool_ = nullptr;
  ze_event_handle_t events_[2] = {};
};

/// No test of its own, so that nothing but a Peer begins it: what fails here fails the test that did.
TEST_F(PeerProcess, DISABLED_DoesWhatItIsTold) {
  const char* socket = std::getenv(kSocket);
  ASSERT_TRUE(socket) << "this is begun by other tests";
  serve(std::atoi(socket));
}

}  // namespace
}  // namespace metate::test
