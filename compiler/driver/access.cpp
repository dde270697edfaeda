#include "compiler/driver/access.h"

#include <algorithm>
#include <map>

#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/synchronisation.h"
#include "compiler/transform/array_roots.h"

namespace metate::driver {
namespace {

using ir::Function;
using ir::Inst;
using ir::Opcode;
using ir::Region;
using ir::Value;

/// From each array back to the parameters of the function that it may be part of.
class Origins {
 public:
  explicit Origins(const Function& function) : function_(function) {
    ir::walk_insts(function, [&](Inst inst) { add(inst); });
  }

  /// `visit(i)` for each such parameter, by its number.
  template <class Visit>
  void each(Value array, const Visit& visit) const {
    std::vector<Value> work{array};
    support::SideTable<Value, uint8_t> seen;
    std::span<const Value> params = function_.params();
    while (!work.empty()) {
      Value value = work.back();
      work.pop_back();
      if (seen[value]) continue;
      seen[value] = 1;
      if (auto found = std::ranges::find(params, value); found != params.end())
        visit(static_cast<size_t>(found - params.begin()));
      work.insert(work.end(), sources_[value].begin(), sources_[value].end());
    }
  }

 private:
  void add(Inst inst) {
    for (const ir::BlockCall& call : function_.targets(inst))
      connect(function_.block(call.block).params, function_.arguments(call));
    if (Region body = ir::nest_body(function_, inst)) {
      std::span<const Value> initial = function_.operands(inst).subspan(function_.nests[function_.inst(inst).imm].rank);
      connect(accumulators(inst, body), initial);
      connect(function_.results(inst), initial);
      return;
    }
    if (function_.inst(inst).opcode == Opcode::kYield) {
      Region body = function_.block(function_.inst(inst).block).region;
      Inst nest = function_.region(body).owner;
      connect(accumulators(nest, body), function_.operands(inst));
      connect(function_.results(nest), function_.operands(inst));
      return;
    }
    for (Value result : function_.results(inst))
      for (Value operand : function_.operands(inst)) connect(result, operand);
  }

  std::span<const Value> accumulators(Inst nest, Region body) const {
    std::span<const Value> params = function_.block(function_.region(body).blocks.front()).params;
    return params.subspan(function_.nests[function_.inst(nest).imm].rank);
  }

  void connect(std::span<const Value> targets, std::span<const Value> from) {
    for (size_t i = 0; i < targets.size(); ++i) connect(targets[i], from[i]);
  }

  void connect(Value target, Value from) {
    const types::TypeTable& types = function_.universe().types;
    if (transform::holds_arrays(types, function_.type(target)) && transform::holds_arrays(types, function_.type(from)))
      sources_[target].push_back(from);
  }

  const Function& function_;
  support::SideTable<Value, std::vector<Value>> sources_;
};

enum class Sought : uint8_t { kWrites, kReads, kHostAccesses, kWideAtomics };

/// By parameter, the first access that is sought.
class Accesses {
 public:
  using Found = std::vector<std::optional<HostAccess>>;

  Accesses(const Specialisations& functions, Sought sought) : functions_(functions), sought_(sought) {}

  Found of(uint32_t index) {
    const Specialisation& specialisation = functions_[index];
    const Function& function = *specialisation.function;
    auto [entry, is_new] = known_.emplace(index, Found());
    if (!is_new) return entry->second;
    // A recursive call meets this answer: everything is accessed.
    entry->second.assign(function.params().size(), HostAccess{{}, "it is passed to a function that calls itself"});
    Found found(function.params().size());
    Origins origins(function);
    look_at(function, function.body(), origins, outside_of_nests(specialisation), found);
    return known_[index] = std::move(found);
  }

 private:
  std::string outside_of_nests(const Specialisation& specialisation) const {
    // What keeps the loop that calls it on the host.
    if (!specialisation.options.parallel) return "";
    // A prange of it is a range, in calls for a device as in others.
    if (!functions_.source(specialisation.callee).options.parallel)
      return "only array expressions of a function without parallel=True run on a device";
    return "only prange loops and array expressions run on a device";
  }

