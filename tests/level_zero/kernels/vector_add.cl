// vector_add – the kernel everybody begins with; once guarded by a size that does not divide, once along three dimensions.
kernel void vector_add(global const float* a, global const float* b, global float* c) {
  size_t i = get_global_id(0);
  c[i] = a[i] + b[i];
}

kernel void guarded_add(global const float* a, global const float* b, global float* c, uint n) {
  uint i = get_global_id(0);
  if (i < n) c[i] = a[i] + b[i];
}

kernel void scale_3d(global double* data, double factor) {
  size_t nx = get_global_size(0), ny = get_global_size(1);
  size_t i = (get_global_id(2) * ny + get_global_id(1)) * nx + get_global_id(0);
  data[i] = data[i] * factor + (double)i;
}

kernel void nothing(void) {}
