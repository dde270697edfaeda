// translator_operands.cpp – opargs become operands, each checked against the table that it indexes.
#include <algorithm>

#include "compiler/bytecode/translator.h"

namespace metate::bytecode {
namespace {

// No count that CPython's compiler writes is near this; it keeps the arithmetic of stack effects from wrapping.
constexpr uint32_t kMaxCount = 1u << 24;

bool is_valid_count(Opcode opcode, uint32_t count) {
  if (opcode == Opcode::kBuildSlice) return count == 2 || count == 3;
  if (opcode == Opcode::kRaise) return count <= 2;
  if (opcode == Opcode::kCallSpread) return count <= 1;
  return count <= kMaxCount;
}

}  // namespace

// One numbering for all versions, which is that of 3.11's "locals plus": varnames, the cells that are not among
// them (captured arguments are), free variables.
void Translator::find_variables() {
  const auto index_of = [this](const std::string& name) {
    const auto same_name = [&](const Variable& variable) { return variable.name == name; };
    return static_cast<uint32_t>(std::find_if(variables_.begin(), variables_.end(), same_name) - variables_.begin());
  };
  for (const std::string& name : code_.varnames) variables_.push_back({name, VariableKind::kLocal});
  for (const std::string& name : code_.cellvars) {
    const uint32_t index = index_of(name);
    if (index == variables_.size()) variables_.push_back({name, VariableKind::kLocal});
    cells_.push_back(index);
    if (version_.cells == CellModel::kImplicit) variables_[index].kind = VariableKind::kCell;
  }
  for (const std::string& name : code_.freevars) {
    cells_.push_back(static_cast<uint32_t>(variables_.size()));
    variables_.push_back({name, VariableKind::kFree});
  }
  // A cell that is made later than the prologue belongs to an inlined comprehension; outside of that its variable
  // is an ordinary local.
  if (version_.cells == CellModel::kImplicit) return;
  for (uint32_t i = 0; i < prologue_size_; ++i) {
    const RawInstruction& instruction = raw_.instructions[i];
    if (instruction.row->name != "MAKE_CELL" || instruction.argument >= variables_.size()) continue;
    variables_[instruction.argument].kind = VariableKind::kCell;
  }
}

uint32_t Translator::resolve(const OperandRule& rule, Opcode opcode) {
  const uint32_t argument = raw_.instructions[current_].argument;
  switch (rule.source) {
    case OperandSource::kNone:
      return 0;
    case OperandSource::kNumber:
      return argument;
    case OperandSource::kFlag:
      return argument != 0 ? 1 : 0;
    case OperandSource::kShifted:
      return argument >> rule.value;
    case OperandSource::kFixed:
      return rule.value;
    case OperandSource::kConstant:
      return resolve_index(argument, code_.consts.size(), "constant");
    case OperandSource::kName:
      return resolve_index(argument, code_.names.size(), "name");
    case OperandSource::kVariable:
      return resolve_index(argument, variables_.size(), "variable");
    case OperandSource::kCell: {
      const uint32_t cell = resolve_index(argument, cells_.size(), "cell");
      return failed() ? 0 : cells_[cell];
    }
    case OperandSource::kDepth:
      return resolve_depth(opcode);
    case OperandSource::kForward:
    case OperandSource::kBackward:
    case OperandSource::kAbsolute:
      return resolve_jump(rule);
  }
  return 0;
}

uint32_t Translator::resolve_index(uint32_t index, size_t count, const char* what) {
  if (index < count) return index;
  fail("there is no " + std::string(what) + " " + std::to_string(index));
  return 0;
}

uint32_t Translator::resolve_jump(const OperandRule& rule) {
  const uint64_t argument = raw_.instructions[current_].argument;
  const uint64_t after = current_ + 1 < raw_count() ? raw_.instructions[current_ + 1].start : raw_.by_unit.size();
  uint64_t unit = argument;
  if (rule.source == OperandSource::kForward) unit = after + argument;
  if (rule.source == OperandSource::kBackward) unit = after - argument;  // wraps out of range if it is too far
  const uint32_t target = raw_.index_at(unit);
  if (target != RawCode::kNoInstruction) return target;
  fail("a jump to where no instruction starts");
  return 0;
}

uint32_t Translator::resolve_depth(Opcode opcode) {
  const uint32_t pops = stack_effect(opcode, 0, 0).pops;
  const uint64_t depth = raw_.instructions[current_].argument;
  if (depth == 0) fail("a depth of zero");
  if (!has_slots(depth + pops)) return 0;
  const auto slots = static_cast<uint32_t>(depth + pops);
  if (slot(slots) == Slot::kAbsent) fail("no value stands at its depth");
  return values_among(slots) - values_among(pops);
}

// What `resolve` has not checked: operands that are no indices.
void Translator::check_operands(Opcode opcode, uint32_t operand, uint32_t extra) {
  bool valid = true;
  switch (operand_kind(opcode)) {
    case OperandKind::kNone:
    case OperandKind::kName:
    case OperandKind::kConst:
    case OperandKind::kTarget:
    case OperandKind::kDepth:
    case OperandKind::kUnaryOperator:
    case OperandKind::kBinaryOperator:
    case OperandKind::kUnsupportedName:
      break;
    case OperandKind::kVariable:
      return check_variable(opcode, operand);
    case OperandKind::kCount:
      valid = is_valid_count(opcode, operand);
      if (opcode == Opcode::kCall && extra != kNoKeywords) return check_keywords(operand, extra);
      if (opcode == Opcode::kUnpackExtended) valid = valid && extra <= kMaxCount;
      break;
    case OperandKind::kCompareOperator:
      valid = operand < kCompareOperatorCount;
      break;
    case OperandKind::kInverted:
      valid = operand <= 1;
      break;
    case OperandKind::kConversion:
      valid = operand >= 1 && operand <= 3;
      break;
    case OperandKind::kFunctionParts:
      valid = operand <= 15;
      break;
  }
  if (!valid) fail("there is no operand " + std::to_string(operand));
}

void Translator::check_keywords(uint32_t argument_count, uint32_t constant) {
  const Const::Tuple* names = constant < code_.consts.size() ? code_.consts[constant].get_if<Const::Tuple>() : nullptr;
  const auto is_string = [](const Const& item) { return item.get_if<std::string>() != nullptr; };
  if (argument_count > kMaxCount || names == nullptr || names->items.size() > argument_count ||
      !std::all_of(names->items.begin(), names->items.end(), is_string)) {
    fail("its keyword names are no tuple of strings, or more than its arguments");
  }
}

void Translator::check_variable(Opcode opcode, uint32_t variable) {
  const bool plain = opcode == Opcode::kLoadFast || opcode == Opcode::kStoreFast || opcode == Opcode::kDeleteFast ||
                     opcode == Opcode::kLoadFastAndClear;
  if (plain != (variables_[variable].kind == VariableKind::kLocal)) {
    fail("'" + variables_[variable].name + (plain ? "' is a cell" : "' is no cell"));
  }
}

}  // namespace metate::bytecode
