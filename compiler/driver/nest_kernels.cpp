#include "compiler/driver/nest_kernels.h"

#include <algorithm>
#include <set>

#include "compiler/driver/emit_spirv.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/target/spirv/spirv_lowering.h"
#include "compiler/types/slots.h"
#include "runtime/abi/kernel_conventions.h"

namespace metate::driver {
namespace {

using ir::NestMode;

const ir::NestData& data_of(const codegen::DeviceNest& nest) {
  return nest.function->nests[nest.function->inst(nest.nest).imm];
}

/// What the kernels call, each once.
std::set<uint32_t> callees_of(const Specialisations& functions, std::span<const codegen::DeviceNest> nests) {
  std::set<uint32_t> callees;
  for (const codegen::DeviceNest& nest : nests)
    ir::walk_insts(*nest.function, data_of(nest).body, [&](ir::Inst inst) {
      if (nest.function->inst(inst).opcode != ir::Opcode::kCall) return;
      const uint32_t callee = nest.function->callees[nest.function->inst(inst).imm].specialisation;
      for (uint32_t each : functions.closure(functions[callee])) callees.insert(each);
    });
  return callees;
}

/// Of the Python function that a nest stands in.
std::string python_name(const codegen::DeviceNest& nest, const ir::Universe& universe) {
  const ir::SourcePlace& place = nest.function->source(nest.nest);
  return place.function ? std::string(universe.symbols.name(place.function)) : std::string();
}

NestKernel describe(const codegen::DeviceNest& nest, std::string entry, const ir::Universe& universe) {
  NestKernel kernel{std::move(entry), data_of(nest).rank, {}};
  uint32_t slot = 0;
  for (size_t i = 0; i < nest.captures.size(); ++i)
    append_kernel_arguments(nest.function->type(nest.captures[i]), universe, static_cast<uint32_t>(i), slot,
                            kernel.arguments);
  return kernel;
}

}  // namespace

void append_kernel_arguments(types::TypeId id, const ir::Universe& universe, uint32_t parameter, uint32_t& slot,
                             std::vector<KernelArgument>& out) {
  const types::Type& type = universe.types[id];
  if (type.kind == types::TypeKind::kScalar) {
    uint32_t parts = is_complex(type.dtype) ? 2 : 1;
    for (uint32_t part = 0; part < parts; ++part)
      out.push_back({slot++, static_cast<uint32_t>(size(type.dtype)) / parts, false, parameter});
  } else if (type.kind == types::TypeKind::kArray) {
    out.push_back({slot, 8, true, parameter});
    slot += 2;
    uint32_t passed = type.layout == types::Layout::kAny ? 2u * type.ndim : type.ndim;
    for (uint32_t i = 0; i < passed; ++i) out.push_back({slot + i, 8, false, parameter});
    slot += 2u * type.ndim;
  } else {
    for (types::TypeId element : type.elements) append_kernel_arguments(element, universe, parameter, slot, out);
  }
}

void report_nests(const Specialisations& functions, const Specialisation& root,
                  std::span<const codegen::DeviceNest> device_nests, Artifact& artifact) {
  for (uint32_t index : functions.closure(root)) {
    const ir::Function& function = *functions[index].function;
    ir::walk_insts(function, [&](ir::Inst inst) {
      if (!ir::nest_body(function, inst)) return;
      const ir::NestData& nest = function.nests[function.inst(inst).imm];
      if (nest.mode == NestMode::kSerial) return;
      NestReport report{
          .place = function.source(inst), .is_expression = nest.independent, .obstacle = {}, .unfused = {}};
      auto found = std::ranges::find_if(device_nests, [&](const codegen::DeviceNest& each) {
        return each.function == &function && each.nest == inst;
      });
      if (found != device_nests.end()) report.kernel = static_cast<int32_t>(found - device_nests.begin());
      if (nest.obstacle) {
        report.obstacle = function.universe().symbols.name(nest.obstacle);
        report.obstacle_place = function.sources[nest.obstacle_at];
      }
      if (nest.unfused) report.unfused = function.universe().symbols.name(nest.unfused);
      artifact.nests.push_back(std::move(report));
    });
  }
}

base::Status add_nest_kernels(const Specialisations& functions, ir::Universe& universe,
                              std::span<const codegen::DeviceNest> nests, Artifact& artifact, bool checked) {
  if (nests.empty()) return base::Success{};
  // Work-items are numbered in the order of the iterations, over the device's three dimensions.
  constexpr uint8_t kDimensions = 3;
  for (size_t i = 0; i < nests.size(); ++i)
    artifact.nest_kernels.push_back(describe(nests[i], artifact.entry + "_nest_" + std::to_string(i), universe));
  base::Result<std::vector<uint32_t>> words = emit_spirv(
      [&](llvm::LLVMContext& context) {
        std::unique_ptr<codegen::TargetLowering> target = target::spirv::make_lowering(kDimensions);
        codegen::ModuleLowering lowering(context, universe, *target, artifact.entry);
        lowering.continue_sites(std::move(artifact.sites));
        if (checked) lowering.check_kernel({}, {});
        for (uint32_t callee : callees_of(functions, nests)) lowering.add_function(*functions[callee].function);
        for (size_t i = 0; i < nests.size(); ++i) {
          if (checked) lowering.check_kernel({}, python_name(nests[i], universe));
          lowering.add_nest_kernel(nests[i], artifact.nest_kernels[i].entry);
        }
        artifact.sites = lowering.take_sites();
        return lowering.take_module();
      },
      {.processed = abi::kReportsFailures});
  if (!words) return words.take_error();
  artifact.nest_words = std::move(*words);
  return base::Success{};
}

}  // namespace metate::driver
