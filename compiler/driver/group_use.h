// group_use – what the work-groups of a kernel need of a device, for messages about devices that have it not.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/function.h"

namespace metate::driver {

class Specialisations;
struct Specialisation;

struct GroupUse {
  uint64_t local_bytes = 0;       // of arrays that the code asks for; a device's compiler may find some needless
  ir::SourcePlace largest_array;  // where the code asks for the largest
  std::vector<ir::SourcePlace> meetings;  // where it makes the items of a group wait for each other
};

GroupUse group_use(const Specialisations& functions, const Specialisation& root);

}  // namespace metate::driver
