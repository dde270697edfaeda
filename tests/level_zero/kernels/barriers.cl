// barriers – kernels whose items wait for one another, in loops and under conditions.
kernel void tree_sum(global const float* in, global float* out, local float* scratch) {
  size_t l = get_local_id(0);
  scratch[l] = in[get_global_id(0)];
  for (size_t step = get_local_size(0) / 2; step > 0; step /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (l < step) scratch[l] += scratch[l + step];
  }
  if (l == 0) out[get_group_id(0)] = scratch[0];
}

#define TILE 8
kernel void matmul(global const float* a, global const float* b, global float* c, int n) {
  local float ta[TILE][TILE], tb[TILE][TILE];
  int x = get_local_id(0), y = get_local_id(1);
  int col = get_global_id(0), row = get_global_id(1);
  float sum = 0;
  for (int t = 0; t < n / TILE; ++t) {
    ta[y][x] = a[row * n + t * TILE + x];
    tb[y][x] = b[(t * TILE + y) * n + col];
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int k = 0; k < TILE; ++k) sum += ta[y][k] * tb[k][x];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  c[row * n + col] = sum;
}

// A private array that lives across a barrier, and a barrier under a condition that all items share.
kernel void rotate_private(global const int* in, global int* out, int rounds, int with_barrier) {
  local int shared[64];
  int l = get_local_id(0), n = get_local_size(0);
  int kept[4];
  for (int k = 0; k < 4; ++k) kept[k] = in[get_global_id(0)] * (k + 1);
  for (int r = 0; r < rounds; ++r) {
    shared[l] = kept[r & 3];
    if (with_barrier) barrier(CLK_LOCAL_MEM_FENCE);
    kept[(r + 1) & 3] += with_barrier ? shared[(l + 1) % n] : shared[l];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  out[get_global_id(0)] = kept[0] + 3 * kept[1] + 5 * kept[2] + 7 * kept[3];
}

// Not allowed: half of the items never come to the barrier.
kernel void divergent(global int* out) {
  if (get_local_id(0) < get_local_size(0) / 2) barrier(CLK_LOCAL_MEM_FENCE);
  out[get_global_id(0)] = 1;
}
