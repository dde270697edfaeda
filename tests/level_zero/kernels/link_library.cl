// link_library – functions and a variable that link_user.cl imports.
global int shared_counter = 5;
static global int calls = 0;

int scaled(int x) { return x * 3 + (int)get_local_id(0); }

int count_calls(void) { return atomic_add((volatile global int*)&calls, 1); }

int sum_of_group(int x, local int* room) {
  const size_t me = get_local_id(0);
  room[me] = x;
  barrier(CLK_LOCAL_MEM_FENCE);
  int sum = 0;
  for (size_t i = 0; i < get_local_size(0); ++i) sum += room[i];
  barrier(CLK_LOCAL_MEM_FENCE);
  return sum;
}

kernel void read_counters(global int* out) {
  out[0] = shared_counter;
  out[1] = calls;
}
