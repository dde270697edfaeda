#include "python/ext/launch_sizes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "python/ext/imported.h"
#include "python/ext/raise.h"

namespace metate::ext {

using level_zero::Extent3;

namespace nb = nanobind;

namespace {

/// An int as most sizes are: false, and no exception, for all else.
bool read_plain(PyObject* object, int64_t& extent) {
  if (!PyLong_CheckExact(object)) return false;
  int overflow = 0;
  extent = PyLong_AsLongLongAndOverflow(object, &overflow);
  return !overflow && extent >= 0;
}

/// Knows what else stands for a size, and why something does not.
nb::object normalized(nb::handle sizes) {
  static constinit Imported function("metate.launch_ranges", "extents");
  if (!function.get()) throw nb::python_error();
  return nb::handle(function.get())(sizes);
}

Extents read_tuple(PyObject* sizes, bool& is_plain) {
  Extents extents;
  const Py_ssize_t count = PyTuple_GET_SIZE(sizes);
  if (count > 3) fail(PyExc_ValueError, "a kernel is launched over 1 to 3 dimensions");
  for (Py_ssize_t i = 0; i < count; ++i) {
    int64_t extent = 0;
    is_plain = is_plain && read_plain(PyTuple_GET_ITEM(sizes, i), extent);
    extents.push_back(extent);
  }
  return extents;
}

}  // namespace

Extents read_extents(nb::handle sizes) {
  bool is_plain = true;
  if (sizes.is_none()) return {};
  if (PyTuple_Check(sizes.ptr())) {
    const Extents extents = read_tuple(sizes.ptr(), is_plain);
    if (is_plain) return extents;
  } else if (int64_t extent; read_plain(sizes.ptr(), extent)) {
    Extents extents;
    extents.push_back(extent);
    return extents;
  }
  return read_tuple(normalized(sizes).ptr(), is_plain);
}

LaunchExtents::LaunchExtents(int64_t items, bool in_groups_of_one) {
  global.push_back(items);
  if (in_groups_of_one) local.push_back(1);
}

LaunchExtents::LaunchExtents(nb::handle global_size, nb::handle local_size, nb::handle first)
    : global(read_extents(global_size)), local(read_extents(local_size)), offset(read_extents(first)) {
  if (global.empty()) fail(PyExc_ValueError, "a kernel is launched over 1 to 3 dimensions");
  if (!local.empty() && local.rank() != global.rank())
    fail(PyExc_ValueError, "global and local size have different numbers of dimensions");
  if (!offset.empty() && offset.rank() != global.rank())
    fail(PyExc_ValueError, "global size and offset have different numbers of dimensions");
}

Extent3 device_extents(const Extents& extents, const char* what) {
  Extent3 result{1, 1, 1};
  for (size_t i = 0; i < extents.rank(); ++i) {
    const int64_t extent = extents.values()[extents.rank() - 1 - i];
    if (extent < 0 || extent > UINT32_MAX)
      fail(PyExc_ValueError, std::string(what) + " size " + std::to_string(extent) + " is out of range");
    result[i] = static_cast<uint32_t>(extent);
  }
  return result;
}

Extent3 device_offset(const Extents& offset) {
  Extent3 result{};
  for (size_t i = 0; i < offset.rank(); ++i) {
    const int64_t first = offset.values()[offset.rank() - 1 - i];
    if (first < 0 || first > UINT32_MAX)
      fail(PyExc_ValueError, "global offset " + std::to_string(first) + " is out of range");
    result[i] = static_cast<uint32_t>(first);
  }
  return result;
}

Extent3 group_extents(const level_zero::Device& device, DeviceKernel& kernel, const Extent3& items,
                      const Extents& local) {
  if (local.empty()) return kernel.suggested_group(items);
  Extent3 group = device_extents(local, "local");
  // k[3, 2] and k[(3, 2)] are the same to Python.
  const auto hint = [&]() -> std::string {
    if (local.rank() != 1) return {};
    const std::string sizes[] = {std::to_string(items[0]), std::to_string(group[0])};
    return "; a launch over " + sizes[0] + " x " + sizes[1] + " work-items is k[metate.Range(" + sizes[0] + ", " +
           sizes[1] + ")]";
  };
  uint64_t total = 1;
  for (size_t i = 0; i < 3; ++i) {
    total *= group[i];
    if (group[i] == 0 || items[i] % group[i] != 0)
      fail(PyExc_ValueError, "global size " + std::to_string(items[i]) + " is not a multiple of the local size " +
                                 std::to_string(group[i]) + hint());
  }
  for (size_t i = 0; i < local.rank(); ++i) {
    const uint32_t longest = device.properties().max_group_sizes[i];
    if (group[i] > longest)
      fail(PyExc_ValueError, "a work-group of " + std::to_string(group[i]) + " items in dimension " +
                                 std::to_string(local.rank() - 1 - i) + " is more than the device takes there (" +
                                 std::to_string(longest) + ")" + hint());
  }
  uint32_t most = device.properties().max_group_size;
  if (total > most)
    fail(PyExc_ValueError, "a work-group of " + std::to_string(total) + " items is more than the device takes (" +
                               std::to_string(most) + ")" + hint());
  return group;
}

Extent3 group_counts(const level_zero::Device& device, const Extent3& items, const Extent3& group) {
  Extent3 counts;
  for (size_t i = 0; i < counts.size(); ++i) {
    counts[i] = items[i] / group[i];
    if (counts[i] > device.properties().max_group_counts[i])
      fail(PyExc_ValueError, "a launch over " + std::to_string(items[i]) + " items in work-groups of " +
                                 std::to_string(group[i]) + " has more groups in a dimension than the device takes (" +
                                 std::to_string(device.properties().max_group_counts[i]) + "): make the groups larger");
  }
  return counts;
}

void require_sub_group_size(const level_zero::Device& device, const std::string& kernel, uint32_t size) {
  const std::vector<uint32_t>& sizes = device.properties().sub_group_sizes;
  if (sizes.empty() || std::ranges::find(sizes, size) != sizes.end())
    return;  // of one that names none, its driver says
  std::string known;
  for (size_t i = 0; i < sizes.size(); ++i)
    known += (i == 0 ? "" : i + 1 < sizes.size() ? ", " : " or ") + std::to_string(sizes[i]);
  fail(PyExc_ValueError, "kernel " + kernel + " asks for sub-groups of " + std::to_string(size) + " work-items, and '" +
                             device.name() + "' has sub-groups of " + known);
}

}  // namespace metate::ext
