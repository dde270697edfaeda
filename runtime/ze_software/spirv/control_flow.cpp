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
      argument.addAttr(llvm::Attribute::getWithAlignment(reader.context(), llvm::Align(alignment->operands[0])));
    }
  }
  const Decoration* attribute = reader.decoration(id, spv::Decoration::FuncParamAttr);
  if (!attribute) return;
  llvm::Type* const pointee = reader.type(reader.pointee_type(type_id));
  switch (static_cast<spv::FunctionParameterAttribute>(attribute->operands[0])) {
    case spv::FunctionParameterAttribute::ByVal:
      argument.addAttr(llvm::Attribute::getWithByValType(reader.context(), pointee));
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
  auto* type = llvm::cast<llvm::IntegerType>(selector->getType());
  const size_t literal_words = type->getBitWidth() > 32 ? 2 : 1;
  auto* choice = reader.builder().CreateSwitch(selector, reader.block(instruction.operands[1]));
  const std::span<const uint32_t> cases = instruction.operands.subspan(2);
  for (size_t i = 0; i + literal_words < cases.size(); i += literal_words + 1) {
    uint64_t literal = cases[i];
    if (literal_words == 2) literal |= static_cast<uint64_t>(cases[i + 1]) << 32;
    const llvm::APInt value(type->getBitWidth(), literal, false, true);
    choice->addCase(llvm::ConstantInt::get(reader.context(), value), reader.block(cases[i + literal_words]));
  }
}

void read_call(Reader& reader, const Instruction& instruction) {
  llvm::Function* callee = reader.function(instruction.operands[0]);
  if (!callee) return reader.fail("a call of id " + std::to_string(instruction.operands[0]) + ", which is no function");
  std::vector<llvm::Value*> arguments;
  for (uint32_t id : instruction.operands.subspan(1)) arguments.push_back(reader.value(id));
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
  if (!type) return;
  auto* made =
      llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage, "spirv." + name(instruction.result), module());
  made->setDoesNotThrow();
  for (size_t i = 0; i < parameters.size(); ++i) {
    llvm::Argument* argument = made->getArg(static_cast<unsigned>(i));
    values_[parameters[i].result] = argument;
    argument->setName(name(parameters[i].result));
    add_parameter_attributes(*this, parameters[i].result, *argument, parameters[i].type);
  }
  functions_[instruction.result] = made;
}

void Reader::read_function(std::span<const Instruction> body) {
  function_ = functions_[body.front().result];
  blocks_.clear();
  function_variables_.clear();
  phis_.clear();
  const bool has_blocks =
      std::any_of(body.begin(), body.end(), [](const Instruction& i) { return i.opcode == spv::Op::OpLabel; });
  if (!has_blocks) {
    imported_functions_.push_back(&body.front());
    return;
  }
  for (const Instruction& instruction : body.subspan(1)) {
    if (failed()) return;
    read_body_instruction(instruction);
  }
  if (!failed()) finish_phis();
}

void Reader::read_body_instruction(const Instruction& instruction) {
  const bool known = read_control_flow(*this, instruction) || read_memory(*this, instruction) ||
                     read_arithmetic(*this, instruction) || read_comparison(*this, instruction) ||
                     read_conversion(*this, instruction) || read_composite(*this, instruction) ||
                     read_bits(*this, instruction) || read_opencl(*this, instruction) ||
                     read_atomic(*this, instruction) || read_group(*this, instruction);
  if (!known) fail("instruction " + opcode_name(instruction.opcode) + " is not there yet");
}

void Reader::finish_phis() {
  for (auto& [phi, instruction] : phis_) {
    // A switch or branch may lead to the block along several edges; LLVM wants the value once an edge.
    for (llvm::BasicBlock* predecessor : llvm::predecessors(phi->getParent())) {
      llvm::Value* incoming = nullptr;
      for (size_t i = 0; i + 1 < instruction->operands.size(); i += 2) {
        if (blocks_[instruction->operands[i + 1]] == predecessor) incoming = value(instruction->operands[i]);
      }
      if (!incoming) return fail("phi " + std::to_string(instruction->result) + " lacks a value for a predecessor");
      phi->addIncoming(incoming, predecessor);
    }
  }
}

llvm::BasicBlock* Reader::block(uint32_t label) {
  llvm::BasicBlock*& block = blocks_[label];
  if (!block) block = llvm::BasicBlock::Create(context_, "b" + std::to_string(label), function_);
  return block;
}

llvm::Function* Reader::function(uint32_t id) {
  auto found = functions_.find(id);
  return found == functions_.end() ? nullptr : found->second;
}

bool read_control_flow(Reader& reader, const Instruction& instruction) {
  const std::span<const uint32_t> operands = instruction.operands;
  llvm::IRBuilder<>& b = reader.builder();
  switch (instruction.opcode) {
    case spv::Op::OpFunctionParameter:
    case spv::Op::OpLoopMerge:
    case spv::Op::OpSelectionMerge:
    case spv::Op::OpLine:
    case spv::Op::OpNoLine:
    case spv::Op::OpNop:
      return true;
    case spv::Op::OpLabel: {
      llvm::BasicBlock* block = reader.block(instruction.result);
      // In the order of the module, the entry first: blocks may have been made earlier by branches to them.
      block->moveAfter(&block->getParent()->back());
      b.SetInsertPoint(block);
      return true;
    }
    case spv::Op::OpBranch:
      b.CreateBr(reader.block(operands[0]));
      return true;
    case spv::Op::OpBranchConditional:
      b.CreateCondBr(reader.value(operands[0]), reader.block(operands[1]), reader.block(operands[2]));
      return true;
    case spv::Op::OpSwitch:
      read_switch(reader, instruction);
      return true;
    case spv::Op::OpPhi: {
      auto* phi = b.CreatePHI(reader.type(instruction.type), static_cast<unsigned>(operands.size() / 2));
      reader.define(instruction, phi);
      reader.add_phi(phi, instruction);
      return true;
    }
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
