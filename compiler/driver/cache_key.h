// cache_key – all that a compile depends on, as bytes: equal keys give code that does the same.
//
// The front end asks for names, cells and attributes in an order that follows from the bytecode and the answers. So a
// key lists, for the function and each one that it can come to call, its code object and those questions with their
// answers. Constants of a process (References) get numbers in the order in which they are met, and their content is
// part of the key: what such a number in an artifact stands for is found by making the key again.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/driver/specialisations.h"
#include "compiler/driver/value_bytes.h"

namespace metate::driver {

struct CacheKey {
  std::vector<std::byte> bytes;
  References references;
};

/// Nothing where the code depends on something that has no content, or does not get through the front end. `kernel`:
/// the functions are read as devices run them. `machine`: what else decides about the code, such as what it is compiled
/// for, the CPU and the build of this library.
std::optional<CacheKey> make_cache_key(Specialisations& functions, ir::Universe& universe, types::ConstantId callee,
                                       std::span<const types::TypeId> arguments, bool kernel, std::string_view machine);

}  // namespace metate::driver
