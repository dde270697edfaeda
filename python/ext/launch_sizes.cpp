#include "python/ext/launch_sizes.h"

#include <string>

#include "python/ext/raise.h"

namespace metate::ext {

using level_zero::Extent3;

Extent3 device_extents(const std::vector<int64_t>& extents, const char* what) {
  Extent3 result{1, 1, 1};
  for (size_t i = 0; i < extents.size(); ++i) {
    int64_t extent = extents[extents.size() - 1 - i];
    if (extent < 0 || extent > UINT32_MAX)
      fail(PyExc_ValueError, std::string(what) + " size " + std::to_string(extent) + " is out of range");
    result[i] = static_cast<uint32_t>(extent);
  }
  return result;
}

Extent3 group_extents(const level_zero::Device& device, const level_zero::Kernel& kernel, const Extent3& items,
                      const std::vector<int64_t>& local) {
  if (local.empty()) return take(kernel.suggest_group_size(device, items));
  Extent3 group = device_extents(local, "local");
  // k[3, 2] and k[(3, 2)] are the same to Python.
  std::string hint;
  if (local.size() == 1) {
    const std::string sizes[] = {std::to_string(items[0]), std::to_string(group[0])};
    hint = "; a launch over " + sizes[0] + " x " + sizes[1] + " work-items is k[metate.Range(" + sizes[0] + ", " +
           sizes[1] + ")]";
  }
  uint64_t total = 1;
  for (size_t i = 0; i < 3; ++i) {
    total *= group[i];
    if (group[i] == 0 || items[i] % group[i] != 0)
      fail(PyExc_ValueError, "global size " + std::to_string(items[i]) + " is not a multiple of the local size " +
                                 std::to_string(group[i]) + hint);
  }
  uint32_t most = device.properties().max_group_size;
  if (total > most)
    fail(PyExc_ValueError, "a work-group of " + std::to_string(total) + " items is more than the device takes (" +
                               std::to_string(most) + ")" + hint);
  return group;
}

}  // namespace metate::ext
