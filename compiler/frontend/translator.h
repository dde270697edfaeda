// translator.h – goes through a function's blocks and makes IR of each instruction.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/frontend/assignments.h"
#include "compiler/frontend/build.h"
#include "compiler/frontend/captures.h"
#include "compiler/frontend/control_flow.h"
#include "compiler/frontend/forbidden.h"
#include "compiler/frontend/operand_stack.h"
#include "compiler/frontend/parallel_loop.h"
#include "compiler/ir/builder.h"

namespace metate::frontend {

/// What is known of the function before it is translated.
struct Input {
  const bytecode::CodeObject& code;
  const bytecode::DecodedFunction& decoded;
  FlowGraph graph;
  Assignments assignments;
};

/// One run for one function. The methods are in translate_*.cpp, by instruction family. After an error nothing more
/// is translated. What comes out has all blocks and values that were of use on the way; `finish` makes it tidy.
class Translator {
 public:
  Translator(Input input, Environment& environment, ir::Universe& universe, const ir::FunctionOptions& options,
             support::Diagnostics& diagnostics);

  std::optional<ir::Function> run();

 private:
  using Index = uint32_t;  // of an instruction
  using Instruction = bytecode::Instruction;

  /// A prange loop whose body is being translated.
  struct OpenNest {
    ParallelLoop loop;
    ir::Inst inst;
    ir::Region region;
    ir::Block outer;             // where the nest stands
    ir::Block entry;             // of its body
    ir::Block latch;             // where its iterations end; none if none does
    uint32_t missing_edges = 0;  // to the latch
    uint32_t first_block = 0;    // of the function's blocks and phis, the body's first
    size_t first_phi = 0;
    struct Accumulator {
      uint32_t variable;
      ir::Value param;
    };
    std::vector<Accumulator> accumulators;
  };

  /// `raise` makes a message of it; it is no value otherwise.
  struct Exception {
    types::ConstantId type;
    std::vector<ir::Value> arguments;
  };
  /// [first, second, *star]
  struct Spread {
    std::vector<ir::Value> elements;
    ir::Value star;
  };

  // translator.cpp – blocks, jumps, the choice of the method for an instruction
  void enter_function();
  types::ConstantId itself(uint32_t variable);
  void write_itself(uint32_t variable, ir::Block entry, uint32_t arguments);
  void translate_blocks();
  void translate_block(FlowBlockId id);
  void translate(Index index);
  void translate_exit(const FlowBlock& block);
  void branch(ir::Value condition, const FlowBlock& block);
  ir::Block block_of(FlowBlockId id);
  void jump_to(FlowBlockId id);
  void connect(ir::Block from, uint32_t target, FlowBlockId to);
  ir::Value truth(ir::Value value);
  void return_value();

  // translate_variables.cpp
  void load_variable(Index index);
  void store_variable(Index index);
  void delete_variable(Index index);
  void note_cell_store(uint32_t variable);
  bool check_bound(Index index);
  ir::Value free_variable(uint32_t variable);
  void load_global(const Instruction& instruction);
  void load_assertion_error();
  void load_const(Index index);
  void give_name(ir::Value value, ir::Symbol name);
  void forbid_object(ir::Value value, const std::string& name);

  // translate_operators.cpp
  void load_attribute(const Instruction& instruction);
  void store_attribute(const Instruction& instruction);
  void load_subscript();
  void store_subscript();
  void build_slice(uint32_t count);
  void unary(bytecode::UnaryOperator op);
  void binary(ir::Opcode opcode, bytecode::BinaryOperator op);
  void compare(ir::PyOperator op);
  void build_tuple(uint32_t count);
  void build_list(uint32_t count);
  void append_to_list(uint32_t place);
  void extend_list(uint32_t place);
  std::optional<std::vector<ir::Value>> list_items(ir::Value list) const;
  void list_to_tuple();
  void unpack(uint32_t count);
  void unpack_starred(uint32_t before, uint32_t after);

  // translate_calls.cpp
  void call(const Instruction& instruction);
  void call_spread(uint32_t mappings);
  ir::Value emit_call(ir::Value callee, std::span<const ir::Value> arguments, ir::CallShape shape);
  bool call_of_compiler(types::ConstantId callee, std::span<const ir::Value> arguments, const ir::CallShape& shape);
  void call_print(std::span<const ir::Value> arguments, const ir::CallShape& shape);

  // translate_functions.cpp
  void capture_variable(Index index);
  void make_function(uint32_t parts);
  bool take_captured(ir::Value closure, InnerFunction& function, std::vector<ir::Value>& captured,
                     std::vector<uint32_t>& variables);
  bool take_defaults(ir::Value defaults, InnerFunction& function, std::vector<ir::Value>& captured);
  bool take_keyword_defaults(ir::Value defaults, InnerFunction& function, std::vector<ir::Value>& captured);
  void add_default(InnerFunction& function, uint32_t parameter, ir::Value value, std::vector<ir::Value>& captured);
  void build_map(uint32_t count);
  void build_const_key_map(uint32_t count);

