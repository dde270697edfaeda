// target_lowering.h – the questions that codegen asks a target.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <optional>
#include <span>
#include <string>

#include "compiler/codegen/leaves.h"
#include "compiler/ir/function.h"
#include "compiler/ir/synchronisation.h"

namespace metate::codegen {

class FunctionLowering;

/// One object a target. Everything here is about LLVM and the machine; Python and NumPy meaning was settled before.
class TargetLowering {
 public:
  virtual ~TargetLowering() = default;

  virtual std::string triple() const = 0;
  virtual std::string data_layout() const = 0;

  virtual AddressSpaces address_spaces() const { return {}; }
  /// Of the pointer that functions pass along to say where errors go.
  virtual unsigned context_address_space() const { return 0; }

  /// A mathematical function by its row name in math_symbols.def ("sin"), operands float or double.
  virtual llvm::Value* math_call(FunctionLowering& lowering, std::string_view function,
                                 std::span<llvm::Value* const> operands) = 0;

  /// Whether functions of complex numbers can be called (complex_functions.def); else they are made of real ones.
  virtual bool has_complex_functions() const { return true; }

  /// Whether nests of this mode become parallel regions; else they are lowered as loops.
  virtual bool runs_parallel(ir::NestMode mode) const = 0;
  /// Whether nests for a device are launched there; else they are lowered as loops.
  virtual bool offloads() const { return false; }

  /// Whether a module has global arrays as variables of its own, which are filled when it is loaded; else it links to
  /// the host's.
  virtual bool owns_frozen_arrays() const { return false; }

  /// Writes error site `site` with its values (64-bit integers) where the launcher or caller looks for it.
  virtual void record_error(FunctionLowering& lowering, int32_t site, std::span<llvm::Value* const> values) = 0;
  /// Adds call site `site` to the trace of an error on its way out.
  virtual void record_trace(FunctionLowering& lowering, int32_t site) = 0;

  /// Prints site `site` with its values (64-bit integers); an i1 that is true when that failed.
  virtual llvm::Value* print(FunctionLowering& lowering, int32_t site, std::span<llvm::Value* const> values) = 0;

  /// Whether the stack is used up, as an i1; null where functions cannot recurse.
  virtual llvm::Value* stack_is_used_up(FunctionLowering& lowering) { return nullptr; }
  /// Looks whether the caller wants the code to end: an i1 that is true when it shall leave with what was recorded.
  /// Null where nobody can want that. Moves the builder behind the question.
  virtual llvm::Value* poll_interrupt(FunctionLowering& lowering) { return nullptr; }

  // What only kernels have.
  virtual llvm::Value* work_item(FunctionLowering& lowering, ir::WorkItemQuery query, llvm::Value* dimension) = 0;
  virtual void barrier(FunctionLowering& lowering, ir::Fence fence) = 0;
  virtual void fence(FunctionLowering& lowering, ir::Fence fence) = 0;
  /// What the items of a group compute together of a leaf (a bool is an i1), and for some forms an item's number (i64).
  virtual llvm::Value* group(FunctionLowering& lowering, ir::GroupOperation operation, types::DType dtype,
                             std::span<llvm::Value* const> operands) = 0;
  /// What lies at an address, an integer, which becomes `desired` where it is `expected`.
  virtual llvm::Value* compare_exchange(FunctionLowering& lowering, ir::Atomic atomic, llvm::Value* address,
                                        llvm::Value* expected, llvm::Value* desired) = 0;
  /// Whether an instruction computes with a float in memory of this address space.
  virtual bool has_float_atomic(ir::AtomicOp, types::DType, unsigned /*address_space*/) const { return false; }
  /// LLVM's name of a scope.
  virtual llvm::StringRef sync_scope(ir::MemoryScope) const { return ""; }
};

}  // namespace metate::codegen
