#include "compiler/frontend/translator.h"

#include "compiler/frontend/finish.h"

namespace metate::frontend {

using bytecode::Opcode;
using support::MessageId;

Translator::Translator(Input input, Environment& environment, ir::Universe& universe,
                       const ir::FunctionOptions& options, support::Diagnostics& diagnostics)
    : input_(std::move(input)),
      environment_(environment),
      universe_(universe),
      diagnostics_(diagnostics),
      function_(universe, universe.symbols.intern(input_.code.name)),
      builder_(function_),
      variables_{static_cast<uint32_t>(decoded().variables.size())},
      ssa_(function_, [this](Variable v) { return variables_.is_local(v) ? symbol(variable_name(v)) : ir::Symbol(); }),
      stack_(ssa_, input_.graph.shapes, variables_) {
  function_.options = options;
  blocks_.resize(input_.graph.size());
  for (const FlowBlock& block : input_.graph.blocks)
    missing_edges_.push_back(static_cast<uint32_t>(block.predecessors.size()));
}

std::optional<ir::Function> Translator::run() {
  enter_function();
  translate_blocks();
  if (failed_ || report_rebinding()) return std::nullopt;
  Liveness live = find_live(function_, ssa_);
  if (report_forbidden(live)) return std::nullopt;
  return finish(function_, ssa_, live);
}

void Translator::enter_function() {
  ir::Block entry = function_.add_block(function_.body());
  builder_.position(entry);
  builder_.set_source(source({.line = input_.code.first_line}));
  ssa_.seal(entry);
  undef_ = emit(ir::Opcode::kUndef, 0, {});
  true_ = builder_.constant_bool(true);
  false_ = builder_.constant_bool(false);

  const bytecode::CodeObject& code = input_.code;
  uint32_t arguments = code.argument_count + code.keyword_only_count + ((code.flags & bytecode::kVarArgs) != 0 ? 1 : 0);
  for (uint32_t i = 0; i < variables_.count; ++i) {
    bool free = decoded().variables[i].kind == bytecode::VariableKind::kFree;
    bool is_parameter = i < arguments || (free && environment_.free_variables_are_parameters() && !itself(i));
    ir::Value value =
        is_parameter ? function_.add_param(entry, universe_.types.unknown(), symbol(variable_name(i))) : undef_;
    ssa_.write(variables_.local(i), entry, value);
    ssa_.write(variables_.bound_bit(i), entry, is_parameter ? true_ : false_);
  }
  for (uint32_t i = 0; i < variables_.count; ++i)
    if (itself(i)) write_itself(i, entry, arguments);
  ++missing_edges_[0];
  jump_to(FlowBlockId(0));
}

/// The function itself, if that is what variable `i` holds.
types::ConstantId Translator::itself(uint32_t variable) {
  if (decoded().variables[variable].kind != bytecode::VariableKind::kFree) return {};
  auto first = static_cast<uint32_t>(decoded().variables.size() - input_.code.freevars.size());
  return environment_.itself(variable - first);
}

/// An inner function that calls itself closes over what this call of it closes over.
void Translator::write_itself(uint32_t variable, ir::Block entry, uint32_t arguments) {
  std::span<const ir::Value> params = function_.block(entry).params;
  std::vector<ir::Value> captured(params.begin() + arguments, params.end());
  types::ConstantId callee = itself(variable);
  ir::Value value =
      captured.empty() ? builder_.constant(callee) : emit(ir::Opcode::kPyClosure, callee.index(), captured);
  ssa_.write(variables_.local(variable), entry, value);
  ssa_.write(variables_.bound_bit(variable), entry, true_);
}

// In reverse postorder: what a block needs of others is known, but for what comes back along a loop.
void Translator::translate_blocks() {
  for (uint32_t i = 0; i < input_.graph.size() && !failed_; ++i) {
    FlowBlockId id(i);
    translate_block(id);
    while (!failed_ && !nests_.empty() && nests_.back().loop.last == id) close_nest();
  }
}

void Translator::translate_block(FlowBlockId id) {
  const FlowBlock& block = input_.graph[id];
  current_ = id;
  builder_.position(block_of(id));
  if (block.exit == Exit::kForIter) return for_iter(id);
  stack_.begin(block_of(id), block.shape);
  slices_.clear();
  ended_ = false;
  for (uint32_t i = block.begin; i < block.end && !failed_ && !ended_; ++i) translate(i);
  if (failed_ || ended_) return;
  builder_.set_source(source(block.place));
  translate_exit(block);
  // An iterator of an enclosing loop is not the body's to change.
  if (!nests_.empty() && stack_.untouched() < input_.graph.shapes.depth(input_.graph[nests_.back().loop.head].shape))
    malformed("a loop's body changes the stack below it");
}

void Translator::translate_exit(const FlowBlock& block) {
  switch (block.exit) {
    case Exit::kJump:
      stack_.end();
      return jump_to(block.targets[0]);
    case Exit::kBranch: {
      ir::Value condition = truth(stack_.pop());
      stack_.end();
      return branch(condition, block);
    }
    case Exit::kBranchNone: {
      ir::Value none = builder_.constant_none();
      ir::Value value = stack_.pop();
      ir::Value is_none = emit(ir::Opcode::kPyCompare, static_cast<uint32_t>(ir::PyOperator::kIs), {value, none});
      stack_.end();
      return branch(truth(is_none), block);
    }
    case Exit::kForIter:
    case Exit::kLeave:
      break;
  }
  METATE_UNREACHABLE();
}

void Translator::branch(ir::Value condition, const FlowBlock& block) {
  ir::Block from = builder_.block();
  builder_.branch(condition, block_of(block.targets[0]), {}, block_of(block.targets[1]), {});
  connect(from, 0, block.targets[0]);
  connect(from, 1, block.targets[1]);
}

ir::Value Translator::truth(ir::Value value) {
  return opcode_of(value) == ir::Opcode::kPyTruth ? value : emit(ir::Opcode::kPyTruth, 0, {value});
}

ir::Block Translator::block_of(FlowBlockId id) {
  if (!nests_.empty() && nests_.back().loop.head == id) return nests_.back().latch;
  ir::Block& block = blocks_[id.index()];
  if (!block) {
    ir::Region region = function_.body();
    for (const OpenNest& nest : nests_)
      if (nest.loop.contains(id)) region = nest.region;
    block = function_.add_block(region);
  }
  return block;
}

void Translator::jump_to(FlowBlockId id) {
  ir::Block from = builder_.block();
  builder_.jump(block_of(id));
  connect(from, 0, id);
}

void Translator::connect(ir::Block from, uint32_t target, FlowBlockId to) {
  bool next_iteration = !nests_.empty() && nests_.back().loop.head == to;
  ir::Block block = block_of(to);
  ssa_.add_edge(from, target, block);
  uint32_t& missing = next_iteration ? nests_.back().missing_edges : missing_edges_[to.index()];
  if (--missing == 0) ssa_.seal(block);
}

void Translator::translate(Index index) {
  const Instruction& instruction = decoded().instructions[index];
  builder_.set_source(source(instruction.range));
  switch (instruction.opcode) {
    case Opcode::kLoadFast:
    case Opcode::kLoadDeref:
      return load_variable(index);
    case Opcode::kStoreFast:
    case Opcode::kStoreDeref:
      return store_variable(index);
    case Opcode::kDeleteFast:
    case Opcode::kDeleteDeref:
      return delete_variable(index);
    case Opcode::kMakeCell:
      return;
    case Opcode::kLoadClosure:
      return capture_variable(index);
    case Opcode::kLoadGlobal:
      return load_global(instruction);
    case Opcode::kLoadConst:
      return load_const(index);
    case Opcode::kLoadAttribute:
      return load_attribute(instruction);
    case Opcode::kStoreAttribute:
      return store_attribute(instruction);
    case Opcode::kLoadSubscript:
      return load_subscript();
    case Opcode::kStoreSubscript:
      return store_subscript();
    case Opcode::kBuildSlice:
      return build_slice(instruction.operand);
    case Opcode::kUnary:
      return unary(static_cast<bytecode::UnaryOperator>(instruction.operand));
    case Opcode::kBinary:
      return binary(ir::Opcode::kPyBinary, static_cast<bytecode::BinaryOperator>(instruction.operand));
    case Opcode::kInplace:
      return binary(ir::Opcode::kPyInplace, static_cast<bytecode::BinaryOperator>(instruction.operand));
    case Opcode::kCompare: {
      constexpr ir::PyOperator kOperators[] = {ir::PyOperator::kLess,    ir::PyOperator::kLessEqual,
                                               ir::PyOperator::kEqual,   ir::PyOperator::kNotEqual,
                                               ir::PyOperator::kGreater, ir::PyOperator::kGreaterEqual};
      static_assert(std::size(kOperators) == bytecode::kCompareOperatorCount);
      return compare(kOperators[instruction.operand]);
    }
    case Opcode::kIs:
      return compare(instruction.operand != 0 ? ir::PyOperator::kIsNot : ir::PyOperator::kIs);
    case Opcode::kContains:
      return compare(instruction.operand != 0 ? ir::PyOperator::kNotIn : ir::PyOperator::kIn);
    case Opcode::kToBool:
      return stack_.push(truth(stack_.pop()));
    case Opcode::kGetIter:
      return get_iter();
    case Opcode::kReturn:
      return return_value();
    case Opcode::kCall:
      return call(instruction);
    case Opcode::kCallSpread:
      return call_spread(instruction.operand);
    case Opcode::kBuildMap:
      return build_map(instruction.operand);
    case Opcode::kBuildConstKeyMap:
      return build_const_key_map(instruction.operand);
    case Opcode::kMakeFunction:
      return make_function(instruction.operand);
    case Opcode::kBuildTuple:
      return build_tuple(instruction.operand);
    case Opcode::kBuildList:
      return build_list(instruction.operand);
    case Opcode::kListAppend:
      return append_to_list(instruction.operand);
    case Opcode::kListExtend:
      return extend_list(instruction.operand);
    case Opcode::kListToTuple:
      return list_to_tuple();
    case Opcode::kUnpackSequence:
      return unpack(instruction.operand);
    case Opcode::kUnpackExtended:
      return unpack_starred(instruction.operand, instruction.extra);
    case Opcode::kConvertValue:
      return convert_value(static_cast<bytecode::Conversion>(instruction.operand));
    case Opcode::kFormatSimple:
      return format_value();
    case Opcode::kFormatWithSpec:
      return format_with_spec();
    case Opcode::kBuildString:
      return build_string(instruction.operand);
    case Opcode::kRaise:
      return raise(instruction.operand);
    case Opcode::kLoadAssertionError:
      return load_assertion_error();
    case Opcode::kCopy:
      return stack_.copy(instruction.operand);
    case Opcode::kSwap:
      return stack_.swap(instruction.operand);
    case Opcode::kPop:
      stack_.pop();
      return;

    // find_unsupported has reported these, translate_exit does jumps.
    case Opcode::kLoadFastAndClear:
    case Opcode::kStoreGlobal:
    case Opcode::kDeleteGlobal:
    case Opcode::kDeleteAttribute:
    case Opcode::kDeleteSubscript:
    case Opcode::kJump:
    case Opcode::kJumpIfFalse:
    case Opcode::kJumpIfTrue:
    case Opcode::kJumpIfNone:
    case Opcode::kJumpIfNotNone:
    case Opcode::kForIter:
    case Opcode::kBuildSet:
    case Opcode::kSetAdd:
    case Opcode::kSetUpdate:
    case Opcode::kMapAdd:
    case Opcode::kDictUpdate:
    case Opcode::kDictMerge:
    case Opcode::kReraise:
    case Opcode::kPushExceptionInfo:
    case Opcode::kCheckExceptionMatch:
    case Opcode::kPopException:
    case Opcode::kBeforeWith:
    case Opcode::kWithExceptStart:
    case Opcode::kImportName:
    case Opcode::kImportFrom:
    case Opcode::kGeneratorStart:
    case Opcode::kYieldValue:
    case Opcode::kStopIterationError:
    case Opcode::kUnsupported:
      break;
  }
  METATE_UNREACHABLE();
}

// Returns of one constant are one block: CPython copies `return None` to wherever a function may end.
void Translator::return_value() {
  ended_ = true;
  ir::Value value = stack_.pop();
  ir::ConstantId constant = function_.constant(value);
  if (!constant || forbidden_.contains(value)) return builder_.ret(value);
  ir::Block from = builder_.block();
  auto [found, inserted] = constant_returns_.try_emplace(constant);
  if (inserted) {
    found->second = function_.add_block(function_.body());
    builder_.position(found->second);
    builder_.ret(builder_.constant(constant));
    builder_.position(from);
  }
  builder_.jump(found->second);
  ssa_.add_edge(from, 0, found->second);
}

const types::Constant* Translator::constant_of(ir::Value value) const {
  ir::ConstantId id = function_.constant(value);
  return id ? &universe_.constants[id] : nullptr;
}

ir::Opcode Translator::opcode_of(ir::Value value) const {
  ir::Inst inst = function_.defining_inst(value);
  return inst ? function_.inst(inst).opcode : ir::Opcode::kUndef;
}

ir::Value Translator::placeholder(std::string what) {
  ir::Value value = emit(ir::Opcode::kUndef, 0, {});
  forbidden_[value] = {MessageId::kUnsupportedConstruct, {std::move(what)}, "", {}};
  return value;
}

uint32_t Translator::source(const support::SourceRange& range) {
  const std::vector<ir::SourcePlace>& sources = function_.sources;
  if (sources.size() > 1 && sources.back().range == range) return static_cast<uint32_t>(sources.size() - 1);
  return ir::Function::add_to(function_.sources, {symbol(input_.code.filename), symbol(input_.code.name), range});
}

support::Location Translator::location(const support::SourceRange& range) const {
  return {input_.code.filename, input_.code.name, range};
}

support::Diagnostic& Translator::fail(MessageId message, const support::SourceRange& range,
                                      std::initializer_list<std::string_view> arguments) {
  failed_ = true;
  return diagnostics_.error(message, location(range), arguments);
}

bool Translator::report_rebinding() {
  std::optional<Rebinding> found = find_rebinding(function_, ssa_, captures_, cell_stores_);
  if (!found) return false;
  std::string name = "'" + variable_name(found->store->variable) + "'";
  fail(MessageId::kUnsupportedConstruct, found->store->place,
       {"an assignment to " + name + " between the making and a use of an inner function that has captured it"})
      .notes.push_back({"the inner function is made here", location(function_.source(found->capture->closure).range)});
  return true;
}

bool Translator::report_forbidden(const Liveness& live) {
  std::optional<ForbiddenUse> use = find_forbidden_use(function_, ssa_, live, forbidden_);
  if (!use) return false;
  const Forbidden& value = *use->value;
  std::array<std::string_view, 2> arguments{};
  for (size_t i = 0; i < value.arguments.size(); ++i) arguments[i] = value.arguments[i];
  support::Diagnostic& diagnostic =
      fail(value.message, function_.source(use->inst).range, {arguments[0], arguments[1]});
  if (!value.note.empty()) diagnostic.notes.push_back({value.note, location(value.note_place)});
  return true;
}

}  // namespace metate::frontend
