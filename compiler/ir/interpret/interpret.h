// interpret.h – runs functions of the array and loop stages: what the IR means, said in code. All executors agree with
// it.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/function.h"
#include "compiler/ir/interpret/datum.h"
#include "compiler/ir/interpret/memory.h"

namespace metate::ir {

/// A Python exception on its way out.
struct Raised {
  std::string exception;  // qualified class, "builtins.ValueError"
  std::string message;
  SourcePlace place;
};

struct Outcome {
  enum class Kind : uint8_t {
    kReturned,
    kRaised,
    kRefused,  // no meaning: `reason` says why (an instruction of another stage, a broken promise, too many steps)
  };
  Kind kind = Kind::kReturned;
  Datum value;
  Raised raised;
  std::string reason;

  static Outcome returned(Datum value) { return {Kind::kReturned, std::move(value), {}, {}}; }
  static Outcome refused(std::string reason) { return {Kind::kRefused, {}, {}, std::move(reason)}; }
};

/// Where the work-item of a kernel stands: an answer to each WorkItemQuery in each of three dimensions.
using WorkItem = std::array<std::array<int64_t, 3>, static_cast<size_t>(kLastWorkItemQuery) + 1>;

class Interpreter;
class WorkGroup;

struct InterpreterOptions {
  uint64_t max_steps = 100'000'000;      // instructions, over all calls
  int64_t max_bytes = int64_t{1} << 30;  // alive in arrays at once; then MemoryError
  int recursion_budget = 1000;           // calls inside each other; then RecursionError
  std::function<void(std::string_view)> print;
  /// The function that a `call` runs; null refuses.
  std::function<const Function*(const CalleeRef&)> callee;
  std::optional<WorkItem> work_item;  // for kernels
  WorkGroup* work_group = nullptr;    // for kernels whose items meet: see work_group.h
  size_t item_number = 0;             // in the group
};

/// Array arguments are used in place. Arrays in results lie in `memory()` or in arguments.
class Interpreter {
 public:
  explicit Interpreter(InterpreterOptions options) : options_(std::move(options)), memory_(options_.max_bytes) {}

  /// Requires a verified function. Parallel nests run in order, so the lowest failing iteration wins.
  Outcome run(const Function& function, std::span<const Datum> arguments);

  Memory& memory() { return memory_; }
  const InterpreterOptions& options() const { return options_; }
  uint64_t steps() const { return steps_; }
  /// False if the budget is used up.
  bool step() { return ++steps_ <= options_.max_steps; }

 private:
  InterpreterOptions options_;
  Memory memory_;
  uint64_t steps_ = 0;
  int depth_ = 0;
};

}  // namespace metate::ir
