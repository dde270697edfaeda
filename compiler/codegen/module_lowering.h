// module_lowering – one LLVM module out of loop-stage functions, with the table of their error sites.
#pragma once

#include <llvm/IR/Module.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/codegen/error_site.h"
#include "compiler/codegen/leaves.h"
#include "compiler/codegen/long_loops.h"
#include "compiler/codegen/source_lines.h"
#include "compiler/codegen/target_lowering.h"
#include "compiler/ir/function.h"

namespace metate::codegen {

/// Of variables that hold elements: whole cache lines, and the widest vectors.
inline constexpr uint64_t kLocalAlign = 64;

/// A nest that a device runs, and the values that it takes from the function around it.
struct DeviceNest {
  const ir::Function* function;
  ir::Inst nest;
  std::vector<ir::Value> captures;
};

class ModuleLowering {
 public:
  ModuleLowering(llvm::LLVMContext& context, ir::Universe& universe, TargetLowering& target, std::string_view name);

  /// Says before any function is added that calls of this one are guarded against using up the stack.
  void mark_recursive(support::Symbol function) { recursive_.insert(function.index()); }
  bool is_recursive(support::Symbol function) const { return recursive_.contains(function.index()); }
  /// Says before any function is added that a checker will watch the kernels of this module (check_marks), and what it
  /// calls that which is added next: `function`, or nests where that is none.
  void check_kernel(support::Symbol function, std::string name) {
    checked_ = true;
    checked_function_ = function;
    checked_name_ = std::move(name);
  }
  bool is_checked() const { return checked_; }
  /// Says what a checker is to call global arrays, by their numbers in the table of constants.
  void name_global_arrays(std::unordered_map<int64_t, std::string> names) { array_names_ = std::move(names); }
  /// Empty for a constant that is none of them.
  std::string_view global_array_name(const types::Constant& constant) const {
    auto found =
        constant.kind == types::ConstantKind::kArray ? array_names_.find(constant.integer) : array_names_.end();
    return found == array_names_.end() ? std::string_view() : found->second;
  }
  /// Says before any function is added that instructions of the module are to know their lines, for debuggers and
  /// people who read it: its code is the same, and takes longer to compile.
  void keep_lines() { lines_ = std::make_unique<SourceLines>(*module_, universe_); }
  SourceLines* lines() { return lines_.get(); }
  support::Symbol checked_function() const { return checked_function_; }
  const std::string& checked_name() const { return checked_name_; }
  /// Says before any function is added that the module has to hold every global array, however large.
  void embed_frozen_arrays() { embeds_arrays_ = true; }
  bool embeds_frozen_arrays() const { return embeds_arrays_; }
  /// Adds a function (stage loop) under its own name with internal linkage. Callees may be added later.
  void add_function(const ir::Function& function);
  /// Adds the entry point that other code calls: i32 name(context, results, arguments) on slots.
  void add_entry(const ir::Function& function, std::string_view symbol);
  /// Adds a function that C calls: numbers as numbers, arrays of no dimension as addresses. The return type is a number
  /// or None. An error goes to HostCalls::report, and zero is returned. `metate_callback_context`, an abi::Context to
  /// copy from, has to be linked to it.
  void add_c_function(const ir::Function& function, std::string_view symbol);
  /// Adds a device kernel: the leaves of the parameters without owners, then the address of abi::KernelErrors. Every
  /// function it calls is inlined.
  void add_kernel(const ir::Function& function, std::string_view symbol);
  /// Adds a device kernel that runs one iteration of a nest for each work-item, its innermost axis fastest: the leaves
  /// of the captures without owners, the extents, then the address of abi::KernelErrors. Where there are more than
  /// three axes, the outer ones share the device's last dimension. Items beyond the extents do nothing.
  void add_nest_kernel(const DeviceNest& nest, std::string_view symbol);
  /// Sites of this module get numbers behind those of another one.
  void continue_sites(std::vector<ErrorSite> sites) { sites_ = std::move(sites); }

  std::unique_ptr<llvm::Module> take_module();
  std::vector<ErrorSite> take_sites() { return std::move(sites_); }
  /// The nests that code of this module launches, by the number that it knows them by.
  std::vector<DeviceNest> take_device_nests() { return std::move(device_nests_); }

  // For the units of codegen.
  llvm::Module& module() { return *module_; }
  llvm::LLVMContext& context() { return context_; }
  ir::Universe& universe() { return universe_; }
  TargetLowering& target() { return target_; }
  const LeafTypes& leaf_types() const { return leaf_types_; }
  int32_t add_site(ErrorSite site);
  int32_t add_device_nest(DeviceNest nest);
  /// Of the function that is being added.
  const LongLoops& long_loops() const { return long_loops_; }
  /// The declaration `i32 name(context, results, leaves…)` of a compiled function.
  llvm::Function* declare(std::string_view name, std::span<const types::TypeId> parameters);
  /// A variable that each work-group has one of; not initialised.
  llvm::GlobalVariable* group_variable(llvm::Type* type, unsigned address_space);
  /// A function of runtime_calls.def.
  llvm::FunctionCallee runtime_call(std::string_view name);

 private:
  llvm::LLVMContext& context_;
  ir::Universe& universe_;
  TargetLowering& target_;
  std::unique_ptr<llvm::Module> module_;
  LeafTypes leaf_types_;
  std::vector<ErrorSite> sites_;
  std::vector<DeviceNest> device_nests_;
  std::unordered_set<uint32_t> recursive_;
  bool checked_ = false;
  bool embeds_arrays_ = false;
  support::Symbol checked_function_;
  std::string checked_name_;
  std::unordered_map<int64_t, std::string> array_names_;
  LongLoops long_loops_;
  std::unique_ptr<SourceLines> lines_;  // null unless they are kept
};

}  // namespace metate::codegen
