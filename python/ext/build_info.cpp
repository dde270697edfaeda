// build_info – base::BuildInfo and jit::HostCpu as Python dicts.
#include "python/ext/build_info.h"

#include "python/ext/raise.h"
#include "runtime/base/build_info.h"
#include "runtime/jit/host_cpu.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

nb::dict describe_build() {
  const base::BuildInfo& info = base::build_info();
  nb::dict result;
  result["version"] = str_of(info.version);
  result["llvm"] = str_of(info.llvm);
  result["threads"] = str_of(info.threads);
  result["sanitizers"] = str_of(info.sanitizers);
  result["assertions"] = info.assertions;
  result["python"] = PY_VERSION;
  return result;
}

nb::dict describe_host_cpu() {
  const jit::HostCpu cpu = take(jit::detect_host_cpu());
  nb::dict result;
  result["name"] = str_of(cpu.name);
  result["triple"] = str_of(cpu.triple);
  result["features"] = str_of(cpu.features);
  return result;
}

}  // namespace

void add_build_info(nb::module_& module) {
  module.def("build_info", &describe_build, "How the library was built: versions, thread back end, checks.");
  module.def("host_cpu", &describe_host_cpu, "The CPU that code is made for, in LLVM's words: name, triple, features.");
}

}  // namespace metate::ext
