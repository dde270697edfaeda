// environment – numbers that the user sets in environment variables.
#pragma once

#include <cstdint>
#include <optional>

namespace metate::cpu {

/// The whole number in `variable`, at least `least`; with `as_size` it may end in K, M, G or T (powers of 1024).
/// Nothing if the variable is not set; if it is not such a number, that is said on stderr and it counts as not set.
std::optional<int64_t> read_number(const char* variable, int64_t least, bool as_size = false);

}  // namespace metate::cpu
