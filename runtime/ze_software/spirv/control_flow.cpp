// control_flow – functions, blocks, branches, phis and calls.
#include <llvm/IR/CFG.h>

#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

void add_parameter_attributes(Reader& reader, uint32_t id, llvm::Argument& argument, uint32_t type_id) {
  if (!argument.getType()->isPointerTy()) return;
  if (reader.decoration(id, spv::Decoration::Restrict)) argument.addAttr(llvm::Attribute::NoAlias);
  if (const Decoration* alignment = reader.decoration(id, spv::Decoration::Alignment)) {
    if (llvm::isPowerOf2_32(alignment->operands[0])) {
      const llvm::Align align(std::min(alignment->operands[0], kMaxAlignment));
      argument.addAttr(llvm::Attribute::getWithAlignment(reader.context(), align));
    }
  }
  const Decoration* attribute = reader.decoration(id, spv::Decoration::FuncParamAttr);
  if (!attribute) return;
  switch (static_cast<spv::FunctionParameterAttribute>(attribute->operands[0])) {
    case spv::FunctionParameterAttribute::ByVal:
      argument.addAttr(
          llvm::Attribute::getWithByValType(reader.context(), reader.value_type(reader.pointee_type(type_id))));
      break;
    case spv::FunctionParameterAttribute::NoAlias:
      argument.addAttr(llvm::Attribute::NoAlias);
      break;
    default:
      break;  // hints
  }
}

void read_switch(Reader& reader, const Instruction& instruction) {
  llvm::Value* selector = reader.value(instruction.operands[0]);
  auto* type = llvm::dyn_cast<llvm::IntegerType>(selector->getType());
  if (!type) return reader.fail("a switch over what is no integer");
  const size_t literal_words = type->getBitWidth() > 32 ? 2 : 1;
  llvm::BasicBlock* fallback = reader.block(instruction.operands[1]);
  if (!fallback) return;
  auto* choice = reader.builder().CreateSwitch(selector, fallback);
  const std::span<const uint32_t> cases = instruction.operands.subspan(2);
  for (size_t i = 0; i + literal_words < cases.size(); i += literal_words + 1) {
    uint64_t literal = cases[i];
    if (literal_words == 2) literal |= static_cast<uint64_t>(cases[i + 1]) << 32;
    const llvm::APInt value(type->getBitWidth(), literal, false, true);
    llvm::BasicBlock* target = reader.block(cases[i + literal_words]);
    if (!target) return;
    choice->addCase(llvm::ConstantInt::get(reader.context(), value), target);
  }
}

void read_call(Reader& reader, const Instruction& instruction) {
  llvm::Function* callee = reader.function(instruction.operands[0]);
  if (!callee) return reader.fail("a call of id " + std::to_string(instruction.operands[0]) + ", which is no function");
  if (const std::string imported = reader.import_name(instruction.operands[0]); !imported.empty()) {
    if (read_storage_call(reader, instruction, imported)) return;
    if (read_check_mark(reader, instruction, imported) || read_library_call(reader, instruction, imported)) return;
  }
  std::vector<llvm::Value*> arguments;
  for (uint32_t id : instruction.operands.subspan(1)) arguments.push_back(reader.value(id));
  bool fit = arguments.size() == callee->arg_size();
  for (unsigned i = 0; fit && i < callee->arg_size(); ++i) {
    fit = arguments[i]->getType() == callee->getArg(i)->getType();
  }
  if (!fit)
    return reader.fail("a call of function " + std::to_string(instruction.operands[0]) + " with other arguments");
  llvm::CallInst* call = reader.builder().CreateCall(callee, arguments);
  // A by-value parameter is copied where the call says so.
  for (unsigned i = 0; i < callee->arg_size(); ++i) {
    if (llvm::Type* copied = callee->getParamByValType(i)) {
      call->addParamAttr(i, llvm::Attribute::getWithByValType(reader.context(), copied));
    }
  }
  reader.define(instruction, call);
}

}  // namespace

