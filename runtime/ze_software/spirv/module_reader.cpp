#include "runtime/ze_software/spirv/module_reader.h"

#include <llvm/ADT/SCCIterator.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Analysis/CallGraph.h>
#include <llvm/IR/CFG.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/raw_ostream.h>

#include "runtime/abi/kernel_conventions.h"
#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/spirv/reader.h"
#include "runtime/ze_software/sub_group_sizes.h"

namespace metate::ze_software::spirv {
namespace {

bool is_global_instruction(const Instruction& instruction) {
  return instruction.opcode == spv::Op::OpVariable || instruction.opcode == spv::Op::OpUndef;
}

/// Module-scope memory that a program may have; more would only fail later, and with less of a reason.
constexpr uint64_t kMaxVariableBytes = uint64_t{1} << 30;

}  // namespace

Reader::Reader(Module& into, const ParsedModule& parsed, const ReadOptions& options)
    : context_(into.module->getContext()), parsed_(parsed), options_(options), result_(into), builder_(context_) {
  result_.used_constants.clear();
  index_ids();
}

void Reader::index_ids() {
  definitions_.resize(parsed_.bound);
  types_.resize(parsed_.bound);
  values_.resize(parsed_.bound);
  resolving_.resize(parsed_.bound);
  for (const Instruction& instruction : parsed_.instructions) {
    if (instruction.result) definitions_[instruction.result] = &instruction;
  }
}

bool Reader::read(std::string& log) {
  const std::span<const Instruction> all = parsed_.instructions;
  while (preamble_size_ < all.size() && all[preamble_size_].opcode != spv::Op::OpFunction) ++preamble_size_;
  const std::span<const Instruction> preamble = all.first(preamble_size_);
  // 1. What is said of ids, wherever it stands.
  for (const Instruction& instruction : preamble) read_annotation(instruction);
  if (!has_memory_model_ && !failed()) fail("the module has no OpMemoryModel: it may be cut off");
  // 2. Types, constants and variables. One that is used above its place is read when it is first asked for.
  for (const Instruction& instruction : preamble) {
    if (!failed()) read_declaration(instruction);
  }
  // 3. All functions are declared, since a call may stand before its callee; then come their bodies.
  const std::vector<std::span<const Instruction>> functions = cut_functions(preamble_size_);
  for (std::span<const Instruction> function : functions) {
    if (!failed()) read_function(function);
  }
  if (!failed()) spread_lacks();
  if (!failed()) list_imports();
  if (!failed() && !options_.borrowed) list_kernels(log);
  if (!failed()) verify();
  if (failed()) log.append("error: ").append(error_).append("\n");
  return !failed();
}

/// From OpFunction to before OpFunctionEnd each.
std::vector<std::span<const Instruction>> Reader::cut_functions(size_t first) {
  const std::span<const Instruction> all = parsed_.instructions;
  std::vector<std::span<const Instruction>> functions;
  for (size_t at = first; at < all.size() && !failed(); ++at) {
    if (all[at].opcode != spv::Op::OpFunction) continue;  // debug information between functions
    size_t end = at + 1;
    while (end < all.size() && all[end].opcode == spv::Op::OpFunctionParameter) ++end;
    declare_function(all[at], all.subspan(at + 1, end - at - 1));
    take_lack(all[at].result);
    while (end < all.size() && all[end].opcode != spv::Op::OpFunctionEnd) ++end;
    if (end == all.size()) fail("function '" + name(all[at].result) + "' has no end");
    functions.push_back(all.subspan(at, end - at));
    at = end;
  }
  return functions;
}

/// LLVM's own rules, which its passes rely on.
void Reader::verify() {
  std::string reason;
  llvm::raw_string_ostream stream(reason);
  if (llvm::verifyModule(module(), &stream)) return fail("the module has no meaning: " + reason);
  llvm::CallGraph calls(module());
  for (auto component = llvm::scc_begin(&calls); !component.isAtEnd(); ++component) {
    if (component.hasCycle()) fail("a function calls itself: kernels cannot recurse");
  }
}

void Reader::read_annotation(const Instruction& instruction) {
  const std::span<const uint32_t> operands = instruction.operands;
  switch (instruction.opcode) {
    case spv::Op::OpCapability:
      // It changes what instructions mean. What other capabilities bring is lacking where it is used.
      if (static_cast<spv::Capability>(operands[0]) == spv::Capability::Shader) {
        fail("the module needs capability Shader: only compute kernels of the OpenCL kind can run");
      }
      return;
    case spv::Op::OpExtInstImport: {
      const std::string set = read_string(operands);
      if (set == "OpenCL.std") opencl_import_ = instruction.result;
      return;
    }
    case spv::Op::OpMemoryModel:
      has_memory_model_ = true;
      if (static_cast<spv::AddressingModel>(operands[0]) != spv::AddressingModel::Physical64) {
        fail("the module has not 64-bit addresses (Physical64): compile it for spirv64");
      }
      return;
    case spv::Op::OpEntryPoint:
      if (static_cast<spv::ExecutionModel>(operands[0]) != spv::ExecutionModel::Kernel) {
        fail("an entry point is not a kernel");
      }
      entry_points_.push_back(&instruction);
      return;
    case spv::Op::OpExecutionMode:
    case spv::Op::OpExecutionModeId:
      read_execution_mode(instruction);
      return;
    case spv::Op::OpName:
      names_[operands[0]] = read_string(operands.subspan(1));
      return;
    case spv::Op::OpModuleProcessed: {
      const std::string convention = read_string(operands);
      result_.conventions.indices |= convention == abi::kChecksIndices;
      result_.conventions.failures |= convention == abi::kReportsFailures || result_.conventions.indices;
      return;
    }
    case spv::Op::OpDecorate:
    case spv::Op::OpDecorateId:
      decorations_[operands[0]].push_back({static_cast<spv::Decoration>(operands[1]), operands.subspan(2)});
      if (const Instruction* decorated = definition(operands[0]); decorated && !exports_functions_) {
        exports_functions_ = decorated->opcode == spv::Op::OpFunction && !export_name(operands[0]).empty();
      }
      return;
    case spv::Op::OpGroupDecorate:
      for (uint32_t target : operands.subspan(1)) {
        auto& group = decorations_[operands[0]];
        decorations_[target].insert(decorations_[target].end(), group.begin(), group.end());
      }
      return;
    default:
      return;  // debug information and the like, or a declaration
  }
}

void Reader::read_declaration(const Instruction& instruction) {
  const uint32_t id = instruction.result;
  if (id && (types_[id] || values_[id] || lacking_.contains(id))) return;  // something above needed it
  llvm::Type* type = nullptr;
  if (instruction.type && is_lacking(instruction.type)) {
    // A value of no type that is there.
  } else if (read_type(*this, instruction, type)) {
    types_[id] = type;
  } else if (is_global_instruction(instruction)) {
    read_global(instruction);
  } else {
    read_constant(*this, instruction);
  }
  take_lack(id);
}

/// Reads a type, constant or variable of the module before its turn; false when the id is none or needs itself.
bool Reader::resolve_early(uint32_t id) {
  constexpr unsigned kMaxDepth = 200;
  const Instruction* defined = definition(id);
  if (!defined || defined >= parsed_.instructions.data() + preamble_size_) return false;
  if (failed() || resolving_[id] || resolving_depth_ == kMaxDepth) return false;
  resolving_[id] = true;
  ++resolving_depth_;
  read_declaration(*defined);
  --resolving_depth_;
  return !failed();
}

void Reader::read_execution_mode(const Instruction& instruction) {
  const std::span<const uint32_t> operands = instruction.operands;
  const auto mode = static_cast<spv::ExecutionMode>(operands[1]);
  ExecutionModes& modes = modes_[operands[0]];
  if (mode == spv::ExecutionMode::LocalSize) {
    for (int d = 0; d < 3; ++d) modes.group_size[d] = operands[2 + d];
  } else if (mode == spv::ExecutionMode::LocalSizeId) {
    for (int d = 0; d < 3; ++d) {
      const std::optional<uint64_t> size = constant(operands[2 + d]);
      if (!size || *size > UINT32_MAX) return fail("the size of a work-group is no constant");
      modes.group_size[d] = static_cast<uint32_t>(*size);
    }
  } else if (mode == spv::ExecutionMode::SubgroupSize) {
    modes.sub_group_size = operands[2];
    if (!is_sub_group_size(operands[2]))
      modes.refusal = "it asks for sub-groups of " + std::to_string(operands[2]) +
                      " items, the device has those of 8, 16, 32 and 64";
  }
  // The rest are hints, or say what holds here anyway (no contraction, denormals and signed zeros kept).
}

void Reader::read_global(const Instruction& instruction) {
  if (instruction.opcode == spv::Op::OpUndef) {
    define(instruction, llvm::PoisonValue::get(value_type(instruction.type)));
    return;
  }
  llvm::Type* const held = value_type(pointee_type(instruction.type));
  if (failed()) return;
  if (layout().getTypeAllocSize(held) > kMaxVariableBytes) {
    return lack("variable '" + name(instruction.result) + "' is too large");
  }
  switch (static_cast<spv::StorageClass>(instruction.operands[0])) {
    case spv::StorageClass::Input:
      return;  // a built-in variable: each function that uses it makes its own
    case spv::StorageClass::Workgroup:
      local_indices_[instruction.result] = static_cast<uint32_t>(result_.locals.size());
      result_.locals.push_back(
          {layout().getTypeAllocSize(held), layout().getABITypeAlign(held).value(), source_name(instruction.result)});
      return;
    case spv::StorageClass::UniformConstant:
    case spv::StorageClass::CrossWorkgroup:
      break;
    default:
      fail("variable '" + name(instruction.result) + "' is of a storage class that kernels do not have");
      return;
  }
  read_variable(instruction, held);
}

/// Zero where the module gives none; null after a failure.
llvm::Constant* Reader::initial_value(const Instruction& instruction, llvm::Type* held) {
  if (instruction.operands.size() < 2) return llvm::Constant::getNullValue(held);
  auto* initial = llvm::dyn_cast<llvm::Constant>(value(instruction.operands[1]));
  if (initial && initial->getType() == held) return initial;
  fail("the initial value of variable '" + name(instruction.result) + "' is no constant of its type");
  return nullptr;
}

void Reader::list_kernels(std::string& log) {
  for (const Instruction* entry : entry_points_) {
    const uint32_t id = entry->operands[1];
    KernelInfo kernel;
    if (auto found = lacking_.find(id); found != lacking_.end()) {
      kernel.refusal = found->second;
    } else if (!modes_[id].refusal.empty()) {
      kernel.refusal = modes_[id].refusal;
    } else {
      kernel = describe_kernel(*entry);
    }
    if (failed()) return;
    kernel.part = options_.part;
    kernel.name = read_string(entry->operands.subspan(2));
    if (!kernel.refusal.empty()) log.append("note: kernel '" + kernel.name + "' cannot run: " + kernel.refusal + "\n");
    result_.kernels.push_back(std::move(kernel));
  }
}

/// All but its name.
KernelInfo Reader::describe_kernel(const Instruction& entry) {
  const uint32_t id = entry.operands[1];
  const std::string quoted = "kernel '" + read_string(entry.operands.subspan(2)) + "'";
  KernelInfo kernel;
  kernel.body = function(id);
  if (!kernel.body || kernel.body->isDeclaration()) return fail(quoted + " has no body"), kernel;
  if (!kernel.body->getReturnType()->isVoidTy()) return fail(quoted + " returns a value"), kernel;
  kernel.body->setLinkage(llvm::GlobalValue::ExternalLinkage);  // nothing calls it yet, but it is wanted
  std::copy_n(modes_[id].group_size, 3, kernel.required_group_size);
  kernel.required_sub_group_size = modes_[id].sub_group_size;
  if (kernel.required_group_size[0]) {
    const uint32_t* size = kernel.required_group_size;
    kernel.attributes = "reqd_work_group_size(" + std::to_string(size[0]) + "," + std::to_string(size[1]) + "," +
                        std::to_string(size[2]) + ")";
  }
  const Instruction* function_type = definition(definition(id)->operands[1]);
  for (uint32_t parameter : function_type->operands.subspan(1)) {
    const auto index = static_cast<unsigned>(kernel.parameters.size());
    ParameterKind kind = ParameterKind::kValue;
    llvm::Type* by_value = nullptr;
    if (definition(parameter)->opcode == spv::Op::OpTypePointer) {
      switch (storage_class(parameter)) {
        case spv::StorageClass::Workgroup:
          kind = ParameterKind::kLocalPointer;
          break;
        case spv::StorageClass::Function:
          by_value = value_type(pointee_type(parameter));
          if (failed()) return kernel;
          kernel.body->addParamAttr(index, llvm::Attribute::getWithByValType(context_, by_value));
          break;
        default:
          kind = ParameterKind::kPointer;
          break;
      }
    }
    kernel.parameters.push_back(kind);
    kernel.by_value_types.push_back(by_value);
  }
  return kernel;
}

void Reader::fail(std::string message) {
  if (!failed()) error_ = std::move(message);
}

bool read_module(Module& into, std::span<const std::byte> spirv, const ReadOptions& options, std::string& log) {
  std::optional<ParsedModule> parsed = parse(spirv, log);
  return parsed && Reader(into, *parsed, options).read(log);
}

}  // namespace metate::ze_software::spirv
