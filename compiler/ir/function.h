// function.h – a function in SSA form: fixed-size records addressed by typed ids, all owned by the function.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/ids.h"
#include "compiler/ir/instr.h"
#include "compiler/ir/message.h"
#include "compiler/ir/universe.h"
#include "compiler/ops/scalar_op.h"
#include "compiler/support/source_range.h"

namespace metate::ir {

using support::Symbol;
using types::ConstantId;
using types::TypeId;

/// A run of entries in one of the function's pools.
struct PoolRange {
  uint32_t begin = 0;
  uint32_t count = 0;
};

struct ValueData {
  TypeId type;
  Symbol name;       // the Python variable it holds, where there is one; for text and messages
  bool is_param;     // of a block, else result of an instruction
  uint32_t definer;  // index of the Block or Inst
  uint32_t index;    // which parameter or result
};

struct BlockCall {
  Block block;
  PoolRange arguments;
};

struct InstData {
  Opcode opcode;
  uint32_t imm = 0;
  PoolRange operands;   // in the value pool
  PoolRange results;    // in the value pool
  PoolRange targets;    // in the pool of BlockCalls
  uint32_t source = 0;  // index into Function::sources
  Block block;          // where it stands
};

struct BlockData {
  std::vector<Value> params;
  std::vector<Inst> insts;
  Block handler;  // where raising instructions go, or none: out of the nest or function
  Region region;
};

/// A single-entry piece of control flow: the function's body, or one nest's. `blocks.front()` is the entry.
struct RegionData {
  std::vector<Block> blocks;
  Inst owner;  // the nest; none for the function's body
};

enum class NestMode : uint8_t { kSerial, kParallel, kDevice };
std::string_view to_text(NestMode mode);

/// How the accumulators of independent runs of a reduction are joined. The body of the nest takes the accumulators so
/// far as block parameters (after the induction variables) and yields the new ones; the combining operation and its
/// identity allow the iterations to be cut into parts that each start from the identity.
struct NestReduction {
  ops::ScalarOp combine;
};

struct NestData {
  NestMode mode = NestMode::kSerial;
  uint8_t rank = 1;
  bool independent = false;  // iterations touch no memory that others write: LLVM may vectorise without checks
  bool lanes = false;        // serial: the innermost axis counts the lanes of a planned reduction, one vector step
  uint32_t grain = 1;        // parallel: least number of runs of the body that are worth a piece of their own
  Symbol obstacle;           // parallel, where the function is compiled for a device: why the nest is not run there …
  uint32_t obstacle_at = 0;  // … and where that stands, an index into Function::sources
  Symbol unfused;            // why no other loop does this one's work on its way, where there is one that might
  std::vector<NestReduction> reductions;
  Region body;
};

/// How py.call's operands are meant: callee, positional…, one value per keyword; `star` if the last positional is
/// *args.
struct CallShape {
  std::vector<Symbol> keywords;
  bool star = false;
  bool operator==(const CallShape&) const = default;
};

/// One entry an axis of a view expression: x[2, 1:n, ..., None].
enum class IndexKind : uint8_t {
  kInteger,  // one operand: an index that was already checked; the axis goes away
  kSlice,    // three operands: start, count, step, already normalised (0 <= start, count elements, step in elements)
  kNewAxis,  // no operand: an axis of extent 1
  kFull,     // no operand: the axis as it is
};
using IndexSpec = std::vector<IndexKind>;

struct Reduction {
  uint16_t function;          // ops::ReductionId
  std::vector<uint8_t> axes;  // empty: all
  bool keepdims = false;
};

/// A callee of kCall: another specialisation of the session, by the name its code gets.
struct CalleeRef {
  Symbol name;
  uint32_t specialisation;  // the driver's number
};

struct SourcePlace {
  Symbol file;
  Symbol function;
  support::SourceRange range;
  uint32_t inlined_at = 0;  // of a call that the code of its callee stands for: where, in Function::sources; 0 is none
};

enum class ErrorModel : uint8_t { kMixed, kPython, kNumpy };  // architecture, decision 8

/// What the decorator said that changes the meaning of code.
struct FunctionOptions {
  bool boundscheck = true;
  ErrorModel error_model = ErrorModel::kMixed;
  uint8_t fastmath = 0;  // bits in LLVM's order: reassoc nnan ninf nsz arcp contract afn
  bool parallel = false;
  bool offload = false;  // parallel nests run on a device, which reaches all memory that the function allocates
  bool always_inline = false;
  bool debug = false;  // what is compiled with this function tells debuggers its lines
  bool kernel = false;
  uint8_t kernel_rank = 1;  // dimensions of a kernel's launch: Python counts them slowest first, devices fastest first
};

class Function {
 public:
  Function(Universe& universe, Symbol name);

