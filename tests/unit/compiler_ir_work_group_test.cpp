// compiler_ir_work_group_test – work-items of a group under interpretation: shared memory, barriers, atomics.
#include <gtest/gtest.h>

#include "compiler/ir/interpret/work_group.h"
#include "compiler/ir/text/parse.h"

namespace metate::ir {
namespace {

constexpr int64_t kSubGroupSize = 3;  // of eight items: the last sub-group has two

std::vector<WorkItem> items(int64_t count) {
  std::vector<WorkItem> result(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    WorkItem& item = result[static_cast<size_t>(i)];
    item[static_cast<size_t>(WorkItemQuery::kLocalId)][0] = i;
    item[static_cast<size_t>(WorkItemQuery::kSubGroupId)][0] = i / kSubGroupSize;
    item[static_cast<size_t>(WorkItemQuery::kSubGroupLocalId)][0] = i % kSubGroupSize;
  }
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

/// What each item's number %v becomes by instructions that give %r.
std::vector<int64_t> compute(std::vector<int64_t> numbers, std::string_view instructions) {
  std::string text = R"(
func @operate(%x: array<i64,1,C>) -> const[None] stage loop options(kernel) {
^0:
  %zero = const 0 : weak_int
  %one = const 1 : weak_int
  %two = const 2 : weak_int
  %i = work_item local_id %zero : weak_int
  %v = load %x, %i : i64
)" + std::string(instructions) +
                     R"(
  store %r, %x, %i
  %none = const None : const[None]
  return %none
}
)";
  Outcome outcome = run(text, numbers);
  EXPECT_EQ(outcome.kind, Outcome::Kind::kReturned) << outcome.reason;
  return numbers;
}

/// What each item gets from one operation on its number.
std::vector<int64_t> operate(std::vector<int64_t> numbers, std::string_view operation) {
  return compute(std::move(numbers), "  %r = group " + std::string(operation) + " : i64");
}

/// The same of a complex number %c, the imaginary part of which is the item's number; and that part of the result.
std::vector<int64_t> operate_on_complex(std::vector<int64_t> numbers, std::string_view operation) {
  return compute(std::move(numbers), R"(
  %f = cast %v : f64
  %c = op complex %f, %f : c128
  %g = group )" + std::string(operation) +
                                         R"( : c128
  %part = op imag %g : f64
  %r = cast %part : i64)");
}

TEST(WorkGroup, ItemsComputeTogether) {
  const std::vector<int64_t> numbers{3, 1, 4, 1, 5, 9, 2, 6};
  using Numbers = std::vector<int64_t>;
  EXPECT_EQ(operate(numbers, "reduce add [work_group] %v"), Numbers(8, 31));
  EXPECT_EQ(operate(numbers, "reduce maximum [sub_group] %v"), (Numbers{4, 4, 4, 9, 9, 9, 6, 6}));
  EXPECT_EQ(operate(numbers, "inclusive_scan multiply [sub_group] %v"), (Numbers{3, 3, 12, 1, 5, 45, 2, 12}));
  EXPECT_EQ(operate(numbers, "exclusive_scan add [work_group] %v"), (Numbers{0, 3, 4, 8, 9, 14, 23, 25}));
  EXPECT_EQ(operate(numbers, "exclusive_scan minimum [sub_group] %v"),
            (Numbers{INT64_MAX, 3, 1, INT64_MAX, 1, 1, INT64_MAX, 2}));
  EXPECT_EQ(operate(numbers, "exclusive_scan and [sub_group] %v"), (Numbers{-1, 3, 1, -1, 1, 1, -1, 2}));
  EXPECT_EQ(operate(numbers, "reduce xor [work_group] %v"), Numbers(8, 3 ^ 1 ^ 4 ^ 1 ^ 5 ^ 9 ^ 2 ^ 6));
}

TEST(WorkGroup, ItemsComputeWithComplexNumbers) {
  const std::vector<int64_t> numbers{3, 1, 4, 1, 5, 9, 2, 6};
  using Numbers = std::vector<int64_t>;
  EXPECT_EQ(operate_on_complex(numbers, "reduce add [work_group] %c"), Numbers(8, 31));
  EXPECT_EQ(operate_on_complex(numbers, "exclusive_scan add [work_group] %c"), (Numbers{0, 3, 4, 8, 9, 14, 23, 25}));
  EXPECT_EQ(operate_on_complex(numbers, "select [sub_group] %c, %one"), (Numbers{1, 1, 1, 5, 5, 5, 6, 6}));
}

TEST(WorkGroup, ItemsSeeTheValuesOfOthers) {
  const std::vector<int64_t> numbers{3, 1, 4, 1, 5, 9, 2, 6};
  using Numbers = std::vector<int64_t>;
  EXPECT_EQ(operate(numbers, "broadcast [work_group] %v, %one"), Numbers(8, 1));
  EXPECT_EQ(operate(numbers, "broadcast [sub_group] %v, %one"), (Numbers{1, 1, 1, 5, 5, 5, 6, 6}));
  // The last sub-group has no item number 2: its items keep their own.
  EXPECT_EQ(operate(numbers, "select [sub_group] %v, %two"), (Numbers{4, 4, 4, 9, 9, 9, 2, 6}));
}

TEST(WorkGroup, ItemsVote) {
  std::vector<int64_t> numbers{0, 0, 1, 0, 0, 0, 1, 1};
  Outcome outcome = run(R"(
func @vote(%x: array<i64,1,C>) -> const[None] stage loop options(kernel) {
^0:
  %zero = const 0 : weak_int
  %no = const i64(0) : i64
  %i = work_item local_id %zero : weak_int
  %v = load %x, %i : i64
  %c = op not_equal %v, %no : bool
  %any = group any [sub_group] %c : bool
  %all = group all [sub_group] %c : bool
  %bits = group ballot [sub_group] %c : weak_int
  %a = cast %any : i64
  %b = cast %all : i64
  %d = cast %bits : i64
  %ten = const i64(10) : i64
  %a1 = op multiply %a, %ten : i64
  %a2 = op add %a1, %b : i64
  %a3 = op multiply %a2, %ten : i64
  %r = op add %a3, %d : i64
  store %r, %x, %i
  %none = const None : const[None]
  return %none
}
)",
                        numbers);
  EXPECT_EQ(outcome.kind, Outcome::Kind::kReturned) << outcome.reason;
  EXPECT_EQ(numbers, (std::vector<int64_t>{104, 104, 104, 0, 0, 0, 113, 113}));
}

TEST(WorkGroup, SubGroupsWaitForThemselvesAlone) {
  std::vector<int64_t> numbers(8, 0);
  Outcome outcome = run(R"(
func @wait(%x: array<i64,1,C>) -> const[None] stage loop options(kernel) {
^0:
  %zero = const 0 : weak_int
  %i = work_item local_id %zero : weak_int
  %group = work_item sub_group_id %zero : weak_int
  %first = op equal %group, %zero : bool
  branch %first, ^2, ^1
^1:
  barrier [of_sub_group, group, acq_rel, sub_group]
  %one = const i64(1) : i64
  %sum = group reduce add [sub_group] %one : i64
  store %sum, %x, %i
  jump ^2
^2:
  %none = const None : const[None]
  return %none
}
)",
                        numbers);
  EXPECT_EQ(outcome.kind, Outcome::Kind::kReturned) << outcome.reason;
  EXPECT_EQ(numbers, (std::vector<int64_t>{0, 0, 0, 3, 3, 3, 2, 2}));
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
