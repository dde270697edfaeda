#include "python/module/interrupts.h"

#include <Python.h>
#include <pthread.h>
#include <signal.h>

#include "runtime/abi/context.h"

namespace metate::module {
namespace {

/// What a signal handler may touch is process-wide by nature, and there is one of these in a process, whatever modules
/// are in it: of two handlers that go in front of each other, again and again, each would call the other. Its layout is
/// that of every version; fields are added at the end.
struct Interrupts {
  int32_t flag;               // abi::Interrupt
  unsigned long main_thread;  // Python runs handlers in it only
  void (*handler)(int);       // ours
  void (*previous)(int);      // the one that ours calls
};

constexpr char kAttribute[] = "_metate_interrupts";  // of sys: a capsule of the record, from whoever came first
constexpr char kCapsule[] = "metate.interrupts";

Interrupts own;
Interrupts* shared = nullptr;

void on_signal(int signal) {
  __atomic_store_n(&own.flag, abi::kAsk, __ATOMIC_RELAXED);
  if (void (*next)(int) = __atomic_load_n(&own.previous, __ATOMIC_RELAXED)) next(signal);
}

/// 0 where a Python exception is set.
unsigned long find_main_thread() {
  PyObject* threading = PyImport_ImportModule("threading");
  PyObject* main = threading ? PyObject_CallMethod(threading, "main_thread", nullptr) : nullptr;
  PyObject* ident = main ? PyObject_GetAttrString(main, "ident") : nullptr;
  const unsigned long found = ident ? PyLong_AsUnsignedLong(ident) : 0;
  Py_XDECREF(ident);
  Py_XDECREF(main);
  Py_XDECREF(threading);
  return found;
}

/// The thread that forks is the one that handles signals there.
void continue_in_child() { own.main_thread = PyThread_get_thread_ident(); }

/// Null where there is none, as other interpreters than the first one get no signals, or a Python exception is set.
Interrupts* find_shared() {
  if (PyInterpreterState_GetID(PyInterpreterState_Get()) != 0) return nullptr;
  if (PyObject* capsule = PySys_GetObject(kAttribute))
    return static_cast<Interrupts*>(PyCapsule_GetPointer(capsule, kCapsule));
  const unsigned long main_thread = find_main_thread();
  if (PyErr_Occurred()) return nullptr;
  own = {.flag = abi::kGoOn, .main_thread = main_thread, .handler = on_signal, .previous = nullptr};
  pthread_atfork(nullptr, nullptr, continue_in_child);  // of a module, which stays loaded
  PyObject* capsule = PyCapsule_New(&own, kCapsule, nullptr);
  const bool known = capsule && PySys_SetObject(kAttribute, capsule) == 0;
  Py_XDECREF(capsule);
  return known ? &own : nullptr;
}

}  // namespace

bool prepare_interrupts() {
  if (!shared) shared = find_shared();
  return !PyErr_Occurred();
}

void watch_interrupts() {
  struct sigaction now;
  if (!shared || sigaction(SIGINT, nullptr, &now) != 0 || (now.sa_flags & SA_SIGINFO)) return;
  // Without a handler of Python's, a signal ends the process or does nothing, and that is what it shall do.
  if (now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN || now.sa_handler == shared->handler) return;
  __atomic_store_n(&shared->previous, now.sa_handler, __ATOMIC_RELAXED);
  now.sa_handler = shared->handler;
  sigaction(SIGINT, &now, nullptr);
}

const int32_t* interrupt_flag() {
  return shared && PyThread_get_thread_ident() == shared->main_thread ? &shared->flag : &kNeverInterrupted;
}

int32_t on_interrupt(abi::Context* context) {
  const PyGILState_STATE state = PyGILState_Ensure();
  __atomic_store_n(&shared->flag, abi::kGoOn, __ATOMIC_RELAXED);
  const bool goes_on = PyErr_CheckSignals() == 0;
  PyGILState_Release(state);
  if (goes_on) return abi::kOk;
  context->error.site = -1;
  context->error.trace_length = 0;
  return abi::kRaised;
}

}  // namespace metate::module
