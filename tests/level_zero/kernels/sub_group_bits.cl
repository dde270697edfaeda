// sub_group_bits – ballots, masks of items, clusters, and barriers of sub-groups.
#pragma OPENCL EXTENSION cl_khr_subgroups : enable
#pragma OPENCL EXTENSION cl_khr_fp16 : enable

kernel void ballots(global uint* out) {
  const uint i = get_global_id(0), own = get_sub_group_local_id();
  const uint4 odd = sub_group_ballot(own & 1);
  global uint* mine = out + 8 * i;
  mine[0] = sub_group_inverse_ballot(odd) != 0;
  mine[1] = sub_group_ballot_bit_extract(odd, (own + 1) % get_sub_group_size()) != 0;
  mine[2] = sub_group_ballot_bit_count(odd);
  mine[3] = sub_group_ballot_inclusive_scan(odd);
  mine[4] = sub_group_ballot_exclusive_scan(odd);
  mine[5] = sub_group_ballot_find_lsb(odd);
  mine[6] = sub_group_ballot_find_msb(odd);
  mine[7] = sub_group_ballot_bit_count((uint4)(~0u));
}

/// How many items each mask has.
kernel void masks(global uint* out) {
  global uint* mine = out + 5 * get_global_id(0);
  mine[0] = popcount(get_sub_group_eq_mask().x) + popcount(get_sub_group_eq_mask().y);
  mine[1] = popcount(get_sub_group_lt_mask().x) + popcount(get_sub_group_lt_mask().y);
  mine[2] = popcount(get_sub_group_le_mask().x) + popcount(get_sub_group_le_mask().y);
  mine[3] = popcount(get_sub_group_gt_mask().x) + popcount(get_sub_group_gt_mask().y);
  mine[4] = popcount(get_sub_group_ge_mask().x) + popcount(get_sub_group_ge_mask().y);
}

kernel void clusters(global int* sums, global float* largest) {
  const int i = (int)get_global_id(0);
  sums[i] = sub_group_clustered_reduce_add(i, 4u);
  largest[i] = sub_group_clustered_reduce_max((float)(i * 7 % 5), 8u);
}

/// Neighbours change places by way of local memory.
kernel void exchange(global int* out, local int* room) {
  const uint own = get_local_id(0);
  room[own] = 10 * (int)own;
  sub_group_barrier(CLK_LOCAL_MEM_FENCE);
  out[get_global_id(0)] = room[own ^ 1];
}

kernel void round_to_half(global const float* in, global float* out) {
  const size_t i = get_global_id(0);
  out[3 * i] = (float)convert_half_rtz(in[i]);
  out[3 * i + 1] = (float)convert_half_rtp(in[i]);
  out[3 * i + 2] = (float)convert_half_rtn(in[i]);
}

/// Items go different ways, and what they ask is for those that go the same.
kernel void parted_ways(global int* out) {
  const int i = (int)get_global_id(0);
  global int* mine = out + 8 * i;
  mine[0] = (int)get_sub_group_id();
  if (i % 3 == 0) {
    mine[1] = sub_group_ballot_bit_count(sub_group_ballot(1));
    mine[2] = sub_group_non_uniform_reduce_add(i);
    mine[3] = sub_group_elect() != 0;
  } else {
    mine[2] = sub_group_non_uniform_scan_inclusive_add(i);
    mine[3] = sub_group_broadcast_first(i);
  }
  mine[4] = sub_group_reduce_add(1);
  int turns = 0;
  for (int left = i % 5; left > 0; --left) turns += sub_group_non_uniform_reduce_add(1);
  mine[5] = turns;
  barrier(CLK_GLOBAL_MEM_FENCE);
  mine[6] = sub_group_reduce_add(i);
}

/// Those that are too many leave first.
kernel void guarded(global int* out, int count) {
  const int i = (int)get_global_id(0);
  if (i >= count) return;
  out[i] = sub_group_non_uniform_reduce_add(1) + 1000 * sub_group_shuffle_xor(i, 1);
}
