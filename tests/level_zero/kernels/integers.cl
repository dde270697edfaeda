// integers – every integer operation on 32 and 64 bits, results in rows of one operation each.
#define OPERATIONS(T, UT, S, bits)                                                          \
  kernel void integers_##S(global const T* a, global const T* b, global T* out, uint n) {   \
    uint i = get_global_id(0);                                                              \
    T x = a[i], y = b[i];                                                                   \
    UT ux = (UT)x, uy = (UT)y;                                                              \
    out[0 * n + i] = x + y;                                                                 \
    out[1 * n + i] = x - y;                                                                 \
    out[2 * n + i] = x * y;                                                                 \
    out[3 * n + i] = y ? (T)(ux / uy) : 0;                                                  \
    out[4 * n + i] = y > 0 ? x / y : 0;                                                     \
    out[5 * n + i] = y > 0 ? x % y : 0;                                                     \
    out[6 * n + i] = x & y;                                                                 \
    out[7 * n + i] = (x | y) ^ ~x;                                                          \
    out[8 * n + i] = x << (y & (bits - 1));                                                 \
    out[9 * n + i] = x >> (y & (bits - 1));                                                 \
    out[10 * n + i] = (T)(ux >> (uy & (bits - 1)));                                         \
    out[11 * n + i] = min(x, y) + max((T)ux, (T)uy);                                        \
    out[12 * n + i] = clz(x) + popcount(y);                                                 \
    out[13 * n + i] = mul_hi(x, y);                                                         \
    out[14 * n + i] = add_sat(x, y);                                                        \
    out[15 * n + i] = sub_sat(x, y);                                                        \
    out[16 * n + i] = hadd(x, y) - rhadd(x, y);                                             \
    out[17 * n + i] = rotate(x, y & (bits - 1));                                            \
    out[18 * n + i] = (T)abs_diff(x, y);                                                    \
    out[19 * n + i] = x < y ? (x == y ? 1 : 2) : (ux > uy ? 3 : 4);                         \
  }
OPERATIONS(int, uint, i32, 32)
OPERATIONS(long, ulong, i64, 64)

kernel void unguarded_division(global const int* a, global const int* b, global int* out) {
  uint i = get_global_id(0);
  out[i] = a[i] / b[i] + a[i] % b[i];
}

kernel void conversions(global const float* in, global int* out, uint n) {
  uint i = get_global_id(0);
  float x = in[i];
  out[0 * n + i] = convert_int_sat(x);
  out[1 * n + i] = convert_uchar_sat(x);
  out[2 * n + i] = convert_short_sat_rte(x);
  out[3 * n + i] = (int)(float)(double)convert_float(convert_int_sat(x));
  out[4 * n + i] = convert_char_sat(convert_uint_sat(x));
  out[5 * n + i] = convert_ushort_sat(convert_int_sat(x));
  out[6 * n + i] = as_int(x);
  out[7 * n + i] = isnan(x) + 2 * isinf(x) + 4 * signbit(x) + 8 * isfinite(x);
}
