// sub_group_extensions – rotations (cl_khr_subgroup_rotate), and Intel's shuffles and blocks (cl_intel_subgroups).
#pragma OPENCL EXTENSION cl_khr_subgroups : enable

int __attribute__((overloadable)) sub_group_rotate(int, int);
float __attribute__((overloadable)) sub_group_clustered_rotate(float, int, uint);
long __attribute__((overloadable)) intel_sub_group_shuffle(long, uint);
float2 __attribute__((overloadable)) intel_sub_group_shuffle_xor(float2, uint);
int __attribute__((overloadable)) intel_sub_group_shuffle_up(int, int, uint);
int __attribute__((overloadable)) intel_sub_group_shuffle_down(int, int, uint);
uint __attribute__((overloadable)) intel_sub_group_block_read(const global uint*);
uint4 __attribute__((overloadable)) intel_sub_group_block_read4(const global uint*);
void __attribute__((overloadable)) intel_sub_group_block_write(global uint*, uint);
void __attribute__((overloadable)) intel_sub_group_block_write4(global uint*, uint4);

kernel void rotations(global int* whole, global float* clusters, int delta) {
  const int i = (int)get_global_id(0);
  whole[i] = sub_group_rotate(i, delta);
  clusters[i] = sub_group_clustered_rotate((float)i, delta, 4u);
}

kernel void shuffles(global int* out, uint delta) {
  const int i = (int)get_global_id(0);
  const uint own = get_sub_group_local_id();
  global int* mine = out + 4 * i;
  mine[0] = (int)intel_sub_group_shuffle((long)i << 33, own ^ 3) + (int)(intel_sub_group_shuffle((long)i << 33, own ^ 3) >> 33);
  mine[1] = (int)intel_sub_group_shuffle_xor((float2)(0.0f, (float)i), 1u).y;
  mine[2] = intel_sub_group_shuffle_up(1000 + i, i, delta);
  mine[3] = intel_sub_group_shuffle_down(i, 1000 + i, delta);
}

// One row of numbers for every sub-group, then four rows.
kernel void blocks(global const uint* in, global uint* one, global uint* four) {
  const uint size = get_max_sub_group_size(), number = get_global_id(0) / size;
  intel_sub_group_block_write(one + number * size, 2 * intel_sub_group_block_read(in + number * size));
  const uint4 rows = intel_sub_group_block_read4(in + number * size);
  intel_sub_group_block_write4(four + 4 * number * size, rows.wzyx);
}
