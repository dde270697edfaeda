#include "compiler/transform/arrays/fusion_obstacle.h"

namespace metate::transform {
namespace {

using ir::Inst;
using ir::Opcode;

int32_t line(const ir::Function& function, Inst inst) {
  return inst && function.source(inst).range.known() ? function.source(inst).range.line : -1;
}

/// "line 12", or the word for what it is where the line is not known.
std::string place(const ir::Function& function, Inst inst, const char* word) {
  const int32_t known = line(function, inst);
  return known < 0 ? word : "line " + std::to_string(known);
}

std::string two_loops(const ir::Function& function, Inst first, Inst second) {
  auto is_reduction = [&](Inst inst) { return function.inst(inst).opcode == Opcode::kReduce; };
  // They come from the uses, whose order need not be the program's.
  if (is_reduction(second) && !is_reduction(first)) std::swap(first, second);
  const std::string here = place(function, first, "a loop"), there = place(function, second, "another loop");
  if (is_reduction(first) && !is_reduction(second))
    return "the reduction of " + here + " goes through it before " + (here == there ? "the rest" : there) + " can";
  if (here == there) return "two loops of " + here + " need it, so it is computed once";
  return here + " and " + there + " both need it, so it is computed once";
}

std::string whole_array(const ir::Function& function, Inst user) {
  const std::string who = place(function, user, "something else");
  switch (function.inst(user).opcode) {
    case Opcode::kReturn:
    case Opcode::kTuple:
      return line(function, user) < 0 ? "it is a result besides" : "it is a result besides (" + who + ")";
    case Opcode::kCall:
    case Opcode::kCallForeign:
      return who + " gives it to a function";
    case Opcode::kView:
    case Opcode::kTranspose:
    case Opcode::kReshape:
    case Opcode::kBroadcast:
      return who + " takes a slice or another view of it";
    case Opcode::kLoad:
      return who + " reads elements of it by index";
    case Opcode::kStore:
      return who + " writes to elements of it";
    default:
      return who + " needs the array itself";
  }
}

}  // namespace

std::string text_of(const ir::Function& function, const FusionObstacle& obstacle) {
  using Kind = FusionObstacle::Kind;
  const std::string at = obstacle.at ? place(function, obstacle.at, "the loop that needs it") : "";
  const auto next = [&] { return place(function, obstacle.at, "the next loop"); };
  switch (obstacle.kind) {
    case Kind::kNone:
      return "";
    case Kind::kTwoLoops:
      return two_loops(function, obstacle.at, obstacle.other);
    case Kind::kWholeArray:
      return whole_array(function, obstacle.at);
    case Kind::kCarried:
      return "a branch or a loop carries the array on";
    case Kind::kOtherBlock:
      return at + " stands behind or inside of a branch or a loop";
    case Kind::kWritten:
      return at + " writes to the array";
    case Kind::kRaisesBeforeWrite:
      return "it may raise an exception, before which " + at + " must write nothing";
    case Kind::kRaisesInTurn:
      return "it may raise an exception, which has to come before " +
             place(function, obstacle.other, "what stands in between");
    case Kind::kOverwritten:
      return place(function, obstacle.other, "something in between") + " may change what it is computed from, before " +
             at + " needs it";
    case Kind::kRepeats:
      return at + " broadcasts it along another axis, where it would be computed again for each place";
    case Kind::kTwoPasses:
      return at + " goes through it twice";
    case Kind::kReduction:
      return at + " needs the results of the reduction, which are there when it is done";
    case Kind::kNeedsResult:
      return next() + " needs its result, which is there when it is done";
    case Kind::kBetween:
      return place(function, obstacle.other, "something") + " stands between it and " + next();
    case Kind::kOtherExtents:
      return next() + " need not have as many iterations";
    case Kind::kWrittenApart:
      return "only array expressions fuse; this loop can do what " + next() +
             " does, if that needs nothing of other iterations";
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::transform
