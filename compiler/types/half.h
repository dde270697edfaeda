// half.h – IEEE binary16 to and from wider floats, rounding once to nearest even.
#pragma once

#include <cstdint>

namespace metate::types {

double half_to_double(uint16_t half);
/// Exact for every float too: a float is a double.
uint16_t double_to_half(double value);

}  // namespace metate::types
