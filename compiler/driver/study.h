// study – all that can be said of how one function was compiled, for people who want to know.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/kernel_target.h"
#include "compiler/driver/specialisations.h"
#include "runtime/base/result.h"
#include "runtime/base/trace.h"
#include "runtime/jit/remarks.h"

namespace metate::jit {
class Jit;
}

namespace metate::driver {

/// A function as a stage has left it. IR has its places as "@line:column" behind instructions, LLVM IR as "; @line
/// file", assembly as ".loc".
struct StageText {
  std::string stage;
  std::string function;
  std::string text;
};

struct Place {
  std::string file;
  int32_t line = -1;
  int32_t column = -1;
};

/// A loop of the finished code. A nest in several versions, as for few and for many rows, is several.
struct LoopFact {
  enum class Kind : uint8_t { kExpression, kNest, kPlain };

  Place place;
  int32_t last_line = -1;    // of what it does, in the same file
  Kind kind = Kind::kPlain;  // of an array expression; prange, or what became a nest; range and while
  std::string mode;          // of nests: serial, parallel, device
  bool rare = false;         // runs where an index may be out of range
  uint32_t reductions = 0;   // accumulators of a nest
  std::string obstacle;      // why a device does not run it, where one should
  std::string unfused;       // why no other loop does its work on the way, where there is one that might
};

/// An operation on whole arrays, as the program has it.
struct ArrayOperation {
  Place place;
  std::vector<Place> users;  // the operations that work on its result
};

/// What became of a check that an index is in range.
struct CheckFact {
  enum class State : uint8_t {
    kProved,   // it cannot fail
    kHoisted,  // a comparison in front of the loop makes it needless
    kBlocked,  // one comparison for some hundred iterations
    kKept,     // made at each access
  };

  Place place;
  State state;
};

/// An array that the code allocates.
struct ArrayFact {
  Place place;
  std::string type;
  std::string bytes;         // "8 * x.shape[0]", as far as the code says it in terms of the function's parameters
  bool is_returned = false;  // it, or a view of it, may leave the function
  bool is_repeated = false;  // a loop around it allocates one in each iteration
};

struct Study {
  std::vector<StageText> texts;  // in the order of the stages; what a stage leaves as it is, is not there again
  std::vector<LoopFact> loops;
  std::vector<ArrayOperation> operations;
  std::vector<CheckFact> checks;
  bool checks_indices = true;  // boundscheck
  bool fast_math = false;
  bool parallel = false;
  std::vector<ArrayFact> arrays;
  std::vector<jit::Remark> remarks;
  std::vector<base::Span> spans;
};

/// Takes a specialisation through all stages again, for this target where it is a kernel. `purpose` is
/// that with which it was found.
base::Result<Study> study(Specialisations& functions, const Specialisation& root, Purpose purpose,
                          const KernelTarget& target, ir::Universe& universe, jit::Jit& jit);

}  // namespace metate::driver
