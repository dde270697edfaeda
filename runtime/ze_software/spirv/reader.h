// reader – the state of reading one module, and the instruction families that share it.
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/ze_software/spirv/module_reader.h"
#include "runtime/ze_software/spirv/parse.h"

namespace metate::ze_software::spirv {

/// More than any CPU can make use of.
inline constexpr uint32_t kMaxAlignment = 4096;

struct Decoration {
  spv::Decoration kind;
  std::span<const uint32_t> operands;
};

/// Ids, types and values of the module, and the place where the next instruction goes. A family reads an instruction
/// with it: operand by operand, then `define`. The first `fail` ends the reading, the first `lack` that of the
/// function; until the caller notices, lookups give poison.
class Reader {
 public:
  Reader(Module& into, const ParsedModule& parsed, const ReadOptions& options);

  bool read(std::string& log);

  // Used by the families.
  llvm::IRBuilder<>& builder() { return builder_; }
  llvm::Module& module() { return *result_.module; }
  llvm::LLVMContext& context() { return context_; }
  const llvm::DataLayout& layout() const { return result_.module->getDataLayout(); }

  llvm::Type* type(uint32_t id);
  /// A type that values can have and memory can hold.
  llvm::Type* value_type(uint32_t id);
  /// How deep structures and arrays are nested in a type: 0 for scalars, vectors and pointers.
  uint32_t nesting(uint32_t type) const { return nestings_.contains(type) ? nestings_.at(type) : 0; }
  void set_nesting(uint32_t type, uint32_t depth) { nestings_[type] = depth; }
  llvm::Value* value(uint32_t id);
  /// Null, which a family gives after a failure, is no value; a value of another type than the instruction names fails.
  void define(const Instruction& instruction, llvm::Value* value);
  void fail(std::string message);
  /// What the module means is clear, but the device has no such thing: the declaration or function that is being read
  /// is not there, and so is all that needs it. The rest of the module is.
  void lack(std::string reason);
  bool failed() const { return !error_.empty() || !lack_.empty(); }

  /// The instruction that defines an id; null for an id without result.
  const Instruction* definition(uint32_t id) const { return id < definitions_.size() ? definitions_[id] : nullptr; }
  /// The id of the type of a value.
  uint32_t type_of(uint32_t id) const;
  /// The type that a pointer type (or the type of a pointer value) points to, and where to.
  uint32_t pointee_type(uint32_t pointer_type) const;
  spv::StorageClass storage_class(uint32_t pointer_type) const;
  /// The value of an integer constant.
  std::optional<uint64_t> constant(uint32_t id);

  const Decoration* decoration(uint32_t id, spv::Decoration kind) const;
  std::string name(uint32_t id) const;
  /// The same, but empty where the module has none.
  std::string source_name(uint32_t id) const { return names_.contains(id) ? name(id) : std::string(); }
  /// The name under which another module should define the id; empty when this one does.
  std::string import_name(uint32_t id) const;
  /// The name under which this module defines the id for others; empty when it does not.
  std::string export_name(uint32_t id) const;
  bool is_opencl_import(uint32_t id) const { return opencl_import_ == id; }
  std::optional<std::span<const std::byte>> specialization(uint32_t spec_id, size_t size);

  /// A block of the function that is being read; null (and failed) for an id that labels none.
  llvm::BasicBlock* block(uint32_t label);
  void begin_block(const Instruction& label);
  /// The rest of the block that is being read goes to another one, behind a loop of the reader's own.
  void continue_block(llvm::BasicBlock* rest) { exits_[label_] = rest; }
  llvm::Function* function(uint32_t id);
  /// What the phi of a later block will see as its predecessor.
  void add_phi(llvm::PHINode* phi, const Instruction& instruction) { phis_.emplace_back(phi, &instruction); }

  /// Where to write what the kernel checker wants to know; null when nobody asked.
  CheckNotes* check_notes() { return options_.for_check ? &result_.notes : nullptr; }

  /// An alloca in the function's entry block.
  llvm::AllocaInst* private_variable(llvm::Type* type);
  /// Gives it that many bytes, if it has less and there is room for them.
  void enlarge(llvm::AllocaInst& variable, uint64_t bytes);

 private:
  void index_ids();
  std::vector<std::span<const Instruction>> cut_functions(size_t first);
  void read_annotation(const Instruction& instruction);
  void read_declaration(const Instruction& instruction);
  bool resolve_early(uint32_t id);
  llvm::Value* placeholder(uint32_t id);
  bool is_lacking(uint32_t id);
  bool take_lack(uint32_t id);
  void discard(llvm::Function& function, uint32_t id);
  void spread_lacks();
  void replace_placeholders();
  void check_function();
  void verify();
  void read_execution_mode(const Instruction& instruction);
  void read_global(const Instruction& instruction);
  void read_variable(const Instruction& instruction, llvm::Type* held);
  llvm::Constant* initial_value(const Instruction& instruction, llvm::Type* held);
  llvm::GlobalVariable* linked_variable(const std::string& key, llvm::Type* held);
  llvm::Function* linked_function(const std::string& key, llvm::FunctionType* type);
  llvm::Function* make_function(const Instruction& instruction, llvm::FunctionType* type);
  std::optional<std::string> import_key(const std::string& name) const;
  void declare_function(const Instruction& instruction, std::span<const Instruction> parameters);
  void read_function(std::span<const Instruction> body);
  void finish_phis();
  void list_imports();
  void list_kernels(std::string& log);
  KernelInfo describe_kernel(const Instruction& entry);
  void read_body_instruction(const Instruction& instruction);
  llvm::Value* function_variable(uint32_t id);

