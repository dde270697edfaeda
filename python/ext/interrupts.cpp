#include "python/ext/interrupts.h"

#include <signal.h>

#include <atomic>
#include <cstring>

#include "python/ext/ref.h"
#include "runtime/abi/context.h"

namespace metate::ext {
namespace {

// What a signal handler may touch is process-wide by nature.
int32_t flag = abi::kGoOn;
std::atomic<void (*)(int)> previous = nullptr;

void set_flag(int32_t value) { __atomic_store_n(&flag, value, __ATOMIC_RELAXED); }

void on_signal(int signal) {
  set_flag(abi::kAsk);
  if (void (*next)(int) = previous.load(std::memory_order_relaxed)) next(signal);
}

// Python runs handlers in its main thread only. Found out before the first call, see watch_interrupts.
std::atomic<unsigned long> main_thread = 0;

void find_main_thread() {
  Ref threading = Ref::steal(PyImport_ImportModule("threading"));
  Ref main = threading ? Ref::steal(PyObject_CallMethod(threading.get(), "main_thread", nullptr)) : Ref();
  Ref ident = main ? Ref::steal(PyObject_GetAttrString(main.get(), "ident")) : Ref();
  if (ident) main_thread.store(PyLong_AsUnsignedLong(ident.get()), std::memory_order_relaxed);
  PyErr_Clear();
}

}  // namespace

void watch_interrupts() {
  if (main_thread.load(std::memory_order_relaxed) == 0) find_main_thread();
  struct sigaction now;
  if (sigaction(SIGINT, nullptr, &now) != 0 || (now.sa_flags & SA_SIGINFO)) return;
  // Without a handler of Python's, a signal ends the process or does nothing, and that is what it shall do.
  if (now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN || now.sa_handler == on_signal) return;
  previous.store(now.sa_handler, std::memory_order_relaxed);
  now.sa_handler = on_signal;
  sigaction(SIGINT, &now, nullptr);
}

const int32_t* interrupt_flag() {
  bool main = PyThread_get_thread_ident() == main_thread.load(std::memory_order_relaxed);
  return main ? &flag : &kNeverInterrupted;
}

int32_t on_interrupt(abi::Context* context) {
  HoldGil gil;
  set_flag(abi::kGoOn);
  if (PyErr_CheckSignals() == 0) return abi::kOk;
  context->error.site = -1;
  context->error.trace_length = 0;
  return abi::kRaised;
}

}  // namespace metate::ext
