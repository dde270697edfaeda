// cooperative – groups that wait for one another in the middle of a launch.

/// Returns when all of `groups` groups have come here `rounds` times.
void wait_for_groups(volatile global int* arrived, int groups) {
  barrier(CLK_GLOBAL_MEM_FENCE);
  if (get_local_id(0) == 0) {
    atomic_add(arrived, 1);
    while (atomic_add(arrived, 0) < groups) {
    }
  }
  barrier(CLK_GLOBAL_MEM_FENCE);
}

kernel void exchange(global int* values, global int* out, volatile global int* arrived) {
  const int groups = (int)get_num_groups(0), group = (int)get_group_id(0), size = (int)get_local_size(0);
  const int item = (int)get_local_id(0);
  values[group * size + item] = 10 * group + item;
  wait_for_groups(arrived, groups);
  out[group * size + item] = values[(group + 1) % groups * size + item];
}

/// Without a barrier and without asking for the group.
kernel void meet(volatile global int* arrived, int items) {
  atomic_add(arrived, 1);
  if (get_global_id(0) + get_global_id(1) == 0) {
    while (atomic_add(arrived, 0) < items) {
    }
  }
}
