#include "compiler/transform/check_races.h"

#include <algorithm>
#include <map>

#include "compiler/ir/analysis/walk.h"
#include "compiler/transform/arrays/whole_numbers.h"

namespace metate::transform {
namespace {

using ir::Function;
using ir::Inst;
using ir::Opcode;
using ir::Value;
using ops::ScalarOp;

/// factor * step * i + offset + rest: i counts the iterations, step and rest are values that no iteration changes.
struct Linear {
  int64_t factor = 0, offset = 0;
  Value step, rest;  // 1 and 0, if none
  bool known = true;
};

struct Access {
  Inst inst;
  bool writes;
  std::vector<Linear> indices;  // by axis of the array that the view is of
};

/// One parallel nest.
class Nest {
 public:
  Nest(const Function& function, Inst nest) : f_(function), nest_(nest) {
    ir::Region body = ir::nest_body(f_, nest);
    ir::walk_blocks(f_, body, [&](ir::Block block) { inside_[block] = 1; });
    counter_ = f_.block(f_.region(body).blocks.front()).params[0];
    ir::walk_insts(f_, body, [&](Inst inst) { add(inst); });
  }

  /// Calls report(array, a write, an access that may meet it) once for each array in danger.
  template <class Report>
  void check(const Report& report) const {
    for (const auto& [array, accesses] : accesses_) check_array(array, accesses, report);
  }

 private:
  template <class Report>
  void check_array(Value array, const std::vector<Access>& accesses, const Report& report) const {
    for (const Access& write : accesses) {
      if (!write.writes) continue;
      for (const Access& other : accesses)
        if (!apart(write, other)) return report(array, write.inst, other.inst);
    }
  }

  bool is_inside(Value value) const {
    const ir::ValueData& data = f_.value(value);
    return inside_[data.is_param ? ir::Block(data.definer) : f_.inst(Inst(data.definer)).block] != 0;
  }

  void add(Inst inst) {
    Opcode opcode = f_.inst(inst).opcode;
    if (opcode != Opcode::kLoad && opcode != Opcode::kStore) return;
    bool writes = opcode == Opcode::kStore;
    std::span<const Value> operands = f_.operands(inst).subspan(writes ? 1 : 0);
    Access access{inst, writes, {}};
    for (Value index : operands.subspan(1)) access.indices.push_back(linear(index));
    Value array = operands[0];
    while (is_inside(array)) {
      Inst view = f_.defining_inst(array);
      if (!view || f_.inst(view).opcode != Opcode::kView) return;  // an iteration's own, or beyond this analysis
      look_through(view, access.indices);
      array = f_.operands(view)[0];
    }
    accesses_[array].push_back(std::move(access));
  }

  /// From the axes of a view to those of what it is a view of.
  void look_through(Inst view, std::vector<Linear>& indices) const {
    std::vector<Linear> of_base;
    size_t axis = 0, operand = 1;
    std::span<const Value> operands = f_.operands(view);
    for (ir::IndexKind kind : f_.index_specs[f_.inst(view).imm]) {
      switch (kind) {
        case ir::IndexKind::kInteger:
          of_base.push_back(linear(operands[operand++]));
          break;
        case ir::IndexKind::kSlice: {
          // Parts that begin where the iteration says are taken to end before the next one's.
          Linear start = linear(operands[operand]);
          of_base.push_back(start.known && start.factor != 0 ? start : Linear{.known = false});
          operand += 3;
          ++axis;
          break;
        }
        case ir::IndexKind::kNewAxis:
          ++axis;
          break;
        case ir::IndexKind::kFull:
          of_base.push_back(indices[axis++]);
          break;
      }
    }
    indices = std::move(of_base);
  }

  Linear linear(Value value) const {
    if (value == counter_) return {.factor = 1};
    if (std::optional<int64_t> number = whole::constant(f_, value)) return {.offset = *number};
    if (!is_inside(value)) return {.rest = value};
    Inst inst = f_.defining_inst(value);
    if (!inst) return {.known = false};
    std::span<const Value> operands = f_.operands(inst);
    switch (f_.inst(inst).opcode) {
      case Opcode::kIndex:
      case Opcode::kCast:
        return linear(operands[0]);
      case Opcode::kOp:
        if (operands.size() == 2) return combine(static_cast<ScalarOp>(f_.inst(inst).imm), operands[0], operands[1]);
        return {.known = false};
      default:
        return {.known = false};
    }
  }

