// arrays – what compiled code takes for granted of its array arguments, checked.
#pragma once

#include <cstddef>
#include <cstdint>

namespace metate::abi {
struct StandaloneType;
}

namespace metate::standalone {

/// Why the record (data, owner, shape, strides) cannot be an argument of that type, or null. Elements have to lie where
/// their size says; in arrays of C's and Fortran's order they have to lie one behind the other too.
const char* find_fault(const abi::StandaloneType& type, const int64_t* record);

}  // namespace metate::standalone
