// fusion_obstacle – why an array expression fills an array of its own, and why loops stay apart, for people who read
// reports.
#pragma once

#include <string>

#include "compiler/ir/function.h"

namespace metate::transform {

struct FusionObstacle {
  enum class Kind : uint8_t {
    kNone,
    kTwoLoops,           // `at` and `other` both need it
    kWholeArray,         // `at` takes the array itself
    kCarried,            // `at` hands it to another block
    kOtherBlock,         // `at` stands in another block
    kWritten,            // `at` writes to it
    kRaisesBeforeWrite,  // it may raise, which is to be known before `at` writes
    kRaisesInTurn,       // it may raise, and `other` must not come before that
    kOverwritten,        // `other` writes to what it reads, before `at` needs it
    kRepeats,            // `at` broadcasts it
    kTwoPasses,          // `at` goes through it twice
    kReduction,          // `at` needs what a reduction gives
    // Of a loop, with another or an array expression behind it at `at`:
    kNeedsResult,   // that needs its accumulators
    kBetween,       // `other` comes first
    kOtherExtents,  // that may have more iterations, or fewer
    kWrittenApart,  // nothing of the kind
  };

  Kind kind = Kind::kNone;
  ir::Inst at, other;

  explicit operator bool() const { return kind != Kind::kNone; }
};

/// What goes on after "not fused: "; names lines of the function's file.
std::string text_of(const ir::Function& function, const FusionObstacle& obstacle);

}  // namespace metate::transform
