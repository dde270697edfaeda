#include "compiler/driver/study_facts.h"

#include <algorithm>
#include <iterator>

#include "compiler/driver/allocations.h"
#include "compiler/ir/analysis/control_flow.h"
#include "compiler/ir/analysis/dominators.h"
#include "compiler/ir/analysis/loops.h"
#include "compiler/ir/analysis/walk.h"

namespace metate::driver {
namespace {

using ir::Block;
using ir::Inst;
using ir::Opcode;
using ir::Region;

bool is_usual_branch(const ir::InstData& inst) {
  return inst.opcode == Opcode::kBranch && inst.imm == static_cast<uint32_t>(ir::BranchHint::kUsually);
}

/// The blocks that run without taking the rare side of a branch, nests included.
void collect_usual(const ir::Function& function, Region region, std::set<Block>& usual) {
  std::vector<Block> work{function.region(region).blocks.front()};
  while (!work.empty()) {
    const Block block = work.back();
    work.pop_back();
    if (!usual.insert(block).second) continue;
    for (Inst inst : function.block(block).insts)
      if (Region body = ir::nest_body(function, inst)) collect_usual(function, body, usual);
    const Inst last = function.terminator(block);
    if (!last) continue;
    std::span<const ir::BlockCall> targets = function.targets(last);
    if (is_usual_branch(function.inst(last))) targets = targets.first(1);
    for (const ir::BlockCall& target : targets) work.push_back(target.block);
  }
}

std::set<Block> usual_blocks(const ir::Function& function) {
  std::set<Block> usual;
  collect_usual(function, function.body(), usual);
  return usual;
}

}  // namespace

Place FactFinder::place_of(const ir::SourcePlace& place) const {
  if (!place.range.known()) return {};
  return {place.file ? std::string(universe_.symbols.name(place.file)) : std::string(), place.range.line,
          place.range.column};
}

FactFinder::Checks FactFinder::checks_of(const ir::Function& function) const {
  Checks checks;
  const std::set<Block> usual = usual_blocks(function);
  ir::walk_insts(function, [&](Inst inst) {
    const ir::InstData& data = function.inst(inst);
    if (data.opcode != Opcode::kIndex || !ir::IndexCheck::decode(data.imm).check) return;
    const Place place = place_of(function.source(inst));
    checks[{place.file, place.line, place.column}] |= usual.contains(data.block);
  });
  return checks;
}

bool FactFinder::is_kept(const Checks& checks, const Key& key) {
  auto found = checks.find(key);
  return found != checks.end() && found->second;
}

void FactFinder::saw(std::string_view stage, const ir::Function& function) {
  if (function.stage == ir::Stage::kArray && stage == "infer") find_operations(function);
  if (function.stage != ir::Stage::kLoop) return;
  if (stage == "remove_range_checks") {
    has_begun_ = true;
    proved_ = checks_of(function);
  } else if (stage == "hoist_range_checks") {
    hoisted_ = checks_of(function);
  } else if (!has_begun_) {
    before_ = checks_of(function);
  }
}

void FactFinder::finish(const ir::Function& function, Study& study) {
  const Checks last = checks_of(function);
  for (const auto& [key, usual] : before_) {
    using State = CheckFact::State;
    const State state = !proved_.contains(key)    ? State::kProved
                        : !is_kept(hoisted_, key) ? State::kHoisted
                        : !is_kept(last, key)     ? State::kBlocked
                                                  : State::kKept;
    study.checks.push_back({{std::get<0>(key), std::get<1>(key), std::get<2>(key)}, state});
  }
  std::ranges::move(operations_, std::back_inserter(study.operations));
  find_nests(function, study);
  find_plain_loops(function, study);
  find_arrays(function, study);
}

void FactFinder::find_arrays(const ir::Function& function, Study& study) const {
  const std::set<Block> usual = usual_blocks(function);
  const std::set<ir::Value> returned = returned_values(function);
  const std::set<Block> repeated = repeated_blocks(function);
  ir::walk_insts(function, [&](Inst inst) {
    const Block block = function.inst(inst).block;
    if (function.inst(inst).opcode != Opcode::kAlloc || !usual.contains(block)) return;
    study.arrays.push_back({.place = place_of(function.source(inst)),
                            .type = universe_.text(function.type(function.result(inst))),
                            .bytes = bytes_of_alloc(function, inst),
                            .is_returned = returned.contains(function.result(inst)),
                            .is_repeated = repeated.contains(block)});
  });
}

void FactFinder::find_operations(const ir::Function& function) {
  std::map<ir::Value, size_t> made_by;
  ir::walk_insts(function, [&](Inst inst) {
    const Opcode opcode = function.inst(inst).opcode;
    const bool is_elementwise = opcode == Opcode::kOp || opcode == Opcode::kCast || opcode == Opcode::kMap;
    const Place place = place_of(function.source(inst));
    for (ir::Value operand : function.operands(inst))
      if (auto found = made_by.find(operand); found != made_by.end()) operations_[found->second].users.push_back(place);
    if (!is_elementwise || !universe_.types.is_array(function.type(function.result(inst)))) return;
    made_by[function.result(inst)] = operations_.size();
    operations_.push_back({place, {}});
  });
}

/// Of what a block does, nests in it included, where that is further down than `so_far`.
int32_t FactFinder::last_line(const ir::Function& function, const ir::SourcePlace& loop, Block block,
                              int32_t so_far) const {
  for (Inst inst : function.block(block).insts) {
    const ir::SourcePlace& place = function.source(inst);
    if (place.range.known() && place.file == loop.file) so_far = std::max(so_far, place.range.line);
    if (Region body = ir::nest_body(function, inst))
      for (Block inner : function.region(body).blocks) so_far = last_line(function, loop, inner, so_far);
  }
  return so_far;
}

void FactFinder::find_nests(const ir::Function& function, Study& study) const {
  const std::set<Block> usual = usual_blocks(function);
  ir::walk_insts(function, [&](Inst inst) {
    if (!ir::nest_body(function, inst)) return;
    const ir::NestData& nest = function.nests[function.inst(inst).imm];
    // Rank 0 is a single run; lanes are the vector steps of a reduction, which the nest around them stands for.
    if (nest.rank == 0 || nest.lanes) return;
    LoopFact fact{.place = place_of(function.source(inst)),
                  .kind = nest.independent ? LoopFact::Kind::kExpression : LoopFact::Kind::kNest,
                  .mode = std::string(to_text(nest.mode)),
                  .rare = !usual.contains(function.inst(inst).block),
                  .reductions = static_cast<uint32_t>(nest.reductions.size()),
                  .obstacle = {},
                  .unfused = {}};
    fact.last_line = fact.place.line;
    for (Block block : function.region(nest.body).blocks)
      fact.last_line = last_line(function, function.source(inst), block, fact.last_line);
    if (nest.obstacle) fact.obstacle = universe_.symbols.name(nest.obstacle);
    if (nest.unfused) fact.unfused = universe_.symbols.name(nest.unfused);
    study.loops.push_back(std::move(fact));
  });
}

void FactFinder::find_plain_loops(const ir::Function& function, Study& study) const {
  const std::set<Block> usual = usual_blocks(function);
  const ir::ControlFlow flow(function);
  const ir::Dominators dominators(function, flow);
  const ir::Loops loops(function, flow, dominators);
  for (const ir::LoopData& loop : loops.all()) {
    const Inst last = function.terminator(loop.header);
    if (!last) continue;
    int32_t end = function.source(last).range.line;
    for (Block block : loop.blocks) end = last_line(function, function.source(last), block, end);
    study.loops.push_back({.place = place_of(function.source(last)),
                           .last_line = end,
                           .kind = LoopFact::Kind::kPlain,
                           .mode = "serial",
                           .rare = !usual.contains(loop.header),
                           .reductions = 0,
                           .obstacle = {},
                           .unfused = {}});
  }
}

}  // namespace metate::driver
