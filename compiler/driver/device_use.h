// device_use – what a kernel needs of a device, and where it asks for it: for messages about devices that have it not.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/ir/function.h"

namespace metate::driver {

class Specialisations;
struct Specialisation;

/// Where numbers of a kind come from.
struct NumberOrigin {
  std::optional<uint32_t> parameter;  // the first that has them
  ir::SourcePlace place;              // of the first value that is one
};

struct DeviceUse {
  uint64_t local_bytes = 0;       // of arrays that the code asks for; a device's compiler may find some needless
  ir::SourcePlace largest_array;  // where the code asks for the largest
  std::vector<ir::SourcePlace> meetings;  // where it makes the items of a group wait for each other
  NumberOrigin float64, float16;
  NumberOrigin wide_atomics;   // the first atomic operation on elements of 64 bits, and the parameter that it changes
  bool float_atomics = false;  // computes with floats that others change: code by what the device has for it
};

DeviceUse device_use(const Specialisations& functions, const Specialisation& root, const types::TypeTable& types);

}  // namespace metate::driver