  Linear combine(ScalarOp op, Value left, Value right) const {
    Linear a = linear(left), b = linear(right);
    if (!a.known || !b.known) return {.known = false};
    if (op == ScalarOp::kMultiply) {
      if (b.factor != 0) std::swap(a, b);
      bool is_number = b.factor == 0 && !b.rest;
      if (is_number && !a.rest) return {.factor = a.factor * b.offset, .offset = a.offset * b.offset, .step = a.step};
      bool is_step = b.factor == 0 && b.rest && b.offset == 0 && a.offset == 0 && !a.rest && !a.step;
      if (is_step) return {.factor = a.factor, .step = b.rest};
      return {.known = false};
    }
    if (op != ScalarOp::kAdd && op != ScalarOp::kSubtract) return {.known = false};
    int64_t sign = op == ScalarOp::kAdd ? 1 : -1;
    if ((a.factor != 0 && b.factor != 0 && a.step != b.step) || (a.rest && b.rest) || (sign < 0 && b.rest))
      return {.known = false};
    return {.factor = a.factor + sign * b.factor,
            .offset = a.offset + sign * b.offset,
            .step = a.factor != 0 ? a.step : b.step,
            .rest = a.rest ? a.rest : b.rest};
  }

  /// No two different iterations touch the same element by these.
  bool apart(const Access& a, const Access& b) const {
    for (size_t axis = 0; axis < std::min(a.indices.size(), b.indices.size()); ++axis) {
      const Linear &x = a.indices[axis], &y = b.indices[axis];
      if (!x.known || !y.known || x.factor == 0 || x.factor != y.factor || x.step != y.step) continue;
      if (!same(x.rest, y.rest)) continue;
      if (x.offset == y.offset || (!x.step && (x.offset - y.offset) % x.factor != 0)) return true;
    }
    return false;
  }

  bool same(Value a, Value b) const { return a == b || (a && b && whole::same(f_, a, b)); }

  const Function& f_;
  Inst nest_;
  Value counter_;
  support::SideTable<ir::Block, uint8_t> inside_;
  std::map<Value, std::vector<Access>> accesses_;
};

class Reporter {
 public:
  Reporter(const Function& function, support::Diagnostics& diagnostics) : f_(function), diagnostics_(diagnostics) {}

  void operator()(Inst nest, Value array, Inst write, Inst other) {
    std::string name = text(f_.value(array).name);
    support::Diagnostic& warning =
        diagnostics_.warning(support::MessageId::kPossibleRace, place(nest), {name.empty() ? "an array" : name});
    bool reads = f_.inst(other).opcode == Opcode::kLoad;
    bool same = write == other;
    warning.notes.push_back({same ? "several iterations may write here" : "one iteration writes here", place(write)});
    if (!same) warning.notes.push_back({reads ? "another may read here" : "another may write here", place(other)});
  }

 private:
  std::string text(support::Symbol symbol) const {
    return symbol ? std::string(f_.universe().symbols.name(symbol)) : std::string();
  }
  support::Location place(Inst inst) const {
    const ir::SourcePlace& source = f_.source(inst);
    return {text(source.file), text(source.function), source.range};
  }

  const Function& f_;
  support::Diagnostics& diagnostics_;
};

}  // namespace

void check_races(Function& function, PassContext& context) {
  if (function.options.kernel) return;
  Reporter report(function, context.diagnostics);
  ir::walk_insts(function, [&](Inst inst) {
    if (function.inst(inst).opcode != Opcode::kNest) return;
    const ir::NestData& nest = function.nests[function.inst(inst).imm];
    // Nests of array expressions say themselves that they are independent.
    if (nest.mode != ir::NestMode::kParallel || nest.independent || nest.rank != 1) return;
    Nest(function, inst).check([&](Value array, Inst write, Inst other) { report(inst, array, write, other); });
  });
}

}  // namespace metate::transform
