// device_obstacle – what code asks for that devices do not have.
#pragma once

#include <optional>
#include <string>

#include "compiler/ir/function.h"

namespace metate::transform {

class CalleeBodies;

/// What the user knows the instruction as; empty where a device can run it.
std::string not_on_device(const ir::Function& function, ir::Inst inst);

/// Whether code in the region may become part of a kernel's work-item: that of a loop, or of a function that loops of a
/// device call.
inline bool may_be_in_kernel(const ir::Function& function, ir::Region region) {
  if (function.options.kernel) return true;
  return function.options.offload && (!function.options.parallel || region != function.body());
}

struct DeviceObstacle {
  std::string what;
  ir::Inst at;
};

/// The first thing in a region, a function's or a nest's body, that keeps it from a device. `callees` may be null: then
/// every call does.
std::optional<DeviceObstacle> device_obstacle(const ir::Function& function, ir::Region region,
                                              const CalleeBodies* callees);

}  // namespace metate::transform