void Reader::declare_function(const Instruction& instruction, std::span<const Instruction> parameters) {
  auto* type = llvm::dyn_cast<llvm::FunctionType>(this->type(instruction.operands[1]));
  bool fit = type && type->getNumParams() == parameters.size() && type->getReturnType() == this->type(instruction.type);
  for (unsigned i = 0; fit && i < parameters.size(); ++i) {
    fit = type->getParamType(i) == this->type(parameters[i].type);
  }
  if (!fit) return fail("function '" + name(instruction.result) + "' does not fit its type");
  llvm::Function* made = make_function(instruction, type);
  if (!made) return;
  functions_[instruction.result] = made;
  if (!made->empty()) return;  // imported, and its own module has said all of it
  made->setDoesNotThrow();
  for (size_t i = 0; i < parameters.size(); ++i) {
    llvm::Argument* argument = made->getArg(static_cast<unsigned>(i));
    argument->setName(name(parameters[i].result));
    add_parameter_attributes(*this, parameters[i].result, *argument, parameters[i].type);
  }
}

void Reader::read_function(std::span<const Instruction> body) {
  if (lacking_.contains(body.front().result)) return;
  function_ = functions_[body.front().result];
  body_ = body;
  blocks_.clear();
  exits_.clear();
  function_variables_.clear();
  placeholders_.clear();
  phis_.clear();
  private_bytes_ = 0;
  builder_.ClearInsertionPoint();
  // An import whose own module has been read, or else a second definition.
  const bool defined_before = !function_->empty();
  if (defined_before && import_name(body.front().result).empty()) {
    return fail("function '" + name(body.front().result) + "' is exported twice");
  }
  if (defined_before) body_ = body = body.first(1);
  for (unsigned i = 0; i + 1 < body.size() && body[i + 1].opcode == spv::Op::OpFunctionParameter; ++i) {
    values_[body[i + 1].result] = function_->getArg(i);
  }
  for (const Instruction& instruction : body.subspan(1)) {
    if (failed()) break;
    read_body_instruction(instruction);
  }
  if (!lack_.empty()) {
    discard(*function_, body.front().result);
  } else if (function_->empty() || defined_before) {
    imported_functions_.push_back(&body.front());
  } else if (!failed()) {
    function_->setLinkage(llvm::GlobalValue::InternalLinkage);
    finish_phis();
    if (!failed()) check_function();
  }
  // No other function may use them, and what some of them stood for is gone: a placeholder, an import's parameter.
  for (const Instruction& instruction : body.subspan(1)) {
    if (instruction.result) values_[instruction.result] = nullptr;
  }
  body_ = {};
}

/// Every block that is led to is there and leads somewhere, and every value that was used has been made.
void Reader::check_function() {
  replace_placeholders();
  for (llvm::BasicBlock& block : *function_) {
    if (!block.getTerminator()) return fail("a block of function '" + name(body_.front().result) + "' has no end");
  }
}

void Reader::read_body_instruction(const Instruction& instruction) {
  const bool known =
      read_control_flow(*this, instruction) ||
      (operands_fit(*this, instruction) &&
       (read_memory(*this, instruction) || read_arithmetic(*this, instruction) ||
        read_integer_dot(*this, instruction) || read_comparison(*this, instruction) ||
        read_conversion(*this, instruction) || read_composite(*this, instruction) || read_bits(*this, instruction) ||
        read_opencl(*this, instruction) || read_atomic(*this, instruction) || read_group(*this, instruction) ||
        read_ballot(*this, instruction) || read_async_copy(*this, instruction) || read_storage(*this, instruction) ||
        read_function_pointer(*this, instruction) || read_sub_group_block(*this, instruction) ||
        read_hint(*this, instruction) || read_clock(*this, instruction)));
  if (!known) lack("instruction " + opcode_name(instruction.opcode) + " is not there yet");
}

void Reader::finish_phis() {
  for (auto& [phi, instruction] : phis_) {
    // A switch or branch may lead to the block along several edges; LLVM wants the value once an edge.
    for (llvm::BasicBlock* predecessor : llvm::predecessors(phi->getParent())) {
      llvm::Value* incoming = nullptr;
      for (size_t i = 0; i + 1 < instruction->operands.size(); i += 2) {
        auto from = exits_.find(instruction->operands[i + 1]);
        if (from != exits_.end() && from->second == predecessor) incoming = value(instruction->operands[i]);
      }
      if (!incoming || incoming->getType() != phi->getType())
        return fail("phi " + std::to_string(instruction->result) + " lacks a value of its type for a predecessor");
      phi->addIncoming(incoming, predecessor);
    }
  }
}

