// items – what a kernel's body asks of the loops around it: the placeholders between reader and work-group maker.
#pragma once

#include <cstdint>

namespace llvm {
class Function;
class Module;
}  // namespace llvm

namespace metate::ze_software::spirv {

/// First operand of kItemQuery.
enum class ItemQuery : uint32_t {
  kGlobalId,  // with the offset
  kLocalId,
  kGroupId,
  kGroupCount,
  kGroupSize,
  kGlobalSize,
  kGlobalOffset,
  kWorkDimensions,
};

inline constexpr char kItemQuery[] = "metate.item";            // i64 (i32 query, i32 dimension)
inline constexpr char kLocalVariable[] = "metate.local";       // ptr (i32 index in Module::locals)
inline constexpr char kWorkGroupBarrier[] = "metate.barrier";  // void ()

/// Their declarations in a module, made when first asked for.
llvm::Function* item_query(llvm::Module& module);
llvm::Function* local_variable(llvm::Module& module);
llvm::Function* work_group_barrier(llvm::Module& module);

}  // namespace metate::ze_software::spirv
