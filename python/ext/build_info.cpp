// build_info – base::BuildInfo and jit::HostCpu as Python dicts.
#include "python/ext/build_info.h"

#include <string_view>

#include "python/ext/raise.h"
#include "runtime/base/build_info.h"
#include "runtime/jit/host_cpu.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

nb::str text(std::string_view value) { return nb::str(value.data(), value.size()); }

nb::dict describe_build() {
  const base::BuildInfo& info = base::build_info();
  nb::dict result;
  result["version"] = text(info.version);
  result["llvm"] = text(info.llvm);
  result["threads"] = text(info.threads);
  result["sanitizers"] = text(info.sanitizers);
  result["assertions"] = info.assertions;
  result["python"] = PY_VERSION;
  return result;
}

nb::dict describe_host_cpu() {
  const jit::HostCpu cpu = take(jit::detect_host_cpu());
  nb::dict result;
  result["name"] = text(cpu.name);
  result["triple"] = text(cpu.triple);
  result["features"] = text(cpu.features);
  return result;
}

}  // namespace

void add_build_info(nb::module_& module) {
  module.def("build_info", &describe_build, "How the library was built: versions, thread back end, checks.");
  module.def("host_cpu", &describe_host_cpu, "The CPU that code is made for, in LLVM's words: name, triple, features.");
}

}  // namespace metate::ext
