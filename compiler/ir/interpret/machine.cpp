#include "compiler/ir/interpret/machine.h"

#include <algorithm>
#include <atomic>

#include "compiler/ir/interpret/python_text.h"
#include "compiler/ir/text/print.h"

namespace metate::ir {

Outcome Interpreter::run(const Function& function, std::span<const Datum> arguments) {
  if (++depth_ > options_.recursion_budget) {
    --depth_;
    const Message message = recursion_message(function.universe());
    const std::string text = text_of(message, function.universe(), [](size_t) { return std::string(); });
    return {Outcome::Kind::kRaised, {}, {exception_name(message, function.universe()), text, {}}, {}};
  }
  Outcome outcome = Machine(*this, function).run(arguments);
  --depth_;
  return outcome;
}

Outcome Machine::run(std::span<const Datum> arguments) {
  std::span<const Value> params = function_.params();
  if (arguments.size() != params.size()) return Outcome::refused("the arguments are not as many as the parameters");
  for (size_t i = 0; i < params.size(); ++i) {
    if (!fits(arguments[i], function_.type(params[i])))
      return Outcome::refused("an argument is not of its parameter's type");
    values_[params[i].index()] = arguments[i];
  }
  switch (run_region(function_.body())) {
    case Flow::kReturn:
      return Outcome::returned(std::move(returned_));
    case Flow::kRaise:
      return {Outcome::Kind::kRaised, {}, std::move(raised_), {}};
    case Flow::kNext:
    case Flow::kBranch:
    case Flow::kYield:
    case Flow::kRefuse:
      return Outcome::refused(std::move(reason_));
  }
  METATE_UNREACHABLE();
}

/// From the entry, whose parameters have their values, to yield, return or an error that no handler here takes.
Machine::Flow Machine::run_region(Region region) {
  Block block = function_.region(region).blocks.front();
  while (true) {
    Flow flow = run_block(block);
    if (flow == Flow::kBranch) {
      block = next_;
    } else if (Block handler = function_.block(block).handler; flow == Flow::kRaise && handler) {
      block = handler;
    } else {
      return flow;
    }
  }
}

Machine::Flow Machine::run_block(Block block) {
  for (Inst inst : function_.block(block).insts) {
    if (!interpreter_.step()) return refuse("too many steps");
    Flow flow = execute(inst);
    if (refused()) {
      reason_ = "'" + ir::print(function_, inst) + "': " + reason_;
      return Flow::kRefuse;
    }
    if (flow != Flow::kNext) return flow;
  }
  return refuse("a block without a terminator");
}

Machine::Flow Machine::execute(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  switch (function_.inst(inst).opcode) {
    case Opcode::kJump:
    case Opcode::kBranch:
      return branch(inst);
    case Opcode::kReturn:
      returned_ = datum(operands[0]);
      return Flow::kReturn;
    case Opcode::kYield:
      yielded_.clear();
      for (Value value : operands) yielded_.push_back(datum(value));
      return Flow::kYield;
    case Opcode::kRaise:
      return raise_message(inst);
    case Opcode::kReraise:
      return Flow::kRaise;
    case Opcode::kUnreachable:
      return refuse("control has come here");
    case Opcode::kConst:
      return constant(inst);
    case Opcode::kUndef:
      return give(inst, Datum());
    case Opcode::kTuple:
      return tuple(inst);
    case Opcode::kTupleGet:
      return tuple_get(inst);
    case Opcode::kCheck:
      return check(inst);
    case Opcode::kPrint:
      return print(inst);
    case Opcode::kNest:
      return nest(inst);
    case Opcode::kCheckBound:
      return check_bound(inst);
    case Opcode::kOp:
      return is_array(inst) ? elementwise(inst) : scalar_op(inst);
    case Opcode::kCast:
      return is_array(inst) ? cast_array(inst) : scalar_cast(inst);
    case Opcode::kCall:
      return call(inst);
    case Opcode::kMap:
      return map(inst);
    case Opcode::kDim:
    case Opcode::kStride:
      return axis(inst);
    case Opcode::kIndex:
      return wrap_index(inst);
    case Opcode::kLoad:
      return load(inst);
    case Opcode::kStore:
      return store(inst);
    case Opcode::kView:
      return view(inst);
    case Opcode::kTranspose:
      return transpose(inst);
    case Opcode::kReshape:
      return reshape(inst);
    case Opcode::kBroadcast:
      return broadcast_to(inst);
    case Opcode::kOverlap:
      return overlap(inst);
    case Opcode::kDistance:
      return distance(inst);
    case Opcode::kWiden:
      return give(inst, array(operands[0]));
    case Opcode::kReal:
      return array_real(inst);
    case Opcode::kAlloc:
      return alloc(inst);
    case Opcode::kLocal:
      return local(inst);
    case Opcode::kAssign:
      return assign(inst);
    case Opcode::kOpOut:
      return op_out(inst);
    case Opcode::kReduce:
      return reduce(inst);
    case Opcode::kRetain:
    case Opcode::kRelease:
      return count(inst);
    case Opcode::kWorkItem:
      return work_item(inst);
    case Opcode::kBarrier:
      return barrier(inst);
    case Opcode::kGroup:
      return group(inst);
    case Opcode::kFence:
      std::atomic_thread_fence(std::memory_order_seq_cst);
      return Flow::kNext;
    case Opcode::kAtomic:
      return atomic(inst);
    case Opcode::kPyBinary:
    case Opcode::kPyInplace:
    case Opcode::kPyUnary:
    case Opcode::kPyCompare:
    case Opcode::kPyTruth:
    case Opcode::kPyGetAttr:
    case Opcode::kPySetAttr:
    case Opcode::kPyGetItem:
    case Opcode::kPySetItem:
    case Opcode::kPySlice:
    case Opcode::kPyCall:
    case Opcode::kPyUnpack:
    case Opcode::kPyList:
    case Opcode::kPyClosure:
    case Opcode::kPyFormat:
    case Opcode::kIterCount:
    case Opcode::kIterAt:
      return refuse("only typed IR is interpreted");
    case Opcode::kArrayFunction:
      return array_function(inst);
    case Opcode::kCallForeign:
      return refuse("the interpreter does not know this instruction");
  }
  METATE_UNREACHABLE();
}

Machine::Flow Machine::branch(Inst inst) {
  std::span<const BlockCall> targets = function_.targets(inst);
  bool second = targets.size() > 1 && !truth(function_.operands(inst)[0]);
  const BlockCall& target = targets[second ? 1 : 0];
  // All at once: an argument may be a parameter that is replaced.
  std::vector<Datum> arguments;
  for (Value argument : function_.arguments(target)) arguments.push_back(datum(argument));
  std::span<const Value> params = function_.block(target.block).params;
  for (size_t i = 0; i < params.size(); ++i) values_[params[i].index()] = std::move(arguments[i]);
  next_ = target.block;
  return Flow::kBranch;
}

Machine::Flow Machine::nest(Inst inst) {
  const NestData& nest = function_.nests[function_.inst(inst).imm];
  std::span<const Value> operands = function_.operands(inst);
  std::span<const Value> params = function_.block(function_.region(nest.body).blocks.front()).params;
  Shape extents = integers(operands.first(nest.rank));
  std::vector<Datum> accumulators;
  for (Value initial : operands.subspan(nest.rank)) accumulators.push_back(datum(initial));

  Flow flow = Flow::kNext;
  for_each_index(extents, [&](std::span<const int64_t> index) {
    for (size_t i = 0; i < index.size(); ++i)
      values_[params[i].index()] = types::Scalar::integer(types::DType::kI64, index[i]);
    for (size_t i = 0; i < accumulators.size(); ++i) values_[params[nest.rank + i].index()] = accumulators[i];
    Flow end = run_region(nest.body);
    if (end == Flow::kYield)
      accumulators = std::move(yielded_);
    else
      flow = end;
    return flow == Flow::kNext;
  });
  for (size_t i = 0; i < accumulators.size(); ++i)
    values_[function_.results(inst)[i].index()] = std::move(accumulators[i]);
  return flow;
}

Machine::Flow Machine::call(Inst inst) {
  std::vector<Datum> arguments;
  for (Value operand : function_.operands(inst)) arguments.push_back(datum(operand));
  Datum value;
  Flow flow = call_with(inst, arguments, value);
  return flow != Flow::kNext || function_.results(inst).empty() ? flow : give(inst, std::move(value));
}

Machine::Flow Machine::call_with(Inst inst, std::span<const Datum> arguments, Datum& value) {
  const CalleeRef& ref = function_.callees[function_.inst(inst).imm];
  const auto& find = interpreter_.options().callee;
  const Function* callee = find ? find(ref) : nullptr;
  if (!callee) return refuse("the callee is not to be had");
  Outcome outcome = interpreter_.run(*callee, arguments);
  switch (outcome.kind) {
    case Outcome::Kind::kReturned:
      value = std::move(outcome.value);
      return Flow::kNext;
    case Outcome::Kind::kRaised:
      raised_ = std::move(outcome.raised);
      return Flow::kRaise;
    case Outcome::Kind::kRefused:
      return refuse(std::move(outcome.reason));
  }
  METATE_UNREACHABLE();
}

/// Numbers of the right dtype, arrays of the right dimensions; the dtype of an array is its type's alone.
bool Machine::fits(const Datum& datum, TypeId id) const {
  const types::Type& type = function_.universe().types[id];
  switch (type.kind) {
    case types::TypeKind::kScalar:
      return datum.scalar() && datum.scalar()->dtype == type.dtype;
    case types::TypeKind::kArray:
      return datum.array() && datum.array()->shape.size() == type.ndim && datum.array()->strides.size() == type.ndim;
    case types::TypeKind::kTuple:
    case types::TypeKind::kView:
    case types::TypeKind::kSlice:
    case types::TypeKind::kClosure: {
      auto part_fits = [&](const Datum& part, TypeId part_type) { return fits(part, part_type); };
      return datum.tuple() && std::ranges::equal(*datum.tuple(), type.elements, part_fits);
    }
    case types::TypeKind::kConstant:
    case types::TypeKind::kKernelObject:
    case types::TypeKind::kUnknown:
      return true;
  }
  METATE_UNREACHABLE();
}

Machine::Flow Machine::give(Inst inst, Datum value) {
  values_[function_.result(inst).index()] = std::move(value);
  return Flow::kNext;
}

Machine::Flow Machine::refuse(std::string reason) {
  doubt(std::move(reason));
  return Flow::kRefuse;
}

void Machine::doubt(std::string reason) {
  if (!refused()) reason_ = std::move(reason);
}

Machine::Flow Machine::raise(Inst inst, std::string exception, std::string message) {
  raised_ = {std::move(exception), std::move(message), function_.source(inst)};
  return Flow::kRaise;
}

Machine::Flow Machine::raise(Inst inst, const Message& message, std::span<const types::Scalar> values) {
  const Universe& universe = function_.universe();
  return raise(inst, exception_name(message, universe),
               text_of(message, universe, [&](size_t number) { return python_text(values[number]); }));
}

types::Scalar Machine::scalar(Value value) {
  if (const types::Scalar* scalar = datum(value).scalar()) return *scalar;
  doubt(datum(value).defined() ? "an operand is no number" : "an operand is undefined");
  const types::Type& type = function_.type_data(value);
  return types::Scalar::of(type.kind == types::TypeKind::kScalar ? type.dtype : types::DType::kI64, 0);
}

const Array& Machine::array(Value value) {
  static const Array kNone;
  const Array* array = datum(value).array();
  if (!array)
    doubt(datum(value).defined() ? "an operand is no array" : "an operand is undefined");
  else if (array->shape.size() != function_.type_data(value).ndim)
    doubt("an array has not the dimensions of its type");
  else if (!Memory::alive(array->owner))
    doubt("an array is used after its storage was released");
  else
    return *array;
  return kNone;
}

Shape Machine::integers(std::span<const Value> values) {
  Shape numbers;
  for (Value value : values) numbers.push_back(integer(value));
  return numbers;
}

}  // namespace metate::ir
