// What the items of a work-group or sub-group compute together.
#pragma OPENCL EXTENSION cl_khr_subgroups : enable

// Twelve numbers for each item, of its whole group.
kernel void group_algorithms(global const int* in, global int* out) {
  size_t i = get_global_linear_id();
  int x = in[i];
  global int* o = out + 12 * i;
  o[0] = work_group_reduce_add(x);
  o[1] = work_group_reduce_min(x);
  o[2] = work_group_reduce_max(x);
  o[3] = work_group_scan_inclusive_add(x);
  o[4] = work_group_scan_exclusive_add(x);
  o[5] = work_group_scan_exclusive_max(x);
  o[6] = work_group_any(x == 5);
  o[7] = work_group_all(x < 90);
  o[8] = work_group_broadcast(x, get_local_size(0) - 1, get_local_size(1) - 1);
  o[9] = (int)work_group_reduce_min((uint)x);
  o[10] = (int)work_group_scan_inclusive_add((float)x / 2.0f);
  o[11] = (int)work_group_reduce_add((long)x * 3);
}

// In a loop, the results of one round being the values of the next.
kernel void rounds(global int* data, int count) {
  int x = data[get_global_id(0)];
  for (int k = 0; k < count; ++k) {
    x = work_group_scan_inclusive_add(x) % 101;
    if (work_group_any(x == 100)) x += 1;
  }
  data[get_global_id(0)] = x;
}

kernel void sub_group_queries(global uint* out) {
  global uint* o = out + 5 * get_global_linear_id();
  o[0] = get_sub_group_size();
  o[1] = get_max_sub_group_size();
  o[2] = get_num_sub_groups();
  o[3] = get_sub_group_id();
  o[4] = get_sub_group_local_id();
}

kernel void sub_group_algorithms(global const int* in, global int* out) {
  size_t i = get_global_linear_id();
  int x = in[i];
  uint lane = get_sub_group_local_id();
  global int* o = out + 12 * i;
  o[0] = sub_group_reduce_add(x);
  o[1] = sub_group_scan_exclusive_add(x);
  o[2] = sub_group_broadcast(x, 1);
  o[3] = sub_group_shuffle(x, get_sub_group_size() - 1 - lane);
  o[4] = sub_group_shuffle_xor(x, 1);
  o[5] = sub_group_shuffle_up(x, 1);
  o[6] = sub_group_shuffle_down(x, 2);
  o[7] = sub_group_any(x == 5);
  o[8] = sub_group_all(x < 90);
  uint4 mask = sub_group_ballot(x & 1);
  o[9] = (int)mask.x;
  o[10] = sub_group_non_uniform_reduce_mul(x | 1);
  o[11] = sub_group_elect();
}

// Sub-groups go different ways and for different times, and meet again.
kernel void sub_groups_apart(global int* out, local int* shared) {
  uint group = get_sub_group_id();
  int x = (int)get_local_id(0);
  for (uint k = 0; k < group; ++k) x = sub_group_reduce_max(x) + sub_group_shuffle_xor((int)k, 1) + 1;
  if (get_sub_group_local_id() == 0) shared[group] = x;
  barrier(CLK_LOCAL_MEM_FENCE);
  if (group == 0) {
    int part = get_sub_group_local_id() < get_num_sub_groups() ? shared[get_sub_group_local_id()] : 0;
    int total = sub_group_reduce_add(part);
    if (get_sub_group_local_id() == 0) shared[0] = total;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  out[get_global_id(0)] = shared[0] * 1000 + work_group_reduce_add((int)get_local_id(0) & 7);
}
