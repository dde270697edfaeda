// barrier_regions – cuts a kernel at its barriers into regions that all items of a group run in turn.
#pragma once

#include <cstdint>

namespace llvm {
class Function;
}

namespace metate::ze_software::spirv {
struct Conventions;
}

namespace metate::ze_software::work_group {

class EntryFunction;

/// Fills the entry with: for each group, region by region, for each item. A region begins at the kernel's start or
/// behind a barrier and ends at the next barriers that it can reach, whatever loops and conditions lie around them. All
/// items of a group must come to the same one; the entry returns kBarrierDivergence when they do not.
///
/// Where items of sub-groups meet, each sub-group runs by itself in this way, from one barrier of the whole group to
/// the next: it may take its own way to there.
///
/// The items of a row that all checks of indices let pass run without these, as `usual_items` says, if a failure can be
/// told by the conventions of the module.
///
/// What an item computes in one region and uses in another waits in the entry's item memory, or in one place for all
/// when it is the same for all items. Returns the bytes of that memory that an item needs. `body` is used up.
uint32_t split_at_barriers(EntryFunction& entry, llvm::Function& body, const spirv::Conventions& conventions);

}  // namespace metate::ze_software::work_group
