#include "compiler/transform/nests/device_obstacle.h"

#include <algorithm>
#include <vector>

#include "compiler/ir/analysis/captures.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/transform/array_roots.h"
#include "compiler/transform/pass.h"
#include "runtime/abi/kernel_error.h"

namespace metate::transform {
namespace {

using ir::Inst;
using ir::Opcode;
using ir::Value;

bool holds_private_array(const types::TypeTable& types, types::TypeId id) {
  const types::Type& type = types[id];
  if (type.kind == types::TypeKind::kArray) return type.space == types::MemorySpace::kPrivate;
  return std::ranges::any_of(type.elements, [&](types::TypeId part) { return holds_private_array(types, part); });
}

/// Whether a message has more numbers than a work-item can leave behind.
bool says_too_much(const ir::Function& function, Inst inst) {
  const Opcode opcode = function.inst(inst).opcode;
  if (opcode != Opcode::kCheck && opcode != Opcode::kRaise) return false;
  int count = 0;
  for (Value value : function.operands(inst).subspan(opcode == Opcode::kCheck ? 1 : 0)) {
    const types::Type& type = function.type_data(value);
    if (type.kind == types::TypeKind::kScalar) count += is_complex(type.dtype) ? 2 : 1;
  }
  return count > abi::kMaxKernelErrorValues;
}

/// What a kernel has no arguments for; empty where it has.
std::string forbidden_capture(const ir::Function& function, Value value) {
  const types::TypeTable& types = function.universe().types;
  if (holds_private_array(types, function.type(value))) return "an array in the memory of the call";
  if (function.constant(value).valid() && holds_arrays(types, function.type(value))) return "a global array";
  return "";
}

/// What parallel loops leave to the host, though a kernel may have it.
std::string only_in_kernels(const ir::Function& function, Inst inst) {
  const Opcode opcode = function.inst(inst).opcode;
  if (opcode == Opcode::kPrint) return "print()";  // what a loop says would come out of turn
  if (opcode != Opcode::kConst) return "";
  return holds_arrays(function.universe().types, function.type(function.result(inst))) ? "an array that is no argument"
                                                                                       : "";
}

}  // namespace

std::string not_on_device(const ir::Function& function, Inst inst) {
  switch (function.inst(inst).opcode) {
    case Opcode::kAlloc:
      return "a new array";
    case Opcode::kCallForeign:
      return "a C function";
    case Opcode::kReturn:
      // It would live longer than the call that made it.
      return holds_private_array(function.universe().types, function.type(function.operands(inst)[0]))
                 ? "a function that returns an array in private memory"
                 : "";
    default:
      return "";
  }
}

std::optional<DeviceObstacle> device_obstacle(const ir::Function& function, ir::Region region,
                                              const CalleeBodies* callees) {
  std::optional<DeviceObstacle> found;
  ir::walk_insts(function, region, [&](Inst inst) {
    if (found) return;
    std::string what = not_on_device(function, inst);
    what = what.empty() ? only_in_kernels(function, inst) : what;
    if (what.empty() && says_too_much(function, inst)) what = "an error message with many numbers";
    if (what.empty() && function.inst(inst).opcode == Opcode::kCall) {
      const ir::Function* callee = callees ? callees->body(function.callees[function.inst(inst).imm]) : nullptr;
      if (!callee) what = "a call of a function that calls itself";
      if (auto inside = callee ? device_obstacle(*callee, callee->body(), callees) : std::nullopt)
        what = "a call of a function with " + inside->what;
    }
    if (!what.empty()) found = {what, inst};
  });
  if (found || region == function.body()) return found;
  for (Value value : ir::captures_of(function, region)) {
    std::string what = forbidden_capture(function, value);
    if (!what.empty()) return DeviceObstacle{what, function.region(region).owner};
  }
  return std::nullopt;
}

}  // namespace metate::transform
