// peer – a second process, which opens what the first one shares: this program again, told what to do over a socket.
#pragma once

#include <level_zero/ze_api.h>
#include <sys/types.h>

#include <cstdint>

namespace metate::test {

enum class Task : uint32_t {
  kOpenMemory,   // the handle's
  kReadMemory,   // its first word
  kWriteMemory,  // fills it with the word, on the device
  kCloseMemory,
  kShareMemory,  // of its own, full of that word
  kOpenEvents,   // the handle's pool, and makes events 0 and 1 of it
  kSignal,       // event 1, by a command
  kHostSignal,   // event 1
  kAwait,        // event 0, by a command before the one that signals event 1
  kAwaitOnHost,  // event 0
  kQuery,        // event 0
  kReset,        // event 1
  kCloseEvents,
  kOpenCounter,   // the handle's event
  kAwaitCounter,  // its last signal, on the host
  kQueryCounter,
  kSignalCounter,  // by a command
  kCloseCounter,
};

struct Request {
  Task task;
  uint32_t word = 0;
  char handle[ZE_MAX_IPC_HANDLE_SIZE] = {};
};

struct Reply {
  ze_result_t result = ZE_RESULT_ERROR_UNKNOWN;  // also where the other process has ended
  uint32_t word = 0;
  uint64_t size = 0;
  char handle[ZE_MAX_IPC_HANDLE_SIZE] = {};
};

class Peer {
 public:
  Peer();
  /// Ends it as it would end by itself, and expects that it has failed nowhere.
  ~Peer();

  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  Reply ask(Task task, uint32_t word = 0) { return ask(Request{task, word}); }
  template <class Handle>
  Reply ask_with(const Handle& handle, Task task, int descriptor = -1) {
    Request request{task};
    __builtin_memcpy(request.handle, handle.data, sizeof(request.handle));
    return ask(request, descriptor);
  }
  /// With a descriptor the other process writes the one that it receives to the first bytes of the handle.
  Reply ask(const Request& request, int descriptor = -1);

  /// Sends the request, and leaves the reply to `receive`.
  void send(const Request& request, int descriptor = -1);
  Reply receive();

  /// Ends it by a signal.
  void kill();

 private:
  int socket_ = -1;
  pid_t process_ = -1;
};

}  // namespace metate::test
