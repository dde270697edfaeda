// float_functions – every function of opencl_functions.def on floats and doubles, alone and in vectors of 4.
#define CONVERSIONS(T, N)                                                                       \
  int##N __attribute__((overloadable)) to_int(T##N x) { return convert_int##N##_sat_rtz(x); }   \
  T##N __attribute__((overloadable)) from_int(int##N i, T##N like) { return convert_##T##N(i); }
CONVERSIONS(float, )
CONVERSIONS(float, 4)
CONVERSIONS(double, )
CONVERSIONS(double, 4)

#define KERNEL(name, opencl, T)                                                                                   \
  kernel void name##_##T(global const T* a, global const T* b, global const T* c, global T* out, uint n) {        \
    uint i = get_global_id(0);                                                                                    \
    {                                                                                                             \
      typedef T V;                                                                                                \
      typedef int I;                                                                                              \
      V x = a[i], y = b[i], z = c[i];                                                                             \
      out[i] = opencl;                                                                                            \
    }                                                                                                             \
    if (i % 4) return;                                                                                            \
    typedef T##4 V;                                                                                               \
    typedef int4 I;                                                                                               \
    V x = vload4(i / 4, a), y = vload4(i / 4, b), z = vload4(i / 4, c);                                           \
    vstore4(opencl, i / 4, out + n);                                                                              \
  }
#define FLOAT_FUNCTION(name, opencl, ulp32, ulp64, cpp) KERNEL(name, opencl, float) KERNEL(name, opencl, double)
#define INTEGER_FUNCTION(name, opencl, cpp)
#include "opencl_functions.def"

// Functions for speed, which are there for floats only; rows of one function each.
kernel void fast_functions(global const float* a, global const float* b, global float* out, uint n) {
  uint i = get_global_id(0);
  float x = a[i], y = b[i];
  out[0 * n + i] = half_cos(x) - native_cos(x);
  out[1 * n + i] = half_sin(x) - native_sin(x);
  out[2 * n + i] = half_tan(x) - native_tan(x);
  out[3 * n + i] = half_exp(x) - native_exp(x);
  out[4 * n + i] = half_exp2(x) - native_exp2(x);
  out[5 * n + i] = half_exp10(x) - native_exp10(x);
  out[6 * n + i] = half_log(y) - native_log(y);
  out[7 * n + i] = half_log2(y) - native_log2(y);
  out[8 * n + i] = half_log10(y) - native_log10(y);
  out[9 * n + i] = half_recip(y) - native_recip(y);
  out[10 * n + i] = half_rsqrt(y) - native_rsqrt(y);
  out[11 * n + i] = half_sqrt(y) - native_sqrt(y);
  out[12 * n + i] = half_divide(x, y) - native_divide(x, y);
  out[13 * n + i] = half_powr(y, x) - native_powr(y, x);
  out[14 * n + i] = half_sin(x);
  out[15 * n + i] = half_powr(y, x);
  out[16 * n + i] = half_rsqrt(y);
}

#define GEOMETRY(T, N)                                                                            \
  kernel void geometry_##T##N(global const T* a, global const T* b, global T* out) {              \
    size_t i = get_global_id(0);                                                                  \
    T##N x = vload##N(i, a), y = vload##N(i, b);                                                  \
    global T* row = out + i * 3 * N;                                                              \
    vstore##N(normalize(x), 0, row);                                                              \
    row[N] = length(x);                                                                           \
    row[N + 1] = distance(x, y);                                                                  \
    CROSS_##N                                                                                     \
  }
#define CROSS_2
#define CROSS_3 vstore3(cross(x, y), 2, row);
#define CROSS_4 vstore4(cross(x, y), 2, row);
GEOMETRY(float, 2)
GEOMETRY(float, 3)
GEOMETRY(float, 4)
GEOMETRY(double, 2)
GEOMETRY(double, 3)
GEOMETRY(double, 4)
