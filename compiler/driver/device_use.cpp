#include "compiler/driver/device_use.h"

#include <algorithm>

#include "compiler/driver/access.h"
#include "compiler/driver/specialisations.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/synchronisation.h"

namespace metate::driver {
namespace {

using ir::Opcode;
using types::DType;
using types::TypeKind;

void add_array(const ir::Function& function, ir::Inst inst, uint64_t& largest, DeviceUse& use) {
  const types::Type& type = function.type_data(function.result(inst));
  if (type.space != types::MemorySpace::kGroup) return;
  const uint64_t bytes = uint64_t{function.inst(inst).imm} * static_cast<uint64_t>(size(type.dtype));
  use.local_bytes += bytes;
  if (bytes <= largest) return;
  largest = bytes;
  use.largest_array = function.source(inst);
}

/// One that changes a parameter, if there is such.
NumberOrigin first_wide_atomic(const Specialisations& functions, const Specialisation& root) {
  const std::vector<std::optional<ir::SourcePlace>> places = wide_atomics(functions, root);
  for (uint32_t number = 0; number < places.size(); ++number)
    if (places[number]) return {.parameter = number, .place = *places[number]};
  return {};
}

void add_atomic(const ir::Function& function, ir::Inst inst, DeviceUse& use) {
  const DType dtype = function.type_data(function.operands(inst)[0]).dtype;
  use.float_atomics |= types::is_float(dtype) && ir::computes(ir::Atomic::decode(function.inst(inst).imm).op);
  if (types::size(dtype) == 8 && !use.wide_atomics.place.range.known()) use.wide_atomics.place = function.source(inst);
}

bool has(const types::TypeTable& types, types::TypeId id, DType real, DType complex) {
  const types::Type& type = types[id];
  if (type.kind == TypeKind::kTuple)
    return std::ranges::any_of(type.elements, [&](types::TypeId part) { return has(types, part, real, complex); });
  return (type.kind == TypeKind::kScalar || type.kind == TypeKind::kArray) &&
         (type.dtype == real || type.dtype == complex);
}

class Origins {
 public:
  Origins(const types::TypeTable& types, DeviceUse& use) : types_(types), use_(use) {}

  void add_parameters(std::span<const types::TypeId> parameters) {
    for (uint32_t number = 0; number < parameters.size(); ++number) {
      add(parameters[number], [&](NumberOrigin& origin) {
        if (!origin.parameter) origin.parameter = number;
      });
    }
  }

  void add_results(const ir::Function& function, ir::Inst inst) {
    const ir::SourcePlace place = function.source(inst);
    if (!place.range.known()) return;
    for (ir::Value result : function.results(inst)) {
      add(function.type(result), [&](NumberOrigin& origin) {
        if (!origin.place.range.known()) origin.place = place;
      });
    }
  }

 private:
  template <class Note>
  void add(types::TypeId type, const Note& note) {
    if (has(types_, type, DType::kF64, DType::kC128)) note(use_.float64);
    if (has(types_, type, DType::kF16, DType::kF16)) note(use_.float16);
  }

  const types::TypeTable& types_;
  DeviceUse& use_;
};

}  // namespace

DeviceUse device_use(const Specialisations& functions, const Specialisation& root, const types::TypeTable& types) {
  DeviceUse use;
  Origins origins(types, use);
  origins.add_parameters(root.arguments);
  use.wide_atomics = first_wide_atomic(functions, root);
  uint64_t largest = 0;
  for (uint32_t index : functions.closure(root)) {
    const ir::Function& function = *functions[index].function;
    ir::walk_insts(function, [&](ir::Inst inst) {
      const Opcode opcode = function.inst(inst).opcode;
      if (opcode == Opcode::kLocal) add_array(function, inst, largest, use);
      if (opcode == Opcode::kBarrier || opcode == Opcode::kGroup) use.meetings.push_back(function.source(inst));
      if (opcode == Opcode::kAtomic) add_atomic(function, inst, use);
      origins.add_results(function, inst);
    });
  }
  return use;
}

}  // namespace metate::driver