  Universe& universe() const { return *universe_; }
  Symbol name;
  Stage stage = Stage::kUntyped;
  FunctionOptions options;
  TypeId return_type;

  // Pools that immediates index.
  std::vector<NestData> nests;
  std::vector<CallShape> call_shapes;
  std::vector<Message> messages;
  std::vector<IndexSpec> index_specs;
  std::vector<std::vector<uint8_t>> axes;
  std::vector<Reduction> reductions;
  std::vector<CalleeRef> callees;
  std::vector<SourcePlace> sources;

  Region body() const { return Region(0); }
  Block entry() const { return regions_[body()].blocks.front(); }
  std::span<const Value> params() const { return blocks_[entry()].params; }

  RegionData& region(Region id) { return regions_[id]; }
  const RegionData& region(Region id) const { return regions_[id]; }
  BlockData& block(Block id) { return blocks_[id]; }
  const BlockData& block(Block id) const { return blocks_[id]; }
  InstData& inst(Inst id) { return insts_[id]; }
  const InstData& inst(Inst id) const { return insts_[id]; }
  ValueData& value(Value id) { return values_[id]; }
  const ValueData& value(Value id) const { return values_[id]; }
  bool contains(Region id) const { return regions_.contains(id); }
  bool contains(Block id) const { return blocks_.contains(id); }
  bool contains(Inst id) const { return insts_.contains(id); }
  bool contains(Value id) const { return values_.contains(id); }
  size_t value_count() const { return values_.size(); }
  size_t inst_count() const { return insts_.size(); }
  size_t block_count() const { return blocks_.size(); }
  size_t region_count() const { return regions_.size(); }

  std::span<const Value> operands(Inst id) const { return slice(insts_[id].operands); }
  std::span<Value> operands(Inst id) { return slice(insts_[id].operands); }
  std::span<const Value> results(Inst id) const { return slice(insts_[id].results); }
  Value result(Inst id) const {
    METATE_ASSERT(insts_[id].results.count == 1);
    return pool_[insts_[id].results.begin];
  }
  std::span<const BlockCall> targets(Inst id) const {
    return {targets_.data() + insts_[id].targets.begin, insts_[id].targets.count};
  }
  std::span<BlockCall> targets(Inst id) {
    return {targets_.data() + insts_[id].targets.begin, insts_[id].targets.count};
  }
  std::span<const Value> arguments(const BlockCall& call) const { return slice(call.arguments); }
  std::span<Value> arguments(const BlockCall& call) { return slice(call.arguments); }

  TypeId type(Value id) const { return values_[id].type; }
  const types::Type& type_data(Value id) const { return universe_->types[values_[id].type]; }
  /// The instruction that defines a value; none for block parameters.
  Inst defining_inst(Value id) const { return values_[id].is_param ? Inst() : Inst(values_[id].definer); }
  /// The constant a value is, or an invalid id.
  ConstantId constant(Value id) const;
  const SourcePlace& source(Inst id) const { return sources[insts_[id].source]; }
  Inst terminator(Block id) const { return blocks_[id].insts.empty() ? Inst() : blocks_[id].insts.back(); }

  Region add_region(Inst owner);
  Block add_block(Region region);
  Value add_param(Block block, TypeId type, Symbol name = {});
  /// Makes an instruction that stands nowhere yet. `Builder` is the comfortable way.
  Inst make_inst(Opcode opcode, uint32_t imm, std::span<const Value> operands, std::span<const TypeId> results,
                 std::span<const BlockCall> targets, uint32_t source);
  PoolRange add_values(std::span<const Value> values);
  void set_operands(Inst id, std::span<const Value> operands);
  void set_arguments(BlockCall& call, std::span<const Value> arguments) { call.arguments = add_values(arguments); }

  template <class T>
  static uint32_t add_to(std::vector<T>& pool, T item) {
    pool.push_back(std::move(item));
    return static_cast<uint32_t>(pool.size() - 1);
  }

 private:
  std::span<const Value> slice(PoolRange range) const { return {pool_.data() + range.begin, range.count}; }
  std::span<Value> slice(PoolRange range) { return {pool_.data() + range.begin, range.count}; }

  Universe* universe_;
  support::IdVector<Value, ValueData> values_;
  support::IdVector<Inst, InstData> insts_;
  support::IdVector<Block, BlockData> blocks_;
  support::IdVector<Region, RegionData> regions_;
  std::vector<Value> pool_;
  std::vector<BlockCall> targets_;
};

}  // namespace metate::ir
