// integer_functions – every function of opencl_functions.def on integers, alone and in vectors of 4.
#define KERNEL(name, opencl, T)                                                                                   \
  kernel void name##_##T(global const T* a, global const T* b, global const T* c, global T* out, uint n) {        \
    uint i = get_global_id(0);                                                                                    \
    const int bits = 8 * sizeof(T);                                                                               \
    {                                                                                                             \
      typedef T V;                                                                                                \
      V x = a[i], y = b[i], z = c[i];                                                                             \
      const V last = (V)(bits - 1), minus_one = (V)(T)-1, three = (V)3, zero = (V)0;                                                                             \
      out[i] = opencl;                                                                                            \
    }                                                                                                             \
    if (i % 4) return;                                                                                            \
    typedef T##4 V;                                                                                               \
    V x = vload4(i / 4, a), y = vload4(i / 4, b), z = vload4(i / 4, c);                                           \
    const V last = (V)(T)(bits - 1), minus_one = (V)(T)-1, three = (V)(T)3, zero = (V)(T)0;                                           \
    vstore4(opencl, i / 4, out + n);                                                                              \
  }
#define FLOAT_FUNCTION(name, opencl, ulp32, ulp64, cpp)
#define INTEGER_FUNCTION(name, opencl, cpp)                                                    \
  KERNEL(name, opencl, char) KERNEL(name, opencl, uchar) KERNEL(name, opencl, short)           \
  KERNEL(name, opencl, ushort) KERNEL(name, opencl, int) KERNEL(name, opencl, uint)            \
  KERNEL(name, opencl, long) KERNEL(name, opencl, ulong)
#include "opencl_functions.def"

#define WIDENING(T, U, W)                                                                     \
  kernel void upsample_##T(global const T* high, global const U* low, global W* out) {        \
    size_t i = get_global_id(0);                                                              \
    out[i] = upsample(high[i], low[i]);                                                       \
  }
WIDENING(char, uchar, short)
WIDENING(uchar, uchar, ushort)
WIDENING(short, ushort, int)
WIDENING(ushort, ushort, uint)
WIDENING(int, uint, long)
WIDENING(uint, uint, ulong)

#define WITH_24_BITS(T)                                                                       \
  kernel void multiply_24_##T(global const T* a, global const T* b, global T* out) {          \
    size_t i = get_global_id(0);                                                              \
    out[i] = mul24(a[i], b[i]) ^ mad24(b[i], a[i], (T)77);                                    \
  }
WITH_24_BITS(int)
WITH_24_BITS(uint)
