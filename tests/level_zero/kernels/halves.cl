// halves – floats in 16 bits of memory: stores with every rounding mode, loads, vectors of three packed and aligned.
#define HALVES(T)                                                                              \
  kernel void halves_##T(global const T* in, global half* out, global half* vectors, uint n) { \
    uint i = get_global_id(0);                                                                 \
    vstore_half_rte(in[i], i, out);                                                            \
    vstore_half_rtz(in[i], n + i, out);                                                        \
    vstore_half_rtp(in[i], 2 * n + i, out);                                                    \
    vstore_half_rtn(in[i], 3 * n + i, out);                                                    \
    vstore_half3(vload3(i, in), i, vectors);                                                   \
    vstorea_half3(vload3(i, in), i, vectors + 4 * n);                                          \
  }
HALVES(float)
HALVES(double)

kernel void halves_to_float(global const half* in, global float* out, uint n) {
  uint i = get_global_id(0);
  out[i] = vload_half(i, in);
  vstore4(vload_half4(i / 4, in), i / 4, out + n);
  vstore4(vloada_half4(i / 4, in), i / 4, out + 2 * n);  // clang 22 takes vloada_half3 for vload_half3
}
