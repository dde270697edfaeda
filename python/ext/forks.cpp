#include "python/ext/forks.h"

#include <nanobind/nanobind.h>

#include <memory>
#include <mutex>

#include "python/ext/interpreter.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

using Lock = std::unique_lock<std::recursive_mutex>;

/// Of the thread that forks, while it does.
thread_local Lock held;

void before() {
  Interpreter* interpreter = Interpreter::if_made();
  if (!interpreter) return;            // nothing has been compiled
  nb::gil_scoped_release without_gil;  // the session's lock comes before it
  held = interpreter->session().lock();
}

void after_in_parent() { held = Lock(); }

void after_in_child() {
  // The lock knows its owner by a number of the system's that this thread had in the parent, so that it cannot be given
  // back.
  if (std::recursive_mutex* mutex = held.release()) std::construct_at(mutex);
}

}  // namespace

void hold_session_at_forks() {
  nb::module_::import_("os").attr("register_at_fork")(nb::arg("before") = nb::cpp_function(&before),
                                                      nb::arg("after_in_parent") = nb::cpp_function(&after_in_parent),
                                                      nb::arg("after_in_child") = nb::cpp_function(&after_in_child));
}

}  // namespace metate::ext
