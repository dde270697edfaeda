// compiler_ir_work_group_test – work-items of a group under interpretation: shared memory, barriers, atomics.
#include <gtest/gtest.h>

#include "compiler/ir/interpret/work_group.h"
#include "compiler/ir/text/parse.h"

namespace metate::ir {
namespace {

std::vector<WorkItem> items(int64_t count) {
  std::vector<WorkItem> result(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i)
    result[static_cast<size_t>(i)][static_cast<size_t>(WorkItemQuery::kLocalId)][0] = i;
  return result;
}

/// Runs the kernel with an array of eight numbers 0, 1 …, which it may change.
Outcome run(std::string_view text, std::vector<int64_t>& numbers) {
  Universe universe;
  ParsedText parsed = parse(text, universe);
  EXPECT_FALSE(parsed.error) << parsed.error->line << ": " << parsed.error->message;
  Array array{reinterpret_cast<std::byte*>(numbers.data()), nullptr, {8}, {8}};
  std::vector<Datum> arguments{array};
  return run_group(parsed.functions.at(0), arguments, items(8), {});
}

constexpr std::string_view kReverse = R"(
func @reverse(%x: array<i64,1,C>) -> const[None] stage loop options(kernel) {
^0:
  %zero = const 0 : weak_int
  %seven = const 7 : weak_int
  %eight = const 8 : weak_int
  %i = work_item local_id %zero : weak_int
  %shared = local 8 %eight : array<i64,1,C,group>
  %v = load %x, %i : i64
  store %v, %shared, %i
  barrier [group, acq_rel, work_group]
  %j = op subtract %seven, %i : weak_int
  %w = load %shared, %j : i64
  store %w, %x, %i
  %none = const None : const[None]
  return %none
}
)";

TEST(WorkGroup, ItemsMeetAtBarriers) {
  std::vector<int64_t> numbers{0, 1, 2, 3, 4, 5, 6, 7};
  EXPECT_EQ(run(kReverse, numbers).kind, Outcome::Kind::kReturned);
  EXPECT_EQ(numbers, (std::vector<int64_t>{7, 6, 5, 4, 3, 2, 1, 0}));
}

TEST(WorkGroup, NoAtomicChangeIsLost) {
  std::vector<int64_t> numbers(8, 0);
  Outcome outcome = run(R"(
func @count(%x: array<i64,1,C>) -> i64 stage loop options(kernel) {
^0:
  %zero = const 0 : weak_int
  %one = const i64(1) : i64
  %before = atomic add [relaxed, device] %x, %zero, %one : i64
  return %before
}
)",
                        numbers);
  EXPECT_EQ(outcome.kind, Outcome::Kind::kReturned);
  EXPECT_EQ(numbers[0], 8);
}

TEST(WorkGroup, AnItemThatNeverComesIsNotWaitedFor) {
  std::vector<int64_t> numbers(8, 0);
  Outcome outcome = run(R"(
func @diverge(%x: array<i64,1,C>) -> const[None] stage loop options(kernel) {
^0:
  %zero = const 0 : weak_int
  %i = work_item local_id %zero : weak_int
  %first = op equal %i, %zero : bool
  branch %first, ^2, ^1
^1:
  barrier [group, acq_rel, work_group]
  jump ^2
^2:
  %none = const None : const[None]
  return %none
}
)",
                        numbers);
  EXPECT_EQ(outcome.kind, Outcome::Kind::kRefused);
  EXPECT_NE(outcome.reason.find("did not come to the barrier"), std::string::npos);
}

TEST(WorkGroup, BarriersNeedOne) {
  Universe universe;
  ParsedText parsed = parse(kReverse, universe);
  std::vector<int64_t> numbers(8, 0);
  std::vector<Datum> arguments{Array{reinterpret_cast<std::byte*>(numbers.data()), nullptr, {8}, {8}}};
  Outcome outcome = Interpreter({.work_item = WorkItem{}}).run(parsed.functions.at(0), arguments);
  EXPECT_EQ(outcome.kind, Outcome::Kind::kRefused);
  EXPECT_NE(outcome.reason.find("this is no work-group"), std::string::npos);
}

}  // namespace
}  // namespace metate::ir
