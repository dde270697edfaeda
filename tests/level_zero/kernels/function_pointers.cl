// function_pointers – calls of functions by their addresses.
#pragma OPENCL EXTENSION __cl_clang_function_pointers : enable
typedef int (*unary)(int);

global int calls = 0;

int twice(int x) {
  atomic_inc((volatile global int*)&calls);
  return 2 * x;
}
int negative(int x) { return -x; }
int plus_item(int x) { return x + (int)get_global_id(0); }

kernel void call_given(global const ulong* functions, global int* out) {
  unary f = (unary)functions[get_global_id(0) & 1];
  out[get_global_id(0)] = f((int)get_global_id(0));
}

kernel void call_own(global int* out) {
  unary f = get_global_id(0) & 1 ? twice : negative;
  out[get_global_id(0)] = f((int)get_global_id(0));
}

kernel void count_calls(global int* out) { out[0] = calls + plus_item(0); }
