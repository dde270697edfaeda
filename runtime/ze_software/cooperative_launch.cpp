// cooperative_launch – launches whose groups wait for one another: each group has a thread of its own.
#include <atomic>
#include <thread>
#include <vector>

#include "runtime/ze_software/driver.h"
#include "runtime/ze_software/launch.h"
#include "runtime/ze_software/messages.h"

namespace metate::ze_software {
namespace {

/// Kernels that do not ask for their group run by ranges of items, which are neighbours in rows along x. A group is one
/// such range in each of its rows.
ze_result_t run_rows_of_group(const Launch& launch, const uint64_t (&group)[3]) {
  const LaunchRecord& record = launch.record;
  for (uint64_t z = 0; z < record.group_size[2]; ++z) {
    for (uint64_t y = 0; y < record.group_size[1]; ++y) {
      const uint64_t plane = group[2] * record.group_size[2] + z;
      const uint64_t row = plane * record.global_size[1] + group[1] * record.group_size[1] + y;
      const uint64_t begin = row * record.global_size[0] + group[0] * record.group_size[0];
      if (ze_result_t bad = run_range(launch, begin, begin + record.group_size[0])) return bad;
    }
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t run_group(const Launch& launch, uint64_t number) {
  if (launch.kernel->range_unit == RangeUnit::kGroup) return run_range(launch, number, number + 1);
  const uint64_t (&count)[3] = launch.record.group_count;
  return run_rows_of_group(launch, {number % count[0], number / count[0] % count[1], number / count[0] / count[1]});
}

}  // namespace

// More groups than processors would make progress too, but one that spins would hold up the one it waits for.
uint32_t max_cooperative_groups() { return Driver::get().device.threads; }

ze_result_t run(const CooperativeLaunch& cooperative) {
  const Launch& launch = cooperative.launch;
  if (launch.kernel->check) {
    report("kernel '" + launch.kernel->name +
           "': a cooperative launch cannot be checked, since its groups wait for one "
           "another and a checked kernel's run one by one");
    return ZE_RESULT_ERROR_UNSUPPORTED_FEATURE;
  }
  const uint64_t (&counts)[3] = launch.record.group_count;
  const uint64_t count = counts[0] * counts[1] * counts[2];
  std::atomic<ze_result_t> result = ZE_RESULT_SUCCESS;
  auto work = [&](uint64_t group) {
    if (ze_result_t bad = run_group(launch, group)) result = bad;
  };
  std::vector<std::thread> others;
  for (uint64_t group = 1; group < count; ++group) others.emplace_back(work, group);
  if (count) work(0);
  for (std::thread& other : others) other.join();
  if (result == ZE_RESULT_ERROR_UNKNOWN) report_divergence(*launch.kernel);
  return result;
}

}  // namespace metate::ze_software
