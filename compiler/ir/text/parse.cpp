#include "compiler/ir/text/parse.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/ir/text/cursor.h"
#include "compiler/ir/text/immediate_text.h"
#include "compiler/ir/text/parse_immediate.h"
#include "compiler/ir/text/parse_places.h"
#include "compiler/ir/text/parse_types.h"

namespace metate::ir {
namespace {

/// A value or block by the name it has in the text. They may be used above their definition, so they are looked up when
/// the whole function has been read.
struct Use {
  std::string_view name;
  size_t offset = 0;
};

struct ParsedTarget {
  Use block;
  std::vector<Use> arguments;
};

struct ParsedParam {
  Token name;
  TypeId type;
};

class FunctionParser {
 public:
  FunctionParser(Cursor& cursor, Function& function)
      : cursor_(cursor), function_(function), universe_(function.universe()), places_(cursor, function) {}

  void parse_function();

 private:
  void parse_option();
  std::vector<ParsedParam> parse_params();
  void parse_region(Region region, const std::vector<ParsedParam>* header);
  void parse_block(Region region, const std::vector<ParsedParam>* header);
  void parse_inst(Block block);
  Inst parse_plain(Opcode opcode, size_t results);
  Inst parse_nest(size_t results, size_t offset);
  void parse_nest_body(Inst inst);
  uint32_t parse_call_operands(std::vector<Use>& operands);
  Use parse_value() { return use(cursor_.expect(TokenKind::kValue, "a value")); }
  ParsedTarget parse_target();
  std::vector<TypeId> parse_result_types(size_t results);

  Symbol symbol(const Token& value);
  Use use(const Token& token) const { return {token.raw, token.offset}; }
  void define(const Token& name, Value value);
  void resolve();
  Value find_value(Use use);
  Block find_block(Use use);

  struct PendingOperands {
    Inst inst;
    std::vector<Use> operands;
    std::vector<ParsedTarget> targets;
  };
  struct PendingHandler {
    Block block;
    Use handler;
  };

