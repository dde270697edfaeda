#include "compiler/driver/group_use.h"

#include "compiler/driver/specialisations.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/synchronisation.h"

namespace metate::driver {
namespace {

using ir::Opcode;

void add_array(const ir::Function& function, ir::Inst inst, uint64_t& largest, GroupUse& use) {
  const types::Type& type = function.type_data(function.result(inst));
  if (type.space != types::MemorySpace::kGroup) return;
  const uint64_t bytes = uint64_t{function.inst(inst).imm} * static_cast<uint64_t>(size(type.dtype));
  use.local_bytes += bytes;
  if (bytes <= largest) return;
  largest = bytes;
  use.largest_array = function.source(inst);
}

}  // namespace

GroupUse group_use(const Specialisations& functions, const Specialisation& root) {
  GroupUse use;
  uint64_t largest = 0;
  for (uint32_t index : functions.closure(root)) {
    const ir::Function& function = *functions[index].function;
    ir::walk_insts(function, [&](ir::Inst inst) {
      const Opcode opcode = function.inst(inst).opcode;
      if (opcode == Opcode::kLocal) add_array(function, inst, largest, use);
      if (opcode == Opcode::kBarrier || opcode == Opcode::kGroup) use.meetings.push_back(function.source(inst));
    });
  }
  return use;
}

}  // namespace metate::driver
