#include "python/ext/ahead_of_time.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <tuple>
#include <vector>

#include "compiler/driver/library.h"
#include "python/ext/arguments.h"
#include "python/ext/dispatcher.h"
#include "python/ext/interpreter.h"
#include "python/ext/raise.h"
#include "python/ext/type_reader.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

/// Name, dispatcher, argument types as IR text, names of the parameters.
using Export = std::tuple<std::string, nb::object, nb::object, std::vector<std::string>>;

nb::bytes as_bytes(const std::vector<std::byte>& bytes) { return nb::bytes(bytes.data(), bytes.size()); }

/// With the session's lock and the GIL held.
driver::LibraryExport read_export(const Export& given, std::span<const uint64_t> key, Interpreter& interpreter) {
  const auto& [name, dispatcher, types, parameters] = given;
  driver::LibraryExport made{.name = name, .callee = {}, .arguments = {}, .parameters = parameters};
  made.callee = callee_of_dispatcher(dispatcher.ptr());
  std::optional<std::vector<types::TypeId>> arguments = types_of_key(key, interpreter);
  if (!made.callee || !arguments) throw nb::python_error();
  made.arguments = std::move(*arguments);
  return made;
}

nb::dict describe(const driver::Library& library, Interpreter& interpreter) {
  nb::list results;
  for (types::TypeId result : library.results) results.append(str_of(interpreter.session().universe().text(result)));
  nb::list objects;
  for (const driver::LibraryPart& part : library.parts) objects.append(as_bytes(part.object));
  nb::dict made;
  made["objects"] = objects;
  made["llvm"] = str_of(library.parts[0].llvm);
  made["assembly"] = str_of(library.parts[0].assembly);
  made["results"] = results;
  made["uses_sleef"] = library.uses_sleef;
  made["uses_threads"] = library.uses_threads;
  return made;
}

nb::dict compile_library(const std::vector<Export>& given, const std::string& name, bool python,
                         const std::vector<std::string>& cpus, bool bare_files) {
  Interpreter* interpreter = Interpreter::get();
  if (!interpreter) throw nb::python_error();
  std::vector<std::vector<uint64_t>> keys;
  for (const Export& each : given) {
    std::optional<std::vector<uint64_t>> key = read_key(std::get<2>(each).ptr(), *interpreter);
    if (!key) throw nb::python_error();
    keys.push_back(std::move(*key));
  }
  driver::LibraryOptions options{.name = name, .cpus = cpus, .bare_files = bare_files};
  if (python) options.interface = codegen::StandaloneInterface::kPython;
  std::vector<driver::LibraryExport> exports;
  driver::Outcome<driver::Library> outcome;
  {
    ReleaseGil released;
    auto guard = interpreter->session().lock();
    {
      HoldGil gil;
      for (size_t i = 0; i < given.size(); ++i) exports.push_back(read_export(given[i], keys[i], *interpreter));
    }
    outcome = interpreter->session().compile_library(exports, options);
  }
  if (outcome.error) {
    // Of what was asked for, and not of the compiler.
    if (outcome.error->code == base::ErrorCode::kInvalidArgument)
      set_error_of_class("AheadOfTimeError", outcome.error->message);
    else
      set_error(*outcome.error);
    throw nb::python_error();
  }
  if (!report(outcome.diagnostics) || !outcome.code) throw nb::python_error();
  ReleaseGil released;
  auto guard = interpreter->session().lock();
  HoldGil gil;
  return describe(*outcome.code, *interpreter);
}

}  // namespace

void add_ahead_of_time(nb::module_& module) {
  module.def("compile_library", &compile_library, nb::arg("exports"), nb::arg("name"), nb::arg("python"),
             nb::arg("cpus"), nb::arg("bare_files"), "See metate.compile_ahead; private.");
}

}  // namespace metate::ext
