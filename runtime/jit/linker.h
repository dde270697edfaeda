// linker – object bytes become machine code in this process, and go when their owner goes.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"

namespace metate::jit {

using ObjectBytes = std::vector<std::byte>;

/// Address of a symbol that the object calls: runtime calls, other specialisations; null where there is none.
using SymbolProvider = std::function<const void*(std::string_view name)>;

/// Owns machine code and its data. Nothing may run in it, or point into it, when it is destroyed.
class LinkedCode {
 public:
  LinkedCode(const LinkedCode&) = delete;
  LinkedCode& operator=(const LinkedCode&) = delete;
  ~LinkedCode();

  /// Address of a function or variable that the object defines and exports; null if it does not.
  const void* lookup(std::string_view name) const;

  template <class Function>
  Function* function(std::string_view name) const {
    return reinterpret_cast<Function*>(const_cast<void*>(lookup(name)));
  }

 private:
  friend class Linker;
  struct State;
  explicit LinkedCode(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// LLVM's JITLink without the layers above it: no session, no libraries, so no lock is shared by two links and a symbol
/// resolves to what `provider` and the table of foreign symbols say, never to whatever the process happens to export.
class Linker {
 public:
  Linker();
  ~Linker();

  /// Safe to call from many threads at once. Symbols are asked for first at `provider`; one that is nowhere is an
  /// internal-bug Error that names it.
  base::Result<std::unique_ptr<LinkedCode>> link(std::span<const std::byte> object, const SymbolProvider& provider);

 private:
  friend class LinkedCode;
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace metate::jit
