#include "python/ext/memory.h"

#include "runtime/cpu/memory.h"

namespace metate::ext {

void add_memory(nanobind::module_& module) {
  module.def("live_blocks", &cpu::live_blocks,
             "How many blocks compiled code and its results hold now; for tests, private.");
}

}  // namespace metate::ext
