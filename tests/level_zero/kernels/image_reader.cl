// image_reader – what a device without images has to refuse.
kernel void copy_pixels(read_only image2d_t image, sampler_t sampler, global float4* out) {
  int2 at = (int2)(get_global_id(0), get_global_id(1));
  out[at.y * get_global_size(0) + at.x] = read_imagef(image, sampler, at);
}
