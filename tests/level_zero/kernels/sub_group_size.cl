// A kernel that needs sub-groups of a size.
#pragma OPENCL EXTENSION cl_khr_subgroups : enable

__attribute__((intel_reqd_sub_group_size(8))) kernel void sub_groups_of_8(global int* out) {
  out[get_global_id(0)] = sub_group_reduce_add((int)get_local_id(0));
}
