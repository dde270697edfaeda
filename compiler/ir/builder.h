// builder.h – appends instructions to a block; the comfortable way to make IR.
#pragma once

#include <initializer_list>
#include <span>

#include "compiler/ir/function.h"

namespace metate::ir {

/// Emits at the end of `block()`, every instruction at the place set by `set_source`.
class Builder {
 public:
  explicit Builder(Function& function) : function_(function) {}

  Function& function() { return function_; }
  Universe& universe() { return function_.universe(); }
  Block block() const { return block_; }
  void position(Block block) { block_ = block; }
  void set_source(uint32_t source) { source_ = source; }
  uint32_t source() const { return source_; }
  /// True if the current block has its terminator already.
  bool terminated() const;

  // Any instruction.
  Inst emit(Opcode opcode, uint32_t imm, std::span<const Value> operands, std::span<const TypeId> results);
  Value emit_value(Opcode opcode, uint32_t imm, std::initializer_list<Value> operands, TypeId result) {
    return emit_value(opcode, imm, std::span<const Value>(operands.begin(), operands.size()), result);
  }
  Value emit_value(Opcode opcode, uint32_t imm, std::span<const Value> operands, TypeId result);

  // Often used ones.
  Value constant(ConstantId id);
  Value constant_int(int64_t value) { return constant(universe().constants.integer(value)); }
  Value constant_bool(bool value) { return constant(universe().constants.boolean(value)); }
  Value constant_none() { return constant(universe().constants.none()); }
  Value op(ops::ScalarOp op, std::initializer_list<Value> operands, TypeId result) {
    return emit_value(Opcode::kOp, static_cast<uint32_t>(op), operands, result);
  }
  Value cast(Value value, TypeId type);  // the value itself where the type is the same
  Value dim(Value array, uint32_t axis);
  Value load(Value array, std::span<const Value> indices);
  void store(Value value, Value array, std::span<const Value> indices);

  void jump(Block target, std::span<const Value> arguments = {});
  void branch(Value condition, Block if_true, std::span<const Value> true_arguments, Block if_false,
              std::span<const Value> false_arguments, BranchHint hint = BranchHint::kNone);
  void ret(Value value);
  void yield(std::span<const Value> accumulators);
  void check(Value condition, Message message, std::span<const Value> values = {});
  void raise(Message message, std::span<const Value> values = {});

  /// A nest with an empty body whose entry has the induction variables (weak_int) and accumulators as parameters.
  /// Fill it after `position(function().region(body).blocks.front())`; end each path with `yield`.
  Inst nest(NestData data, std::span<const Value> extents, std::span<const Value> initial);

 private:
  Inst append(Inst inst);

  Function& function_;
  Block block_;
  uint32_t source_ = 0;
};

}  // namespace metate::ir