  // translate_messages.cpp
  void convert_value(bytecode::Conversion conversion);
  void format_value();
  void format_with_spec();
  void build_string(uint32_t count);
  void raise(uint32_t count);
  void push_exception(types::ConstantId type, std::span<const ir::Value> arguments, const ir::CallShape& shape);
  ir::Value format(std::span<const ir::Value> pieces);
  bool is_text(ir::Value value) const;
  std::optional<ir::Value> percent_format(ir::Value text, ir::Value values);
  void add_piece(ir::MessageBuilder& message, ir::Value piece);

  // translate_loops.cpp
  void get_iter();
  void for_iter(FlowBlockId head);
  void for_next(const FlowBlock& block, Iterator iterator);
  bool is_parallel(FlowBlockId head);
  void open_nest(FlowBlockId head);
  void close_nest();
  std::vector<OpenNest::Accumulator> settle_accumulators(OpenNest& nest, std::vector<ir::Value>& yielded,
                                                         std::vector<ir::NestReduction>& reductions);
  void report_carried(const LoopVariable& variable, ir::Inst offender);
  void replace_nest(OpenNest& nest, const std::vector<OpenNest::Accumulator>& accumulators);
  void write_after_nest(OpenNest& nest, ir::Block after, const std::vector<OpenNest::Accumulator>& accumulators);
  ir::Value at_nest_entry(OpenNest& nest, Variable variable);

  // Short forms.
  ir::Value emit(ir::Opcode opcode, uint32_t imm, std::initializer_list<ir::Value> operands) {
    return builder_.emit_value(opcode, imm, operands, universe_.types.unknown());
  }
  ir::Value emit(ir::Opcode opcode, uint32_t imm, std::span<const ir::Value> operands) {
    return builder_.emit_value(opcode, imm, operands, universe_.types.unknown());
  }
  ir::Value entity(std::string_view name) {
    return builder_.constant(universe_.constants.entity(universe_.symbols.intern(name)));
  }
  /// The constant that the value is, or null.
  const types::Constant* constant_of(ir::Value value) const;
  ir::Opcode opcode_of(ir::Value value) const;  // of the instruction that makes it; kUndef for a parameter
  ir::Symbol symbol(std::string_view text) { return universe_.symbols.intern(text); }
  const std::string& variable_name(uint32_t variable) const { return decoded().variables[variable].name; }
  const bytecode::DecodedFunction& decoded() const { return input_.decoded; }
  /// A value that stands for something that is none, to be seen by those who know it.
  ir::Value placeholder(std::string what);
  uint32_t source(const support::SourceRange& range);
  support::Location location(const support::SourceRange& range) const;
  support::SourceRange here() const { return function_.sources[builder_.source()].range; }
  support::Diagnostic& fail(support::MessageId message, const support::SourceRange& range,
                            std::initializer_list<std::string_view> arguments);
  void unsupported(std::string_view what) { fail(support::MessageId::kUnsupportedConstruct, here(), {what}); }
  void malformed(std::string_view what) {
    fail(support::MessageId::kMalformedBytecode, here(), {input_.code.name, what});
  }
  bool report_forbidden(const Liveness& live);
  bool report_rebinding();

  Input input_;
  Environment& environment_;
  ir::Universe& universe_;
  support::Diagnostics& diagnostics_;
  ir::Function function_;
  ir::Builder builder_;
  Variables variables_;
  Ssa ssa_;
  OperandStack stack_;
  FlowBlockId current_;  // the block that is translated
  bool failed_ = false;
  bool ended_ = false;  // the block, before its last instruction

  std::vector<ir::Block> blocks_;        // by flow block; made when first needed
  std::vector<uint32_t> missing_edges_;  // by flow block
  std::deque<OpenNest> nests_;           // the innermost last
  std::unordered_map<types::ConstantId, ir::Block> constant_returns_;
  ir::Value undef_, true_, false_;  // at the function's entry, for what is not bound

  std::unordered_map<ir::Value, bytecode::Const::Code> codes_;
  std::unordered_map<ir::Value, Exception> exceptions_;
  std::unordered_map<ir::Value, Spread> spreads_;
  std::unordered_map<ir::Value, std::vector<std::pair<ir::Value, ir::Value>>> keyword_defaults_;  // name, value
  std::unordered_set<ir::Value> captured_selves_;
  std::unordered_set<ir::Value> parallel_ranges_;
  std::vector<uint32_t> loaded_cells_;  // by load_closure, for the next make_function
  std::vector<Capture> captures_;
  std::vector<CellStore> cell_stores_;
  ForbiddenValues forbidden_;
  std::map<std::vector<ir::Value>, ir::Value> slices_;  // of the block
};

}  // namespace metate::frontend
