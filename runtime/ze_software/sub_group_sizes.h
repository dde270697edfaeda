// sub_group_sizes – how many items a sub-group has.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace metate::ze_software {

/// A sub-group is so many items with neighbouring linear local ids; the last one of a group has what is left.
inline constexpr uint32_t kSubGroupSizes[] = {8, 16, 32, 64};
/// Where a kernel asks for none.
inline constexpr uint32_t kDefaultSubGroupSize = 32;

inline bool is_sub_group_size(uint32_t size) {
  return std::find(std::begin(kSubGroupSizes), std::end(kSubGroupSizes), size) != std::end(kSubGroupSizes);
}

}  // namespace metate::ze_software
