// library – functions that are compiled ahead of time, into one object that needs no compiler to run.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/codegen/standalone.h"
#include "compiler/driver/specialisations.h"
#include "runtime/base/result.h"

namespace metate::driver {

/// One exported name with one list of types.
struct LibraryExport {
  std::string name;
  types::ConstantId callee;
  std::vector<types::TypeId> arguments;
  std::vector<std::string> parameters;
};

struct LibraryOptions {
  std::string name;  // of the library: a Python module's name is this
  codegen::StandaloneInterface interface = codegen::StandaloneInterface::kC;
  /// As LLVM names them; "native" is the CPU of this process, with all that it has. Of several, which are levels from
  /// "x86-64" to "x86-64-v4" in their order, the library takes the highest that it finds itself on.
  std::vector<std::string> cpus = {"native"};
  bool bare_files = false;  // name files without their folders, which are this machine's
};

/// What is compiled for one CPU.
struct LibraryPart {
  std::vector<std::byte> object;
  std::string llvm;  // optimised
  std::string assembly;
};

struct Library {
  std::vector<LibraryPart> parts;      // the first has what outsiders call
  std::vector<types::TypeId> results;  // of each export
  bool uses_sleef = false;             // it calls SLEEF's mathematics
  bool uses_threads = false;           // it calls libmetate_rt
};

/// `roots`: the specialisations of the exports, in their order. What cannot run without Metate is an InvalidArgument
/// error that names its place in the source.
base::Result<Library> compile_library(const Specialisations& functions, std::span<const LibraryExport> exports,
                                      std::span<const Specialisation* const> roots, const LibraryOptions& options,
                                      ir::Universe& universe);

}  // namespace metate::driver
