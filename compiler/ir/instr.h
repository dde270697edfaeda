// instr.h – what the rows of instr.def say, as C++.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace metate::ir {

enum class Opcode : uint8_t {
#define INSTR(enumerator, ...) enumerator,
#include "compiler/ir/instr.def"
#undef INSTR
};

/// What an instruction's 32-bit immediate is an index into, or means by itself.
enum class Immediate : uint8_t {
  kNone,
  kConstant,        // types::ConstantId
  kInteger,         // a small number
  kSymbol,          // support::Symbol
  kPyOperator,      // PyOperator
  kScalarOp,        // ops::ScalarOp
  kCallShape,       // Function::call_shapes
  kMessage,         // Function::messages
  kNestData,        // Function::nests
  kIndexSpec,       // Function::index_specs
  kAxes,            // Function::axes
  kReduction,       // Function::reductions
  kIndexCheck,      // axis, and flags: see IndexCheck
  kFunction,        // Function::callees
  kArrayFunction,   // ops::ArrayFunction
  kWorkItemQuery,   // WorkItemQuery
  kBranchHint,      // BranchHint
  kFence,           // Fence, of synchronisation.h
  kAtomic,          // Atomic, of synchronisation.h
  kGroupOperation,  // GroupOperation, of synchronisation.h
};

enum Effect : uint16_t {
  kPure = 0,
  kReads = 1,
  kWrites = 2,
  kRaises = 4,
  kAllocates = 8,
  kHost = 16,
  kTerminator = 32,
};

/// A function is at one stage; the verifier refuses instructions of others.
enum class Stage : uint8_t {
  kUntyped = 1,  // out of frontend: values have no types, Python operations
  kArray = 2,    // out of infer: every value typed, array expressions whole
  kLoop = 4,     // array expressions are nests of scalar loads and stores; what codegen takes
};

std::string_view to_text(Stage stage);

inline constexpr int kVariadic = -1;

struct InstrInfo {
  std::string_view text;
  int operands;
  int results;
  Immediate immediate;
  uint16_t effects;
  uint8_t stages;

  bool is_terminator() const { return effects & kTerminator; }
  bool can_raise() const { return effects & kRaises; }
  bool allowed_at(Stage stage) const { return stages & static_cast<uint8_t>(stage); }
};

const InstrInfo& info(Opcode opcode);
std::optional<Opcode> opcode_from_text(std::string_view text);

/// Python's operators, as they stand in bytecode.
enum class PyOperator : uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kTrueDivide,
  kFloorDivide,
  kRemainder,
  kPower,
  kMatMultiply,
  kLeftShift,
  kRightShift,
  kAnd,
  kOr,
  kXor,
  kNegative,
  kPositive,
  kInvert,
  kNot,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIs,
  kIsNot,
  kIn,
  kNotIn,
};
/// As Python writes it: "+", "//", "not in".
std::string_view to_text(PyOperator op);
std::optional<PyOperator> py_operator_from_text(std::string_view text);

enum class WorkItemQuery : uint8_t {
  kGlobalId,
  kLocalId,
  kGroupId,
  kGlobalSize,
  kLocalSize,
  kGroupCount,
  kGlobalOffset,
  // Of no dimension: the operand is 0. A sub-group is a row of neighbours by their linear local id.
  kSubGroupId,       // in the group
  kSubGroupLocalId,  // of the item in its sub-group
  kSubGroupSize,     // of this one, which may have fewer items than …
  kMaxSubGroupSize,  // … the others
  kSubGroupCount,    // in the group
};
inline constexpr WorkItemQuery kLastWorkItemQuery = WorkItemQuery::kSubGroupCount;
constexpr bool has_dimensions(WorkItemQuery query) { return query <= WorkItemQuery::kGlobalOffset; }

std::string_view to_text(WorkItemQuery query);
std::optional<WorkItemQuery> work_item_query_from_text(std::string_view text);

/// What is known of a branch's condition.
enum class BranchHint : uint8_t {
  kNone,
  kUsually,  // true but for rare cases: what runs where it is false need not be fast
};

/// The immediate of kIndex: the axis for the message, and what has to be done.
struct IndexCheck {
  uint8_t axis = 0;
  bool wrap = true;   // negative indices count from the end; without it the index is unsigned
  bool check = true;  // raise IndexError when out of range

  static IndexCheck decode(uint32_t imm) {
    return {static_cast<uint8_t>(imm & 0xff), (imm & 0x100) != 0, (imm & 0x200) != 0};
  }
  uint32_t encode() const { return axis | (wrap ? 0x100u : 0u) | (check ? 0x200u : 0u); }
};

}  // namespace metate::ir
