// standalone – what makes a module a library of its own: its description as data, and functions that C calls.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/codegen/error_site.h"
#include "compiler/ir/universe.h"

namespace metate::codegen {

class ModuleLowering;

/// A function that the library offers; several may have one name where Python calls them.
struct StandaloneExport {
  std::string name;
  std::string entry;  // of add_entry
  std::vector<std::string> parameters;
  std::vector<types::TypeId> arguments;
  types::TypeId result;
  bool may_take_long = false;
};

enum class StandaloneInterface : uint8_t {
  kC,       // `int32_t name(arguments…, results…, error)` for each
  kPython,  // `PyInit_` and the library's name
};

/// What a site says: abi::kValueMark and a type character stand where its values do.
struct SiteText {
  std::optional<std::string> exception;  // "builtins.ValueError"
  std::optional<std::string> message;    // none where the exception has no argument
};
SiteText site_text(const ErrorSite& site, const ir::Universe& universe);

/// Code of one entry for CPUs from a level on (runtime/standalone/cpu.cpp).
struct StandaloneVariant {
  int level;
  std::string entry;  // of add_entry, in this module or another one of the library
};

/// Adds an entry that calls the variant of the highest level which the CPU reaches. The first is for all others.
void add_dispatch(ModuleLowering& module, std::string_view entry, std::span<const StandaloneVariant> variants);

/// Hides from the loader what only the library itself calls: all that the module defines.
void hide_definitions(ModuleLowering& module);

/// Adds runtime/abi/standalone.h's records of all exports, whose entries are there, and what outsiders call. Takes the
/// module's error sites; with `bare_files` their files are named without folders.
void add_standalone(ModuleLowering& module, std::string_view library, std::span<const StandaloneExport> exports,
                    StandaloneInterface interface, bool bare_files);

}  // namespace metate::codegen
