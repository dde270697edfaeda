// storage – generic pointers that are asked where they point to.

int where(int* p) { return (to_global(p) ? 1 : 0) + (to_local(p) ? 2 : 0) + (to_private(p) ? 4 : 0); }

kernel void where_are_they(global int* data, local int* by_argument, global int* out) {
  local int declared[4];
  int own[3] = {1, 2, 3};
  const size_t i = get_global_id(0);
  by_argument[get_local_id(0)] = declared[get_local_id(0) & 3] = (int)i;
  barrier(CLK_LOCAL_MEM_FENCE);
  own[i % 3] += declared[0];  // lives across the barrier
  barrier(CLK_LOCAL_MEM_FENCE);
  out[6 * i] = where(data + i);
  out[6 * i + 1] = where(by_argument + get_local_id(0));
  out[6 * i + 2] = where(declared + 3);
  out[6 * i + 3] = where(own + i % 3);
  out[6 * i + 4] = where(0);
  out[6 * i + 5] = *to_private(&own[i % 3]);
}

kernel void write_through(global int* data, local int* room, global int* fences) {
  int* p = get_global_id(0) & 1 ? (int*)(data + get_global_id(0)) : (int*)(room + get_local_id(0));
  global int* there = to_global(p);
  if (there) *there = 7;
  fences[get_global_id(0)] = get_fence(p) == CLK_GLOBAL_MEM_FENCE;
}

/// Without local memory and barriers, so that items run as one long range.
kernel void own_or_not(global int* data, global int* out) {
  int own[2] = {(int)get_global_id(0), 5};
  out[2 * get_global_id(0)] = where(own + (data[0] & 1));
  out[2 * get_global_id(0) + 1] = where(data);
}