  llvm::LLVMContext& context_;
  const ParsedModule& parsed_;
  const ReadOptions& options_;
  Module& result_;
  llvm::IRBuilder<> builder_;
  std::string error_;
  std::string lack_;                                   // of what is being read
  std::unordered_map<uint32_t, std::string> lacking_;  // why those ids stand for nothing

  std::vector<const Instruction*> definitions_;
  std::vector<llvm::Type*> types_;
  std::unordered_map<uint32_t, uint32_t> nestings_;
  std::vector<llvm::Value*> values_;
  std::unordered_map<uint32_t, std::vector<Decoration>> decorations_;
  std::unordered_map<uint32_t, std::string> names_;
  std::unordered_map<uint32_t, llvm::Function*> functions_;
  std::unordered_map<uint32_t, uint32_t> local_indices_;  // module-scope Workgroup variable -> index in locals
  std::vector<const Instruction*> entry_points_;
  std::vector<const Instruction*> imported_functions_;
  std::vector<std::pair<std::string, llvm::GlobalVariable*>> imported_variables_;
  bool exports_functions_ = false;
  struct ExecutionModes {
    uint32_t group_size[3] = {0, 0, 0};
    uint32_t sub_group_size = 0;
    std::string refusal;
  };
  std::unordered_map<uint32_t, ExecutionModes> modes_;
  uint32_t opencl_import_ = 0;
  bool has_memory_model_ = false;

  size_t preamble_size_ = 0;  // instructions before the first function
  std::vector<bool> resolving_;
  unsigned resolving_depth_ = 0;

  // Of the function that is being read.
  std::span<const Instruction> body_;
  std::unordered_map<uint32_t, llvm::Instruction*> placeholders_;  // of values used before their block was read
  uint64_t private_bytes_ = 0;
  llvm::Function* function_ = nullptr;
  std::unordered_map<uint32_t, llvm::BasicBlock*> blocks_;
  std::unordered_map<uint32_t, llvm::BasicBlock*> exits_;          // where the blocks of those labels end
  uint32_t label_ = 0;                                             // of the block that is being read
  std::unordered_map<uint32_t, llvm::Value*> function_variables_;  // built-in and local variables it uses
  std::vector<std::pair<llvm::PHINode*, const Instruction*>> phis_;
};

// The families. Each returns false when the instruction is none of its own.
bool read_type(Reader& reader, const Instruction& instruction, llvm::Type*& type);  // types.cpp
bool read_constant(Reader& reader, const Instruction& instruction);                 // constants.cpp
bool read_arithmetic(Reader& reader, const Instruction& instruction);
bool read_integer_dot(Reader& reader, const Instruction& instruction);
bool read_comparison(Reader& reader, const Instruction& instruction);
bool read_bits(Reader& reader, const Instruction& instruction);
bool read_conversion(Reader& reader, const Instruction& instruction);
bool read_composite(Reader& reader, const Instruction& instruction);
bool read_memory(Reader& reader, const Instruction& instruction);
bool read_control_flow(Reader& reader, const Instruction& instruction);
bool read_atomic(Reader& reader, const Instruction& instruction);
bool read_group(Reader& reader, const Instruction& instruction);
bool read_ballot(Reader& reader, const Instruction& instruction);
bool read_async_copy(Reader& reader, const Instruction& instruction);
bool read_sub_group_block(Reader& reader, const Instruction& instruction);
bool read_storage(Reader& reader, const Instruction& instruction);
bool read_hint(Reader& reader, const Instruction& instruction);
bool read_clock(Reader& reader, const Instruction& instruction);
bool read_function_pointer(Reader& reader, const Instruction& instruction);
bool read_opencl(Reader& reader, const Instruction& instruction);

/// Whether the operands are of the kinds that the instruction works on (checks.cpp); if not, the reading has failed.
/// LLVM builds whatever it is told to, so what the validator has not passed must not get there unchecked.
bool operands_fit(Reader& reader, const Instruction& instruction);

/// What a module exports or imports under a name.
struct LinkageName {
  std::string name;
  spv::LinkageType type;
};
std::optional<LinkageName> linkage_name(std::span<const uint32_t> decoration_operands);

/// The same type, or vectors of the same length.
bool same_lanes(const llvm::Type* a, const llvm::Type* b);

/// A call of an OpenCL C function that a compiler left to be linked: library_calls.cpp. False when it is none.
bool read_library_call(Reader& reader, const Instruction& instruction, std::string_view name);

/// The same for functions that ask where a pointer points to, which have no C++ names: storage.cpp.
bool read_storage_call(Reader& reader, const Instruction& instruction, std::string_view name);
/// A call that tells the kernel checker something, and runs no code: check_marks.cpp. False when it is none.
bool read_check_mark(Reader& reader, const Instruction& instruction, std::string_view name);
/// OpLine, for the kernel checker.
void read_source_line(Reader& reader, const Instruction& instruction);

/// A built-in variable of the entry point (GlobalInvocationId …) as the function sees it: builtins.cpp.
llvm::Value* builtin_value(Reader& reader, spv::BuiltIn builtin, llvm::Type* type);

/// Those of them that have a bit for each item of the sub-group: ballot.cpp.
llvm::Value* ballot_mask(Reader& reader, spv::BuiltIn builtin, llvm::Type* type);

/// "OpFAdd", for messages.
std::string opcode_name(spv::Op opcode);

}  // namespace metate::ze_software::spirv
