// some_with_images – kernels of which a device without images can run some.
kernel void twice(global const int* in, global int* out) { out[get_global_id(0)] = 2 * in[get_global_id(0)]; }

__attribute__((noinline)) float4 pixel(read_only image2d_t image, int i) {
  const sampler_t nearest = CLK_NORMALIZED_COORDS_FALSE | CLK_ADDRESS_CLAMP | CLK_FILTER_NEAREST;
  return read_imagef(image, nearest, (int2)(i, 0));
}

__attribute__((noinline)) float brightness(read_only image2d_t image, int i) { return dot(pixel(image, i), (float4)(1)); }

kernel void sum_of_pixels(read_only image2d_t image, global float* out) {
  out[get_global_id(0)] = brightness(image, get_global_id(0));
}

kernel void clear_image(write_only image2d_t image) { write_imagef(image, (int2)(get_global_id(0), 0), (float4)(0)); }

kernel void greedy(global int* out) {
  local int held[1 << 22];
  held[get_local_id(0)] = 1;
  barrier(CLK_LOCAL_MEM_FENCE);
  out[get_global_id(0)] = held[get_local_size(0) - 1 - get_local_id(0)];
}

kernel void thrice(global const int* in, global int* out) { out[get_global_id(0)] = 3 * in[get_global_id(0)]; }