  void look_at(const Function& function, Region region, const Origins& origins, const std::string& reason,
               Found& found) {
    for (ir::Block block : function.region(region).blocks)
      for (Inst inst : function.block(block).insts) {
        look_at(function, inst, origins, reason, found);
        Region body = ir::nest_body(function, inst);
        if (!body) continue;
        const ir::NestData& nest = function.nests[function.inst(inst).imm];
        if (sought_ == Sought::kHostAccesses && nest.mode == ir::NestMode::kDevice) continue;
        std::string here = reason;
        if (nest.obstacle) here = "a device cannot run " + std::string(function.universe().symbols.name(nest.obstacle));
        look_at(function, body, origins, here, found);
      }
  }

  /// Whether a load, a store or an atomic operation is one.
  bool is_sought(const Function& function, Inst inst) const {
    const Opcode opcode = function.inst(inst).opcode;
    switch (sought_) {
      case Sought::kWrites:
        return opcode == Opcode::kStore ||
               (opcode == Opcode::kAtomic && ir::Atomic::decode(function.inst(inst).imm).op != ir::AtomicOp::kLoad);
      case Sought::kReads:
        return opcode != Opcode::kStore;
      case Sought::kHostAccesses:
        return true;
      case Sought::kWideAtomics:
        return opcode == Opcode::kAtomic && types::size(function.type_data(function.operands(inst)[0]).dtype) == 8;
    }
    METATE_UNREACHABLE();
  }

  void look_at(const Function& function, Inst inst, const Origins& origins, const std::string& reason, Found& found) {
    std::span<const Value> operands = function.operands(inst);
    auto mark = [&](Value array, const HostAccess& access) {
      origins.each(array, [&](size_t parameter) {
        if (!found[parameter]) found[parameter] = access;
      });
    };
    const HostAccess here{function.source(inst), reason};
    switch (function.inst(inst).opcode) {
      case Opcode::kLoad:
      case Opcode::kAtomic:
        if (is_sought(function, inst)) mark(operands[0], here);
        return;
      case Opcode::kStore:
        if (is_sought(function, inst)) mark(operands[1], here);
        return;
      case Opcode::kCallForeign:
        if (sought_ == Sought::kWideAtomics) return;
        for (Value operand : operands) mark(operand, here);
        return;
      case Opcode::kCall: {
        const Found callee = of(function.callees[function.inst(inst).imm].specialisation);
        for (size_t i = 0; i < operands.size(); ++i) {
          if (!callee[i]) continue;
          HostAccess access = *callee[i];
          if (!access.place.file) access.place = here.place;
          if (access.reason.empty()) access.reason = here.reason;
          mark(operands[i], access);
        }
        return;
      }
      default:
        return;
    }
  }

  const Specialisations& functions_;
  Sought sought_;
  std::map<uint32_t, Found> known_;
};

std::vector<bool> accessed_parameters(const Specialisations& functions, const Specialisation& root, Sought sought) {
  std::vector<bool> accessed;
  for (const std::optional<HostAccess>& access : Accesses(functions, sought).of(functions.number_of(root)))
    accessed.push_back(access.has_value());
  return accessed;
}

}  // namespace

std::vector<bool> written_parameters(const Specialisations& functions, const Specialisation& root) {
  return accessed_parameters(functions, root, Sought::kWrites);
}

std::vector<bool> read_parameters(const Specialisations& functions, const Specialisation& root) {
  return accessed_parameters(functions, root, Sought::kReads);
}

std::vector<std::optional<ir::SourcePlace>> wide_atomics(const Specialisations& functions, const Specialisation& root) {
  std::vector<std::optional<ir::SourcePlace>> places;
  for (const std::optional<HostAccess>& access :
       Accesses(functions, Sought::kWideAtomics).of(functions.number_of(root)))
    places.push_back(access ? std::optional(access->place) : std::nullopt);
  return places;
}

std::vector<std::optional<HostAccess>> host_accesses(const Specialisations& functions, const Specialisation& root) {
  return Accesses(functions, Sought::kHostAccesses).of(functions.number_of(root));
}

support::Diagnostic diagnostic_of(const HostAccess& access, const std::string& argument, const ir::Universe& universe) {
  auto name = [&](support::Symbol symbol) {
    return symbol ? std::string(universe.symbols.name(symbol)) : std::string();
  };
  support::Diagnostics diagnostics;
  diagnostics.error(support::MessageId::kHostAccess,
                    {name(access.place.file), name(access.place.function), access.place.range},
                    {argument, access.reason});
  return diagnostics.take().front();
}

}  // namespace metate::driver