llvm::BasicBlock* Reader::block(uint32_t label) {
  const Instruction* defined = definition(label);
  if (!defined || defined->opcode != spv::Op::OpLabel || defined < body_.data() ||
      defined >= body_.data() + body_.size()) {
    fail("id " + std::to_string(label) + " labels no block of the function");
    return nullptr;
  }
  llvm::BasicBlock*& block = blocks_[label];
  if (!block) block = llvm::BasicBlock::Create(context_, "b" + std::to_string(label), function_);
  return block;
}

void Reader::begin_block(const Instruction& label) {
  llvm::BasicBlock* begun = block(label.result);
  // In the order of the module, the entry first: blocks may have been made earlier by branches to them.
  begun->moveAfter(&function_->back());
  label_ = label.result;
  exits_[label_] = begun;
  builder_.SetInsertPoint(begun);
}

llvm::Function* Reader::function(uint32_t id) {
  auto found = functions_.find(id);
  if (found == functions_.end()) return is_lacking(id), nullptr;
  return found->second;
}

namespace {

/// Instructions stand in blocks, and none behind the one that leaves the block.
bool is_well_placed(Reader& reader, const Instruction& instruction) {
  switch (instruction.opcode) {
    case spv::Op::OpFunctionParameter:
    case spv::Op::OpLine:
    case spv::Op::OpNoLine:
    case spv::Op::OpNop:
      return true;
    default:
      break;
  }
  const llvm::BasicBlock* block = reader.builder().GetInsertBlock();
  const bool open = block && !block->getTerminator();
  if (open != (instruction.opcode == spv::Op::OpLabel)) return true;
  reader.fail(opcode_name(instruction.opcode) + (open ? " stands in a block" : " stands outside of all blocks"));
  return false;
}

void read_branch(Reader& reader, const Instruction& instruction) {
  llvm::Value* condition = reader.value(instruction.operands[0]);
  llvm::BasicBlock *yes = reader.block(instruction.operands[1]), *no = reader.block(instruction.operands[2]);
  if (!condition->getType()->isIntegerTy(1)) return reader.fail("the condition of a branch is no truth value");
  if (yes && no) reader.builder().CreateCondBr(condition, yes, no);
}

void read_phi(Reader& reader, const Instruction& instruction) {
  llvm::Type* type = reader.value_type(instruction.type);
  auto* phi = reader.builder().CreatePHI(type, static_cast<unsigned>(instruction.operands.size() / 2));
  reader.define(instruction, phi);
  reader.add_phi(phi, instruction);
}

}  // namespace

bool read_control_flow(Reader& reader, const Instruction& instruction) {
  const std::span<const uint32_t> operands = instruction.operands;
  llvm::IRBuilder<>& b = reader.builder();
  if (!is_well_placed(reader, instruction)) return true;
  switch (instruction.opcode) {
    case spv::Op::OpFunctionParameter:
    case spv::Op::OpLoopMerge:
    case spv::Op::OpSelectionMerge:
    case spv::Op::OpNoLine:
    case spv::Op::OpNop:
      return true;
    case spv::Op::OpLine:
      read_source_line(reader, instruction);
      return true;
    case spv::Op::OpLabel:
      reader.begin_block(instruction);
      return true;
    case spv::Op::OpBranch:
      if (llvm::BasicBlock* target = reader.block(operands[0])) b.CreateBr(target);
      return true;
    case spv::Op::OpBranchConditional:
      read_branch(reader, instruction);
      return true;
    case spv::Op::OpSwitch:
      read_switch(reader, instruction);
      return true;
    case spv::Op::OpPhi:
      read_phi(reader, instruction);
      return true;
    case spv::Op::OpReturn:
      b.CreateRetVoid();
      return true;
    case spv::Op::OpReturnValue:
      b.CreateRet(reader.value(operands[0]));
      return true;
    case spv::Op::OpUnreachable:
      b.CreateUnreachable();
      return true;
    case spv::Op::OpFunctionCall:
      read_call(reader, instruction);
      return true;
    default:
      return false;
  }
}

}  // namespace metate::ze_software::spirv
