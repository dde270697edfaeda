// artifact.h – what a compile gives: the same for the JIT, the cache and the ahead-of-time tool.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "compiler/codegen/error_site.h"
#include "compiler/types/type.h"

namespace metate::driver {

/// Holds no address of this process: constants are data, calls are symbols.
struct Artifact {
  enum class Kind : uint8_t { kObject, kSpirv };

  Kind kind = Kind::kObject;
  std::vector<std::byte> bytes;  // an object file, or SPIR-V words
  std::string entry;             // symbol, or kernel name: called on slots (compiler/types/slots.h)
  std::vector<types::TypeId> arguments;
  types::TypeId result;
  std::vector<codegen::ErrorSite> sites;
  std::vector<bool> written;   // kernels: whether the code may write to each argument
  bool may_take_long = false;  // has a loop, an allocation or a call: worth releasing the GIL
};

}  // namespace metate::driver
