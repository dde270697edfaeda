#include "python/ext/kernel_interface.h"

#include <cstddef>

#include "compiler/ir/message.h"
#include "python/ext/raise.h"
#include "runtime/abi/kernel_error.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

nb::dict field(size_t offset, const char* type) {
  nb::dict made;
  made["offset"] = offset;
  made["type"] = type;
  return made;
}

nb::dict describe_entries() {
  using abi::KernelErrorEntry;
  nb::dict values = field(offsetof(KernelErrorEntry, values), "int64 or float64");
  values["count"] = abi::kMaxKernelErrorValues;
  nb::dict made;
  made["offset"] = offsetof(abi::KernelErrors, entries);
  made["count"] = abi::kKernelErrorEntries;
  made["bytes"] = sizeof(KernelErrorEntry);
  made["index"] = str_of("first % " + std::to_string(abi::kKernelErrorEntries));
  made["global_id"] = field(offsetof(KernelErrorEntry, global_id), "int64");
  made["site"] = field(offsetof(KernelErrorEntry, site), "int32");
  made["values"] = values;
  return made;
}

nb::dict describe_errors(const std::vector<KernelSite>& sites) {
  nb::dict first = field(offsetof(abi::KernelErrors, first), "uint32");
  first["before_launch"] = abi::kNoKernelError;
  nb::list described;
  for (const KernelSite& site : sites) {
    nb::dict made;
    made["exception"] = str_of(site.exception);
    made["line"] = site.line;
    made["message"] = str_of(site.message);
    described.append(made);
  }
  nb::dict made;
  made["bytes"] = sizeof(abi::KernelErrors);
  made["first"] = first;
  made["entries"] = describe_entries();
  made["sites"] = described;
  return made;
}

}  // namespace

std::vector<KernelSite> sites_of(const driver::CompiledKernel& code, const ir::Universe& universe) {
  constexpr std::string_view kBuiltins = "builtins.";
  std::vector<KernelSite> sites;
  for (const codegen::ErrorSite& site : code.artifact.sites) {
    KernelSite& made = sites.emplace_back();
    made.line = site.place.range.line;
    if (site.message.exception) made.exception = ir::exception_name(site.message, universe);
    if (made.exception.starts_with(kBuiltins)) made.exception.erase(0, kBuiltins.size());
    made.message = ir::text_of(site.message, universe, [&](size_t number) {
      return "{" + std::string(types::numpy_name(universe.types[site.value_types[number]].dtype)) + "}";
    });
  }
  return sites;
}

nb::dict describe_interface(const driver::CompiledKernel& code, const std::vector<KernelSite>& sites,
                            uint32_t skipped) {
  nb::list arguments;
  for (const driver::KernelArgument& argument : code.arguments)
    arguments.append(nb::make_tuple(argument.parameter - skipped, argument.slot, argument.bytes, argument.is_data));
  nb::dict made;
  made["words"] = nb::bytes(code.words.data(), code.words.size() * sizeof(uint32_t));
  made["entry"] = str_of(code.artifact.entry);
  made["arguments"] = arguments;
  made["errors"] = describe_errors(sites);
  return made;
}

}  // namespace metate::ext
