// machine.h – one call of a function under interpretation: its values, and what each instruction does to them.
#pragma once

#include <unordered_map>

#include "compiler/ir/interpret/interpret.h"
#include "compiler/ir/interpret/strided.h"

namespace metate::ir {

class Machine {
 public:
  Machine(Interpreter& interpreter, const Function& function)
      : interpreter_(interpreter), function_(function), values_(function.value_count()) {}

  Outcome run(std::span<const Datum> arguments);

 private:
  /// How control goes on.
  enum class Flow : uint8_t {
    kNext,
    kBranch,  // to next_
    kReturn,  // with returned_
    kYield,   // with yielded_
    kRaise,   // raised_, to the handler
    kRefuse,  // reason_, all the way out
  };

  // Control: machine.cpp.
  Flow run_region(Region region);
  Flow run_block(Block block);
  Flow execute(Inst inst);
  bool fits(const Datum& datum, TypeId type) const;
  Flow branch(Inst inst);
  Flow nest(Inst inst);
  Flow call(Inst inst);
  Flow call_with(Inst inst, std::span<const Datum> arguments, Datum& value);
  Flow give(Inst inst, Datum value);  // to the only result
  Flow refuse(std::string reason);
  Flow raise(Inst inst, std::string exception, std::string message);
  Flow raise(Inst inst, const Message& message, std::span<const types::Scalar> values = {});

  // Numbers, tuples, messages: machine_scalars.cpp.
  Flow constant(Inst inst);
  Flow tuple(Inst inst);
  Flow tuple_get(Inst inst);
  Flow scalar_op(Inst inst);
  Flow scalar_cast(Inst inst);
  Flow wrap_index(Inst inst);
  Flow check(Inst inst);
  Flow raise_message(Inst inst);
  Flow check_bound(Inst inst);
  Flow print(Inst inst);
  Flow work_item(Inst inst);
  Datum constant_datum(ConstantId id);
  std::string message_text(const Message& message, std::span<const Value> values);

  // Single elements, records and views: machine_arrays.cpp.
  Flow axis(Inst inst);  // dim, stride
  Flow load(Inst inst);
  Flow store(Inst inst);
  Flow view(Inst inst);
  Flow transpose(Inst inst);
  Flow reshape(Inst inst);
  Flow broadcast_to(Inst inst);
  Flow overlap(Inst inst);
  Flow distance(Inst inst);
  Flow array_real(Inst inst);
  Flow alloc(Inst inst);
  Flow local(Inst inst);
  Flow atomic(Inst inst);
  Flow barrier(Inst inst);
  Flow group(Inst inst);
  Flow count(Inst inst);  // retain, release
  bool count(const Datum& datum, bool retain);

  // Whole arrays: machine_elementwise.cpp.
  Flow map(Inst inst);
  Flow elementwise(Inst inst);
  Flow cast_array(Inst inst);
  Flow assign(Inst inst);
  Flow op_out(Inst inst);
  Flow reduce(Inst inst);  // machine_reduce.cpp
  Flow give_array(Inst inst, const Shape& shape, std::span<const types::Scalar> elements);
  std::optional<Array> allocate(const types::Type& type, Shape shape);
  std::vector<types::Scalar> compute(Inst inst, std::span<const Value> operands, const Shape& shape);
  std::optional<Shape> common_shape(Inst inst, Flow& otherwise);
  std::vector<Shape> shapes_of(std::span<const Value> operands);

  // Array functions: machine_array_functions.cpp.
  Flow array_function(Inst inst);
  Flow zeros(Inst inst);
  Flow full(Inst inst);
  Flow arange(Inst inst);
  Flow dot(Inst inst);
  Flow give_filled(Inst inst, std::span<const Value> extents, const types::Scalar& value);

  // Operands. A refused one leaves reason_, and what is given instead does not matter.
  const Datum& datum(Value value) const { return values_[value.index()]; }
  types::Scalar scalar(Value value);
  int64_t integer(Value value) { return scalar(value).as_int(); }
  bool truth(Value value) { return scalar(value).bits != 0; }
  const Array& array(Value value);
  Shape integers(std::span<const Value> values);
  bool is_array(Inst inst) const { return type_of_result(inst).kind == types::TypeKind::kArray; }
  const types::Type& type_of_result(Inst inst) const { return function_.type_data(function_.result(inst)); }
  bool refused() const { return !reason_.empty(); }
  void doubt(std::string reason);

  Interpreter& interpreter_;
  const Function& function_;
  std::vector<Datum> values_;                                    // by value
  std::unordered_map<uint32_t, std::vector<std::byte>> locals_;  // by instruction: one storage for each in a call
  Block next_;
  Datum returned_;
  std::vector<Datum> yielded_;
  Raised raised_;
  std::string reason_;
};

}  // namespace metate::ir
