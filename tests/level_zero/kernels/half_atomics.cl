// half_atomics – additions, minima and maxima of halves that many items make at once.
#pragma OPENCL EXTENSION cl_khr_fp16 : enable
half __attribute__((overloadable)) __spirv_AtomicFAddEXT(volatile global half*, int scope, int order, half);
half __attribute__((overloadable)) __spirv_AtomicFMinEXT(volatile global half*, int scope, int order, half);
half __attribute__((overloadable)) __spirv_AtomicFMaxEXT(volatile global half*, int scope, int order, half);

kernel void half_atomics(global const half* in, global half* out) {
  const half value = in[get_global_id(0)];
  __spirv_AtomicFAddEXT(out, 1, 0, value);
  __spirv_AtomicFMinEXT(out + 1, 1, 0, value);
  __spirv_AtomicFMaxEXT(out + 2, 1, 0, value);
}
