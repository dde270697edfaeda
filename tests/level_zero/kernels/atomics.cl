// atomics – counters, minima, exchange and a compare-exchange loop that many items share.
kernel void atomics(global int* counters, global const int* values) {
  int v = values[get_global_id(0)];
  atomic_add(&counters[0], v);
  atomic_add(&counters[1], 1);
  atomic_sub(&counters[2], 1);
  // clang 22 leaves OpenCL's own atomic_min and atomic_max as calls that nobody defines.
  __scoped_atomic_fetch_min(&counters[3], v, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
  __scoped_atomic_fetch_max(&counters[4], v, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
  atomic_or(&counters[5], 1 << (v & 15));
  atomic_xor(&counters[6], v);
  atomic_and(&counters[7], ~(1 << (v & 15)));
  int seen = counters[8];
  while (true) {
    int found = atomic_cmpxchg(&counters[8], seen, seen + 3);
    if (found == seen) break;
    seen = found;
  }
}

kernel void histogram(global const uchar* pixels, global uint* bins) {
  local uint own[256];
  for (uint i = get_local_id(0); i < 256; i += get_local_size(0)) own[i] = 0;
  barrier(CLK_LOCAL_MEM_FENCE);
  atomic_add(&own[pixels[get_global_id(0)]], 1u);
  barrier(CLK_LOCAL_MEM_FENCE);
  for (uint i = get_local_id(0); i < 256; i += get_local_size(0)) atomic_add(&bins[i], own[i]);
}
