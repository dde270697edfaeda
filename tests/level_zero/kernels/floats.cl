// floats – arithmetic and mathematics on both widths, results in rows of one function each.
#define FUNCTIONS(T, S)                                                                        \
  kernel void floats_##S(global const T* a, global const T* b, global T* out, uint n) {        \
    uint i = get_global_id(0);                                                                 \
    T x = a[i], y = b[i];                                                                      \
    out[0 * n + i] = x + y * x - y / x;                                                        \
    out[1 * n + i] = sqrt(fabs(x));                                                            \
    out[2 * n + i] = floor(x) + ceil(y);                                                       \
    out[3 * n + i] = trunc(x) + rint(y);                                                       \
    out[4 * n + i] = round(x);                                                                 \
    out[5 * n + i] = fmin(x, y);                                                               \
    out[6 * n + i] = fmax(x, y);                                                               \
    out[7 * n + i] = fma(x, y, x);                                                             \
    out[8 * n + i] = copysign(x, y);                                                           \
    out[9 * n + i] = fmod(x, y);                                                               \
    out[10 * n + i] = sin(x);                                                                  \
    out[11 * n + i] = cos(x);                                                                  \
    out[12 * n + i] = tan(x);                                                                  \
    out[13 * n + i] = exp(x);                                                                  \
    out[14 * n + i] = log(fabs(x));                                                            \
    out[15 * n + i] = pow(fabs(x), y);                                                         \
    out[16 * n + i] = atan2(x, y);                                                             \
    out[17 * n + i] = tanh(x);                                                                 \
    out[18 * n + i] = hypot(x, y);                                                             \
    out[19 * n + i] = cbrt(x);                                                                 \
    out[20 * n + i] = exp2(x);                                                                  \
    out[21 * n + i] = log2(fabs(x));                                                            \
    out[22 * n + i] = asin(x / 32);                                                            \
    out[23 * n + i] = sinh(x);                                                                 \
    out[24 * n + i] = erf(x);                                                                  \
    out[25 * n + i] = ldexp(x, 3);                                                             \
    out[26 * n + i] = fdim(x, y);                                                              \
    out[28 * n + i] = expm1(y);                                                                \
    out[29 * n + i] = log10(fabs(y));                                                          \
    out[30 * n + i] = acos(y / 32);                                                            \
    out[27 * n + i] = clamp(x, (T)-1, (T)1) + mix(x, y, (T)0.25);                              \
  }
FUNCTIONS(float, f32)
FUNCTIONS(double, f64)
