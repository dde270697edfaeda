// object_symbols – what object bytes need from elsewhere.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "runtime/base/result.h"

namespace metate::jit {

/// The names that the object uses and does not define, sorted. What is no object file is an internal-bug Error.
base::Result<std::vector<std::string>> undefined_symbols(std::span<const std::byte> object);

}  // namespace metate::jit
