// leaves.h – how one IR value becomes several LLVM values.
//
// Structured values are never LLVM aggregates: a complex number is two leaves, an array of layout A its data, owner,
// shape and strides, a tuple the leaves of its elements. So every leaf is a register and block parameters are plain
// phis. Arrays of layout C and F have no stride leaves: their strides follow from the shape.
#pragma once

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/IRBuilder.h>

#include "compiler/ir/universe.h"

namespace metate::codegen {

using Leaves = llvm::SmallVector<llvm::Value*, 6>;

/// Positions of an array's leaves.
inline constexpr unsigned kDataLeaf = 0;
inline constexpr unsigned kOwnerLeaf = 1;
inline constexpr unsigned kShapeLeaf = 2;
inline constexpr unsigned stride_leaf(const types::Type& array) { return kShapeLeaf + array.ndim; }

/// LLVM's number of each memory space on a target.
struct AddressSpaces {
  unsigned global = 0;
  unsigned group = 0;
  unsigned frame = 0;  // private arrays too
};

/// LLVM types of leaves and slots.
class LeafTypes {
 public:
  LeafTypes(llvm::LLVMContext& context, const ir::Universe& universe, AddressSpaces spaces)
      : context_(context), universe_(universe), spaces_(spaces) {}

  /// The type of a pointer to the elements of an array.
  llvm::PointerType* data_pointer(const types::Type& array) const;

  /// The type of a number in a register: bool is i1, a complex number's parts are float or double.
  llvm::Type* scalar(types::DType dtype) const;
  /// The type of a number, or of a complex one's part, in memory: bool is i8.
  llvm::Type* memory(types::DType dtype) const;
  llvm::SmallVector<llvm::Type*, 6> leaves(types::TypeId type) const;
  unsigned leaf_count(types::TypeId type) const { return static_cast<unsigned>(leaves(type).size()); }

  /// Reads the value whose slots (types/slots.h) begin at `slots`.
  Leaves load_slots(llvm::IRBuilderBase& builder, types::TypeId type, llvm::Value* slots) const;
  /// Writes all slots of a value, strides of C and F arrays included.
  void store_slots(llvm::IRBuilderBase& builder, types::TypeId type, llvm::ArrayRef<llvm::Value*> leaves,
                   llvm::Value* slots) const;

  /// The stride in bytes of an axis, computed from the shape where the layout says so.
  llvm::Value* stride(llvm::IRBuilderBase& builder, const types::Type& array, llvm::ArrayRef<llvm::Value*> leaves,
                      unsigned axis) const;

  const ir::Universe& universe() const { return universe_; }

 private:
  void append(types::TypeId type, llvm::SmallVectorImpl<llvm::Type*>& out) const;
  unsigned load(llvm::IRBuilderBase& builder, types::TypeId type, llvm::Value* slots, unsigned slot, Leaves& out) const;
  void store(llvm::IRBuilderBase& builder, types::TypeId type, llvm::ArrayRef<llvm::Value*> leaves, unsigned& leaf,
             llvm::Value* slots, unsigned& slot) const;

  llvm::LLVMContext& context_;
  const ir::Universe& universe_;
  AddressSpaces spaces_;
};

}  // namespace metate::codegen
