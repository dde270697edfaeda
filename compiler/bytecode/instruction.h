// instruction.h – one version-neutral instruction and what is known about each kind.
#pragma once

#include <cstdint>
#include <string_view>

#include "compiler/support/source_range.h"

namespace metate::bytecode {

enum class Opcode : uint8_t {
#define INSTRUCTION(enumerator, text, operand, pops, peeks, pushes, flags) enumerator,
#include "compiler/bytecode/instruction.def"
#undef INSTRUCTION
};

/// What the operand of an instruction means.
enum class OperandKind : uint8_t {
  kNone,
  kVariable,  // index into DecodedFunction::variables
  kName,      // index into CodeObject::names
  kConst,     // index into CodeObject::consts
  kTarget,    // index into DecodedFunction::instructions
  kCount,
  kDepth,  // 1 is the top of the stack
  kUnaryOperator,
  kBinaryOperator,
  kCompareOperator,
  kInverted,  // 1 for `is not`, `not in`
  kConversion,
  kFunctionParts,    // FunctionPart bits
  kUnsupportedName,  // index into DecodedFunction::unsupported
};

enum InstructionFlag : uint8_t { kNoFlags = 0, kMayRaise = 1, kJump = 2, kNoFallThrough = 4 };

enum class UnaryOperator : uint8_t { kPositive, kNegative, kInvert, kNot };

/// In the order of CPython's NB_* numbers (Include/opcode.h), which 3.11 and later use as operand.
enum class BinaryOperator : uint8_t {
  kAdd,
  kAnd,
  kFloorDivide,
  kLeftShift,
  kMatrixMultiply,
  kMultiply,
  kRemainder,
  kOr,
  kPower,
  kRightShift,
  kSubtract,
  kTrueDivide,
  kXor,
};
inline constexpr uint32_t kBinaryOperatorCount = 13;

/// In the order of CPython's Py_LT … Py_GE (Include/object.h).
enum class CompareOperator : uint8_t { kLess, kLessEqual, kEqual, kNotEqual, kGreater, kGreaterEqual };
inline constexpr uint32_t kCompareOperatorCount = 6;

enum class Conversion : uint8_t { kNone, kStr, kRepr, kAscii };

/// What make_function pops below the code object, first bit deepest.
enum FunctionPart : uint32_t { kDefaults = 1, kKeywordDefaults = 2, kAnnotations = 4, kClosure = 8 };

inline constexpr uint32_t kNoKeywords = UINT32_MAX;
inline constexpr uint32_t kNoHandler = UINT32_MAX;

struct Instruction {
  Opcode opcode;
  uint32_t operand = 0;
  uint32_t extra = 0;             // the second operand, where instruction.def says so
  uint32_t handler = kNoHandler;  // index into DecodedFunction::handlers; only where it may raise
  support::SourceRange range;

  bool operator==(const Instruction&) const = default;
};

struct StackEffect {
  uint32_t pops;
  uint32_t peeks;  // values below the popped ones that must be there
  uint32_t pushes;
};

std::string_view name(Opcode opcode);
OperandKind operand_kind(Opcode opcode);
uint8_t flags(Opcode opcode);
StackEffect stack_effect(Opcode opcode, uint32_t operand, uint32_t extra);

/// As Python writes it: "+", "<<", "not".
std::string_view symbol(UnaryOperator op);
std::string_view symbol(BinaryOperator op);
std::string_view symbol(CompareOperator op);

}  // namespace metate::bytecode
