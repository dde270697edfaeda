// hints – what a program promises and expects, and the time that it reads.
ulong __attribute__((overloadable)) clock_read_device(void);
ulong __attribute__((overloadable)) clock_read_work_group(void);
ulong __attribute__((overloadable)) clock_read_sub_group(void);
uint2 __attribute__((overloadable)) clock_read_hilo_device(void);

kernel void expectations(global const int* in, global int* out, int count) {
  __builtin_assume(count > 0);
  const int x = in[get_global_id(0)];
  if (__builtin_expect(x > count, 1)) {
    out[get_global_id(0)] = x - count;
  } else {
    out[get_global_id(0)] = (int)__builtin_expect((long)x, 7) * 2;
  }
}

// Every item reads the time before and after work that takes some.
kernel void times(global ulong* out, global int* work) {
  const size_t i = get_global_id(0);
  global ulong* mine = out + 4 * i;
  const uint2 words = clock_read_hilo_device();
  mine[0] = (ulong)words.y << 32 | words.x;
  for (int k = 0; k < 10000; ++k) work[i] = work[i] * 3 + k;
  mine[1] = clock_read_sub_group();
  barrier(CLK_GLOBAL_MEM_FENCE);
  mine[2] = clock_read_work_group();
  mine[3] = clock_read_device();
}
