// faults – kernels that do wrong, for the kernel checker, and one that does not.

int element(__global const int* x, int i) { return x[i]; }

__kernel void out_of_bounds(__global int* x, int shift) { x[get_global_id(0) + shift] = 1; }

__kernel void out_of_bounds_in_function(__global int* x, __global int* out, int shift) {
  out[get_global_id(0)] = element(x, get_global_id(0) + shift);
}

__kernel void private_memory(__global int* x, int n) {
  int mine[4];
  for (int i = 0; i < n; ++i) mine[i] = i;
  x[get_global_id(0)] = mine[get_global_id(0) & 3];
}

__kernel void race(__global int* x) { x[get_global_id(0)] = x[(get_global_id(0) + 1) % get_global_size(0)] + 1; }

__kernel void local_memory(__global int* x, __local int* tmp, int count, int wait) {
  int i = get_local_id(0);
  if (i < count) tmp[i] = i;
  if (wait) barrier(CLK_LOCAL_MEM_FENCE);
  x[get_global_id(0)] = tmp[get_local_size(0) - 1 - i];
}

__kernel void global_memory(__global int* x, __global int* out, int which) {
  int i = get_local_id(0);
  x[i] = i;
  if (which == 0) barrier(CLK_LOCAL_MEM_FENCE);
  if (which == 1) barrier(CLK_GLOBAL_MEM_FENCE);
  if (which == 2) barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
  out[i] = x[get_local_size(0) - 1 - i];
}

__kernel void divergence(__global int* x) {
  if (get_local_id(0) < 2) barrier(CLK_GLOBAL_MEM_FENCE);
  x[get_global_id(0)] = 1;
}

// The last group to come adds up what all groups have left, as programs do that want one launch.
__kernel void last_group_sums(__global int* parts, __global atomic_int* count, __global int* sum) {
  __local int last;
  __local int tmp[8];
  int i = get_local_id(0);
  tmp[i] = get_global_id(0);
  barrier(CLK_LOCAL_MEM_FENCE);
  if (i == 0) {
    int part = 0;
    for (int k = 0; k < 8; ++k) part += tmp[k];
    parts[get_group_id(0)] = part;
    int before = atomic_fetch_add_explicit(count, 1, memory_order_acq_rel, memory_scope_device);
    last = before == get_num_groups(0) - 1;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  if (last && i == 0) {
    int all = 0;
    for (int k = 0; k < get_num_groups(0); ++k) all += parts[k];
    *sum = all;
  }
}

// All items wait, but the memory of each sub-group alone is put in order.
__kernel void sub_group_scope(__global int* out, __local int* tmp, int apart, int then_all) {
  int i = get_local_id(0);
  tmp[i] = i;
  work_group_barrier(CLK_LOCAL_MEM_FENCE, memory_scope_sub_group);
  if (then_all) work_group_barrier(CLK_LOCAL_MEM_FENCE);
  out[get_global_id(0)] = tmp[i ^ apart];
}
