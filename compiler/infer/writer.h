// writer – the typed function as it grows: what every unit that says what an operation means writes with.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/infer/callee_provider.h"
#include "compiler/ir/builder.h"

namespace metate::infer {

using ir::Value;
using ops::ScalarOp;
using support::MessageId;
using types::ConstantId;
using types::DType;
using types::Type;
using types::TypeId;
using types::TypeKind;

/// Why an instruction has no meaning. Without an id, who found out has reported it.
struct Failure {
  std::optional<MessageId> id;
  std::vector<std::string> arguments;
};

/// Appends typed instructions; operations on constants are done at once. An invalid value stands for an error that was
/// reported (`error`): every method takes one and then gives one, so that callers need not ask at each step.
class Writer {
 public:
  Writer(ir::Function& function, CalleeProvider& callees) : builder_(function), callees_(callees) {}

  ir::Function& function() { return builder_.function(); }
  ir::Builder& builder() { return builder_; }
  ir::Universe& universe() { return builder_.universe(); }
  types::TypeTable& types() { return universe().types; }
  const ir::FunctionOptions& options() { return function().options; }
  CalleeProvider& callees() { return callees_; }

  // What is known of a value.
  TypeId type_id(Value value) { return function().type(value); }
  const Type& type(Value value) { return function().type_data(value); }
  bool is_scalar(Value value) { return type(value).kind == TypeKind::kScalar; }
  bool is_array(Value value) { return type(value).kind == TypeKind::kArray; }
  bool is_integer(Value value);  // a Python or NumPy integer or bool
  /// The constant that it is; parts of a tuple are asked for by `element`.
  const types::Constant* constant(Value value);
  std::optional<int64_t> constant_integer(Value value);
  bool is_constant(Value value, types::ConstantKind kind) { return constant(value) && constant(value)->kind == kind; }
  bool is_none(Value value) { return is_constant(value, types::ConstantKind::kNone); }
  std::string describe(Value value) { return universe().describe(type_id(value)); }

  // Values.
  Value constant(ConstantId id) { return builder_.constant(id); }
  Value integer(int64_t value) { return builder_.constant_int(value); }
  Value boolean(bool value) { return builder_.constant_bool(value); }
  Value none() { return builder_.constant_none(); }
  Value undef(TypeId type) { return builder_.emit_value(ir::Opcode::kUndef, 0, {}, type); }
  Value op(ScalarOp op, std::span<const Value> operands, TypeId result);
  Value op(ScalarOp op, std::initializer_list<Value> operands, TypeId result) {
    return this->op(op, std::span<const Value>(operands.begin(), operands.size()), result);
  }
  /// As C and NumPy's astype convert, without checks; see convert.h for what Python's operators do.
  Value cast(Value value, TypeId type);
  Value tuple(std::span<const Value> elements);
  /// A structure (view, slice, closure) whose parts are `elements`.
  Value structure(TypeId type, std::span<const Value> elements);
  Value element(Value structure, size_t index);
  Value emit(ir::Opcode opcode, uint32_t imm, std::span<const Value> operands, TypeId result);
  Value emit(ir::Opcode opcode, uint32_t imm, std::initializer_list<Value> operands, TypeId result) {
    return emit(opcode, imm, std::span<const Value>(operands.begin(), operands.size()), result);
  }
  Value dim(Value array, size_t axis);

  /// A block for more code of the current one: in its region, with its handler.
  ir::Block new_block();

  /// Raises the built-in exception unless `condition`. Each {} in the text stands for the next value.
  void check(Value condition, std::string_view exception, std::string_view text, std::span<const Value> values);
  void check(Value condition, std::string_view exception, std::string_view text,
             std::initializer_list<Value> values = {}) {
    check(condition, exception, text, std::span<const Value>(values.begin(), values.size()));
  }

  /// Whether the code written now runs in each iteration of a nest.
  bool in_nest();
  /// Says so where the nest itself is not written.
  void stand_in_nest(bool in_nest) { in_nest_ = in_nest; }

  /// Where the instruction at hand stands in the source.
  support::Location location();

  /// Records the first error of an instruction.
  Value error(MessageId id, std::vector<std::string> arguments);
  Value error_reported();
  const std::optional<Failure>& failure() const { return failure_; }
  void clear_failure() { failure_.reset(); }
  /// A callee's type is not known yet, so nothing is known of the result.
  Value wait_for_callee();
  bool waits_for_callee() const { return waits_; }

 private:
  ir::Builder builder_;
  CalleeProvider& callees_;
  std::optional<Failure> failure_;
  bool waits_ = false;
  bool in_nest_ = false;
};

}  // namespace metate::infer
