#include "python/ext/memory.h"

#include "runtime/cpu/memory.h"

namespace metate::ext {

namespace {

void set_memory_pool_limit(int64_t bytes) {
  if (bytes < 0) throw nanobind::value_error("the limit must not be negative");
  cpu::set_memory_pool_limit(bytes);
}

}  // namespace

void add_memory(nanobind::module_& module) {
  module.def("set_memory_pool_limit", &set_memory_pool_limit, nanobind::arg("bytes"),
             "Keep at most this many bytes of freed large arrays for later results; 0 keeps none.\n\n"
             "The default is 512 MiB or a sixteenth of the machine's memory, or METATE_MEMORY_POOL (for example 2G).\n"
             "Raises ValueError for negative numbers.\n\n"
             ">>> metate.set_memory_pool_limit(64 << 20)");
  module.def("memory_pool_limit", &cpu::memory_pool_limit, "How many bytes of freed arrays may be kept.");
  module.def("pooled_bytes", &cpu::pooled_bytes, "How many bytes of freed arrays are kept now.");
  module.def("live_blocks", &cpu::live_blocks,
             "How many blocks compiled code and its results hold now; for tests, private.");
}

}  // namespace metate::ext
