// body – makes one function of all that an item does, in the simple form that the loops around it need.
#pragma once

namespace llvm {
class Function;
class Module;
}  // namespace llvm

namespace metate::ze_software::work_group {

/// Inlines into the kernels whatever asks for items, barriers or local memory; gives by-value parameters a copy of the
/// item's own; and lifts private variables to values where it can.
void simplify_bodies(llvm::Module& module);

/// The same for a copy that some branches have been decided in.
void simplify_body(llvm::Function& body);

/// Before simplify_bodies, for kernels that are to be checked: inlines every function, and makes values of the scalar
/// variables, but changes no access to any other memory.
void complete_bodies(llvm::Module& module);

/// True when the function, simplified, waits for other items.
bool has_barrier(const llvm::Function& body);

/// True when the function, simplified, has a loop, or may call one that has: nobody knows how long an item takes.
bool has_loop(const llvm::Function& body);

/// True when the function asks for its place in the group or the group's memory, and not only for its global id.
bool depends_on_group(const llvm::Function& body);

}  // namespace metate::ze_software::work_group
