#include "python/ext/forks.h"

#include <nanobind/nanobind.h>

#include <memory>
#include <mutex>
#include <utility>

#include "python/ext/interpreter.h"
#include "python/ext/queue.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

using Lock = std::unique_lock<std::recursive_mutex>;

/// Of the thread that forks, while it does.
thread_local Lock making, session;
thread_local bool interrupted = false;

void before() {
  // Between this and the fork others run, who may be about to compile for the first time.
  making = Interpreter::lock_making();
  if (Interpreter* interpreter = Interpreter::if_made()) {
    nb::gil_scoped_release without_gil;  // the session's lock comes before it
    session = interpreter->session().lock();
  }
  if (DeviceQueue::wait_for_all()) return;
  if (!PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) throw nb::python_error();
  PyErr_Clear();
  interrupted = true;
}

void after_in_parent() {
  session = Lock();
  making = Lock();
  // What is raised in these functions Python prints and forgets: this is for behind the fork.
  if (std::exchange(interrupted, false)) PyErr_SetInterrupt();
}

void after_in_child() {
  // A lock knows its owner by a number of the system's that this thread had in the parent, so that it cannot be given
  // back.
  for (Lock* held : {&session, &making})
    if (std::recursive_mutex* mutex = held->release()) std::construct_at(mutex);
  DeviceQueue::begin_anew();
  interrupted = false;
}

}  // namespace

void prepare_for_forks() {
  nb::module_::import_("os").attr("register_at_fork")(nb::arg("before") = nb::cpp_function(&before),
                                                      nb::arg("after_in_parent") = nb::cpp_function(&after_in_parent),
                                                      nb::arg("after_in_child") = nb::cpp_function(&after_in_child));
}

}  // namespace metate::ext
