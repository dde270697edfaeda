#include "python/ext/threads.h"

#include "python/ext/errors.h"
#include "runtime/cpu/parallel.h"
#include "runtime/cpu/thread_pool.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

void set_num_threads(int count) {
  base::Status status = cpu::set_num_threads(count);
  if (status) return;
  set_error(status.error());
  throw nb::python_error();
}

}  // namespace

void add_threads(nb::module_& module) {
  module.def("set_num_threads", &set_num_threads, nb::arg("n"),
             "Let parallel functions that this Python thread calls use `n` threads.\n\n"
             "`n` is between 1 and the number that Metate started with: METATE_NUM_THREADS, or the CPUs that the\n"
             "process may run on. Results have the same bits for any number. Raises ValueError out of that range.\n\n"
             ">>> metate.set_num_threads(1)");
  module.def("get_num_threads", &cpu::get_num_threads,
             "How many threads the parallel functions that this Python thread calls may use.");
  module.def("max_num_threads", &cpu::max_threads, "The most that set_num_threads takes.");
}

}  // namespace metate::ext
