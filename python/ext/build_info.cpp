// build_info – base::BuildInfo as a Python dict.
#include "python/ext/build_info.h"

#include <string_view>

#include "runtime/base/build_info.h"

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

}  // namespace

void add_build_info(nb::module_& module) {
  module.def("build_info", &describe_build, "How the library was built: versions, thread back end, checks.");
}

}  // namespace metate::ext