  Cursor& cursor_;
  Function& function_;
  Universe& universe_;
  std::unordered_map<std::string_view, Value> values_;
  std::unordered_map<std::string_view, Block> blocks_;
  PlaceParser places_;
  std::vector<PendingOperands> pending_;
  std::vector<PendingHandler> handlers_;
};

void FunctionParser::parse_function() {
  std::vector<ParsedParam> params = parse_params();
  if (cursor_.at(TokenKind::kArrow)) {
    cursor_.take();
    function_.return_type = parse_type(cursor_, universe_);
  }
  cursor_.expect("stage");
  Token stage = cursor_.expect(TokenKind::kName, "a stage");
  bool found = false;
  for (Stage candidate : {Stage::kUntyped, Stage::kArray, Stage::kLoop}) {
    if (to_text(candidate) != stage.raw) continue;
    function_.stage = candidate;
    found = true;
  }
  if (!found) cursor_.fail_at(stage.offset, "a stage is untyped, array or loop");
  if (cursor_.accept("options")) {
    cursor_.expect('(');
    cursor_.list(')', [&] { parse_option(); });
  }
  if (cursor_.accept("places")) places_.parse_header();
  cursor_.expect('{');
  parse_region(function_.body(), &params);
  resolve();
}

void FunctionParser::parse_option() {
  FunctionOptions& options = function_.options;
  Token name = cursor_.expect(TokenKind::kName, "an option");
  if (name.raw == "parallel") {
    options.parallel = true;
  } else if (name.raw == "offload") {
    options.offload = true;
  } else if (name.raw == "inline") {
    options.always_inline = true;
  } else if (name.raw == "debug") {
    options.debug = true;
  } else if (name.raw == "kernel") {
    options.kernel = true;
  } else if (name.raw == "boundscheck") {
    cursor_.expect('=');
    cursor_.expect("false");
    options.boundscheck = false;
  } else if (name.raw == "fastmath") {
    cursor_.expect('=');
    options.fastmath = static_cast<uint8_t>(cursor_.expect_number("a set of fastmath flags", 127));
  } else if (name.raw == "error_model") {
    cursor_.expect('=');
    if (cursor_.accept(to_text(ErrorModel::kPython)))
      options.error_model = ErrorModel::kPython;
    else if (cursor_.accept(to_text(ErrorModel::kNumpy)))
      options.error_model = ErrorModel::kNumpy;
    else
      cursor_.expect(to_text(ErrorModel::kMixed));
  } else {
    cursor_.fail_at(name.offset, "there is no option " + std::string(name.raw));
  }
}

std::vector<ParsedParam> FunctionParser::parse_params() {
  std::vector<ParsedParam> params;
  cursor_.expect('(');
  cursor_.list(')', [&] {
    Token name = cursor_.expect(TokenKind::kValue, "a parameter");
    TypeId type = cursor_.accept(':') ? parse_type(cursor_, universe_) : universe_.types.unknown();
    params.push_back({std::move(name), type});
  });
  return params;
}

/// Blocks up to the closing brace. The first of a function's body has the parameters of its header.
void FunctionParser::parse_region(Region region, const std::vector<ParsedParam>* header) {
  Cursor::Level level(cursor_);
  do {
    parse_block(region, header);
    header = nullptr;
  } while (cursor_.at(TokenKind::kBlock));
  cursor_.expect('}');
}

void FunctionParser::parse_block(Region region, const std::vector<ParsedParam>* header) {
  Token label = cursor_.expect(TokenKind::kBlock, "a block");
  Block block = function_.add_block(region);
  if (!blocks_.emplace(label.raw, block).second)
    cursor_.fail_at(label.offset, "a second block " + std::string(label.raw));

  size_t offset = cursor_.peek().offset;
  std::vector<ParsedParam> params = header ? *header : std::vector<ParsedParam>();
  if (cursor_.at('(')) {
    params = parse_params();
    auto same = [](const ParsedParam& a, const ParsedParam& b) { return a.name.raw == b.name.raw && a.type == b.type; };
    if (header && !std::ranges::equal(*header, params, same))
      cursor_.fail_at(offset, "the entry's parameters differ from the function's");
  }
  for (const ParsedParam& param : params)
    define(param.name, function_.add_param(block, param.type, symbol(param.name)));
  if (cursor_.accept("handler")) handlers_.push_back({block, use(cursor_.expect(TokenKind::kBlock, "a block"))});
  cursor_.expect(':');
  while (!cursor_.at(TokenKind::kBlock) && !cursor_.at('}') && !cursor_.failed()) parse_inst(block);
}

void FunctionParser::parse_inst(Block block) {
  std::vector<Token> results;
  size_t offset = cursor_.peek().offset;
  if (cursor_.at(TokenKind::kValue)) {
    do results.push_back(cursor_.expect(TokenKind::kValue, "a value"));
    while (cursor_.accept(','));
    cursor_.expect('=');
  }
  Token name = cursor_.expect(TokenKind::kName, "an instruction");
  std::optional<Opcode> opcode = opcode_from_text(name.raw);
  if (!opcode) return cursor_.fail_at(name.offset, "there is no instruction " + std::string(name.raw));

  Inst inst = *opcode == Opcode::kNest ? parse_nest(results.size(), offset) : parse_plain(*opcode, results.size());
  if (cursor_.failed()) return;
  function_.inst(inst).block = block;
  function_.block(block).insts.push_back(inst);
  for (size_t i = 0; i < results.size(); ++i) {
    Value value = function_.results(inst)[i];
    function_.value(value).name = symbol(results[i]);
    define(results[i], value);
  }
  if (*opcode == Opcode::kNest) parse_nest_body(inst);
}

Inst FunctionParser::parse_plain(Opcode opcode, size_t results) {
  uint32_t imm = parse_immediate(cursor_, function_, opcode);
  PendingOperands pending;
  // An instruction without operands ends with its line: the next one may begin with a value or be a block.
  auto more = [&](TokenKind kind) { return cursor_.at(kind) && !cursor_.peek().starts_line; };
  if (opcode == Opcode::kPyCall) {
    imm = parse_call_operands(pending.operands);
  } else if (more(TokenKind::kValue)) {
    pending.operands.push_back(parse_value());
    while (cursor_.accept(',')) {
      if (cursor_.at(TokenKind::kBlock)) break;
      pending.operands.push_back(parse_value());
    }
  }
  if (opcode == Opcode::kJump || opcode == Opcode::kBranch) {
    do pending.targets.push_back(parse_target());
    while (cursor_.accept(','));
  }
  std::vector<TypeId> types = parse_result_types(results);
  std::vector<Value> operands(pending.operands.size());
  std::vector<BlockCall> targets;
  for (const ParsedTarget& target : pending.targets)
    targets.push_back({Block(), function_.add_values(std::vector<Value>(target.arguments.size()))});
  pending.inst = function_.make_inst(opcode, imm, operands, types, targets, places_.parse());
  Inst inst = pending.inst;
  if (!pending.operands.empty() || !pending.targets.empty()) pending_.push_back(std::move(pending));
  return inst;
}

/// "callee, positional, *rest, keyword=value": the call shape lies in how the operands are written.
uint32_t FunctionParser::parse_call_operands(std::vector<Use>& operands) {
  CallShape shape;
  do {
    size_t offset = cursor_.peek().offset;
    bool star = cursor_.accept('*');
    bool keyword = cursor_.at(TokenKind::kName) || cursor_.at(TokenKind::kString);
    if ((shape.star || !shape.keywords.empty()) && !keyword) cursor_.fail_at(offset, "expected a keyword argument");
    shape.star = shape.star || star;
    if (keyword) {
      shape.keywords.push_back(universe_.symbols.intern(cursor_.take().text));
      cursor_.expect('=');
    }
    operands.push_back(parse_value());
  } while (cursor_.accept(','));
  return Function::add_to(function_.call_shapes, std::move(shape));
}

ParsedTarget FunctionParser::parse_target() {
  ParsedTarget target;
  target.block = use(cursor_.expect(TokenKind::kBlock, "a block"));
  if (cursor_.accept('(')) cursor_.list(')', [&] { target.arguments.push_back(parse_value()); });
  return target;
}

Inst FunctionParser::parse_nest(size_t results, size_t offset) {
  NestData nest;
  Token mode = cursor_.expect(TokenKind::kName, "serial, parallel or device");
  for (NestMode candidate : {NestMode::kSerial, NestMode::kParallel, NestMode::kDevice})
    if (to_text(candidate) == mode.raw) nest.mode = candidate;
  if (mode.raw != to_text(nest.mode)) cursor_.fail_at(mode.offset, "a nest is serial, parallel or device");
  nest.independent = cursor_.accept("independent");
  nest.lanes = cursor_.accept("lanes");
  if (cursor_.accept("unfused")) nest.unfused = symbol(cursor_.expect(TokenKind::kString, "a reason"));
  cursor_.expect("rank");
  nest.rank = static_cast<uint8_t>(cursor_.expect_number("a rank", 255));
  if (cursor_.accept("grain")) nest.grain = cursor_.expect_number("a grain");

  PendingOperands pending;
  cursor_.expect('(');
  cursor_.list(')', [&] { pending.operands.push_back(parse_value()); });
  if (pending.operands.size() != nest.rank) cursor_.fail_at(offset, "the nest needs an extent for each of its ranks");
  if (cursor_.accept("reduce")) {
    cursor_.expect('(');
    cursor_.list(')', [&] { nest.reductions.push_back({parse_scalar_op(cursor_)}); });
    cursor_.expect('(');
    cursor_.list(')', [&] { pending.operands.push_back(parse_value()); });
  }
  size_t accumulators = pending.operands.size() - std::min<size_t>(nest.rank, pending.operands.size());
  if (accumulators != nest.reductions.size() || accumulators != results)
    cursor_.fail_at(offset, "a nest has as many results and initial values as reductions");

  std::vector<TypeId> types = parse_result_types(results);
  std::vector<Value> operands(pending.operands.size());
  uint32_t index = Function::add_to(function_.nests, std::move(nest));
  pending.inst = function_.make_inst(Opcode::kNest, index, operands, types, {}, places_.parse());
  Inst inst = pending.inst;
  pending_.push_back(std::move(pending));
  return inst;
}

void FunctionParser::parse_nest_body(Inst inst) {
  Region body = function_.add_region(inst);
  function_.nests[function_.inst(inst).imm].body = body;
  cursor_.expect('{');
  parse_region(body, nullptr);
}

std::vector<TypeId> FunctionParser::parse_result_types(size_t results) {
  size_t offset = cursor_.peek().offset;
  if (!cursor_.accept(':')) return std::vector<TypeId>(results, universe_.types.unknown());
  std::vector<TypeId> types;
  do types.push_back(parse_type(cursor_, universe_));
  while (cursor_.accept(','));
  if (types.size() != results)
    cursor_.fail_at(offset, std::to_string(types.size()) + " types for " + std::to_string(results) + " results");
  types.resize(results, universe_.types.unknown());
  return types;
}

Symbol FunctionParser::symbol(const Token& value) {
  return value.text.empty() ? Symbol() : universe_.symbols.intern(value.text);
}

void FunctionParser::define(const Token& name, Value value) {
  if (!values_.emplace(name.raw, value).second)
    cursor_.fail_at(name.offset, std::string(name.raw) + " is defined twice");
}

Value FunctionParser::find_value(Use use) {
  auto found = values_.find(use.name);
  if (found != values_.end()) return found->second;
  cursor_.fail_at(use.offset, "no value " + std::string(use.name));
  return {};
}

Block FunctionParser::find_block(Use use) {
  auto found = blocks_.find(use.name);
  if (found != blocks_.end()) return found->second;
  cursor_.fail_at(use.offset, "no block " + std::string(use.name));
  return {};
}

void FunctionParser::resolve() {
  for (const PendingOperands& pending : pending_) {
    std::span<Value> operands = function_.operands(pending.inst);
    for (size_t i = 0; i < operands.size(); ++i) operands[i] = find_value(pending.operands[i]);
    std::span<BlockCall> targets = function_.targets(pending.inst);
    for (size_t i = 0; i < targets.size(); ++i) {
      targets[i].block = find_block(pending.targets[i].block);
      std::span<Value> arguments = function_.arguments(targets[i]);
      for (size_t j = 0; j < arguments.size(); ++j) arguments[j] = find_value(pending.targets[i].arguments[j]);
    }
  }
  for (const PendingHandler& pending : handlers_) function_.block(pending.block).handler = find_block(pending.handler);
}

}  // namespace

ParsedText parse(std::string_view text, Universe& universe) {
  ParsedText result;
  Cursor cursor(text);
  while (!cursor.at(TokenKind::kEnd)) {
    cursor.expect("func");
    Function function(universe, universe.symbols.intern(cursor.expect(TokenKind::kFunction, "a function's name").text));
    FunctionParser(cursor, function).parse_function();
    if (!cursor.failed()) result.functions.push_back(std::move(function));
  }
  result.error = cursor.error();
  return result;
}

}  // namespace metate::ir
