// emitter.h – the few operations that every row's scalar code is made of. Who implements them computes all rows.
//
// compiler/codegen implements them with LLVM's instructions, fold.cpp with values. A row of the tables never shows up
// in an emitter, so a new elementwise function needs nothing there.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "compiler/types/dtype.h"
#include "compiler/types/scalar.h"

namespace metate::ops {

/// What an emitter knows a real value by: an llvm::Value*, say. Complex numbers are two of them.
using Handle = void*;

/// Operands and result have the same dtype where nothing else is said. f16 occurs in kSelect, kConvert, kBitcast only.
enum class Primitive : uint8_t {
  kAdd,  // bools never; integers wrap, floats round to nearest even and are never contracted
  kSubtract,
  kMultiply,
  kDivide,     // floats: IEEE division. Integers: towards zero; forms never divide by zero, nor the least value by -1
  kRemainder,  // integers: of that division
  kAnd,        // bools and integers
  kOr,
  kXor,
  kShiftLeft,   // integers; 0 <= count < width
  kShiftRight,  // arithmetic for signed ones
  kEqual,       // -> bool; of floats false where one is nan
  kLess,
  kLessEqual,
  kSelect,    // bool, value if true, value if false. Both values are computed
  kConvert,   // between bool, integers and floats; see below
  kBitcast,   // between a float and an integer of its size
  kNegate,    // floats: flips the sign bit
  kAbsolute,  // floats: clears it
  kCopySign,  // floats: magnitude of the first, sign of the second
  kFloor,     // floats; also the next three
  kCeil,
  kTruncate,
  kRoundEven,
  kSquareRoot,        // floats, correctly rounded
  kFusedMultiplyAdd,  // floats: x * y + z rounded once
  kPopulationCount,   // integers
  kLeadingZeros,      // integers; the width for 0
};

// kConvert: from bool 0 or 1; to a narrower integer the low bits; from integers to f32 and f64, and between floats,
// rounded to nearest even; from f32 and f64 to i32 and i64 towards zero, where nan and what does not fit gives the
// least value (as x86 does it). Other pairs do not occur: `convert` of term.h makes them out of these.

/// Rows of runtime/abi/math_symbols.def. The names are OpenCL's too.
enum class Math : uint8_t {
#define MATH_SLEEF(name, ...) name,
#define MATH_FULL_RANGE(name, ...) name,
#define MATH_SCALAR(name, ...) name,
#include "runtime/abi/math_symbols.def"
};
std::string_view name(Math function);

/// Rows of runtime/abi/complex_functions.def.
enum class ComplexMath : uint8_t {
#define COMPLEX_FUNCTION(name, ...) name,
#include "runtime/abi/complex_functions.def"
};
std::string_view name(ComplexMath function);

struct ComplexHandle {
  Handle real;
  Handle imaginary;
};

class Emitter {
 public:
  virtual ~Emitter() = default;

  /// A constant of a real dtype.
  virtual Handle constant(const types::Scalar& value) = 0;
  /// `dtype` is that of the operands (of kSelect: of the values), `result` that of the result.
  virtual Handle emit(Primitive primitive, types::DType dtype, types::DType result,
                      std::span<const Handle> operands) = 0;
  /// Operands and result are f32 or f64, but the second operand of ldexp is i32.
  virtual Handle call(Math function, types::DType dtype, std::span<const Handle> operands) = 0;
  /// `dtype` is the parts' f32 or f64. Operands: real and imaginary part of each number in turn.
  virtual ComplexHandle call(ComplexMath function, types::DType dtype, std::span<const Handle> operands) = 0;

  /// while (condition(state)) state = step(state). `step` overwrites its argument with the next state; `condition`
  /// gives a bool. In the end `state` holds the last one.
  using LoopCondition = std::function<Handle(std::span<const Handle> state)>;
  using LoopStep = std::function<void(std::span<Handle> state)>;
  virtual void loop(std::span<Handle> state, std::span<const types::DType> dtypes, const LoopCondition& condition,
                    const LoopStep& step) = 0;
};

}  // namespace metate::ops
