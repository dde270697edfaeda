// limits – what C makes of the programs of programs.py: the bound that Metate is held against.
//
// Compiled with -O3 -march=native. Each array comes as its pointer and its extents, in the order of the Python
// function's arguments (limits.py). `restrict` and the reassociated sums are what a C programmer would write for speed;
// mathematical functions are SLEEF's vector forms, the ones with 1 ULP.
#include <math.h>
#include <sleef.h>
#include <stdint.h>

#define IN(T, x) const T *restrict x, int64_t x##_n
#define OUT(T, x) T *restrict x, int64_t x##_n
#define IN2(T, x) const T *restrict x, int64_t x##_n, int64_t x##_m
#define OUT2(T, x) T *restrict x, int64_t x##_n, int64_t x##_m

// ---- Elementwise and sums ---------------------------------------------------------------------------------------------

void add(IN(double, a), IN(double, b), OUT(double, c)) {
  for (int64_t i = 0; i < a_n; ++i) c[i] = a[i] + b[i];
}

void expression(IN(double, x), IN(double, y), IN(double, z), OUT(double, out)) {
  for (int64_t i = 0; i < x_n; ++i) out[i] = sqrt(x[i] * x[i] + y[i] * y[i]) * 2.5 + z[i];
}

double total_f64(IN(double, x)) {
#pragma clang fp reassociate(on)
  double sum = 0;
  for (int64_t i = 0; i < x_n; ++i) sum += x[i];
  return sum;
}

double total_f32(IN(float, x)) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (int64_t i = 0; i < x_n; ++i) sum += x[i];
  return sum;
}

// ---- Mathematical functions -------------------------------------------------------------------------------------------

#if defined(__AVX512F__)
#define LANES64 8
#define LANES32 16
#define SLEEF64(name) Sleef_##name##d8_u10avx512f
#define SLEEF32(name) Sleef_##name##f16_u10avx512f
#define ERFC64 Sleef_erfcd8_u15avx512f
typedef __m512d f64v;
typedef __m512 f32v;
#elif defined(__AVX2__)
#define LANES64 4
#define LANES32 8
#define SLEEF64(name) Sleef_##name##d4_u10avx2
#define SLEEF32(name) Sleef_##name##f8_u10avx2
#define ERFC64 Sleef_erfcd4_u15avx2
typedef __m256d f64v;
typedef __m256 f32v;
#else
#define LANES64 2
#define LANES32 4
#define SLEEF64(name) Sleef_##name##d2_u10
#define SLEEF32(name) Sleef_##name##f4_u10
#define ERFC64 Sleef_erfcd2_u15
typedef double f64v __attribute__((vector_size(16)));
typedef float f32v __attribute__((vector_size(16)));
#endif
// As lanes in memory, which need not be aligned.
typedef f64v f64u __attribute__((aligned(8)));
typedef f32v f32u __attribute__((aligned(4)));

// Sizes are multiples of the lanes, so there is no remainder.
#define EACH(name, suffix, T, lanes, vector, call) \
  void name##_##suffix(IN(T, x), OUT(T, out)) { \
    for (int64_t i = 0; i < x_n; i += lanes) *(vector*)(out + i) = call(*(const vector*)(x + i)); \
  }
#define EACH_OF_BOTH(name) \
  EACH(name, f64, double, LANES64, f64u, SLEEF64(name)) \
  EACH(name, f32, float, LANES32, f32u, SLEEF32(name))
EACH_OF_BOTH(sin)
EACH_OF_BOTH(exp)
EACH_OF_BOTH(log)
EACH_OF_BOTH(tanh)

double sine_cosine_total(IN(double, x)) {
  f64v sums = {0};
  for (int64_t i = 0; i < x_n; i += LANES64) {
    f64v value = *(const f64u*)(x + i);
    f64v s = SLEEF64(sin)(value), c = SLEEF64(cos)(value);
    sums += s * s + c * c;
  }
  double sum = 0;
  for (int lane = 0; lane < LANES64; ++lane) sum += sums[lane];
  return sum;
}

void black_scholes(IN(double, spot), IN(double, strike), IN(double, years), double rate, double volatility,
                   OUT(double, call), OUT(double, put)) {
  for (int64_t i = 0; i < spot_n; i += LANES64) {
    f64v s = *(const f64u*)(spot + i), k = *(const f64u*)(strike + i), t = *(const f64u*)(years + i), root;
    for (int lane = 0; lane < LANES64; ++lane) root[lane] = volatility * sqrt(t[lane]);
    f64v d1 = (SLEEF64(log)(s / k) + (rate + 0.5 * volatility * volatility) * t) / root;
    f64v d2 = d1 - root;
    f64v below1 = 0.5 * ERFC64(d1 * -0.7071067811865476), below2 = 0.5 * ERFC64(d2 * -0.7071067811865476);
    f64v paid = k * SLEEF64(exp)(t * -rate);
    *(f64u*)(call + i) = s * below1 - paid * below2;
    *(f64u*)(put + i) = paid * (1.0 - below2) - s * (1.0 - below1);
  }
}

// ---- Loops ------------------------------------------------------------------------------------------------------------

void mandelbrot(OUT2(int64_t, counts), int64_t limit) {
  for (int64_t row = 0; row < counts_n; ++row) {
    for (int64_t column = 0; column < counts_m; ++column) {
      const double cx = -2.0 + 3.0 * (double)column / (double)counts_m;
      const double cy = -1.25 + 2.5 * (double)row / (double)counts_n;
      double x = 0, y = 0;
      int64_t steps = 0;
      while (steps < limit && x * x + y * y <= 4.0) {
        const double next = x * x - y * y + cx;
        y = x * y + y * x + cy;
        x = next;
        ++steps;
      }
      counts[row * counts_m + column] = steps;
    }
  }
}

void n_body(OUT(double, x), OUT(double, y), OUT(double, z), OUT(double, vx), OUT(double, vy), OUT(double, vz),
            IN(double, mass), double step) {
#pragma clang fp reassociate(on)
  for (int64_t i = 0; i < x_n; ++i) {
    double ax = 0, ay = 0, az = 0;
    for (int64_t j = 0; j < x_n; ++j) {
      const double dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
      const double squared = dx * dx + dy * dy + dz * dz + 1e-9;
      const double pull = mass[j] / (squared * sqrt(squared));
      ax += dx * pull;
      ay += dy * pull;
      az += dz * pull;
    }
    vx[i] += step * ax;
    vy[i] += step * ay;
    vz[i] += step * az;
  }
  for (int64_t i = 0; i < x_n; ++i) {
    x[i] += step * vx[i];
    y[i] += step * vy[i];
    z[i] += step * vz[i];
  }
}

void life(IN2(uint8_t, board), OUT2(uint8_t, after)) {
  const int64_t m = board_m;
  for (int64_t i = 1; i < board_n - 1; ++i) {
    for (int64_t j = 1; j < m - 1; ++j) {
      const uint8_t *above = board + (i - 1) * m + j, *here = above + m, *below = here + m;
      const uint8_t around =
          above[-1] + above[0] + above[1] + here[-1] + here[1] + below[-1] + below[0] + below[1];
      after[i * m + j] = (around == 3) | ((around == 2) & (here[0] == 1));
    }
  }
}

void floyd_warshall(OUT2(double, distance)) {
  const int64_t n = distance_n;
  for (int64_t k = 0; k < n; ++k) {
    for (int64_t i = 0; i < n; ++i) {
      const double to_k = distance[i * n + k];
      for (int64_t j = 0; j < n; ++j) {
        const double through = to_k + distance[k * n + j];
        distance[i * n + j] = through < distance[i * n + j] ? through : distance[i * n + j];
      }
    }
  }
}

static void sweep(const double* restrict u, double* restrict v, int64_t n, int64_t m) {
  for (int64_t i = 1; i < n - 1; ++i)
    for (int64_t j = 1; j < m - 1; ++j)
      v[i * m + j] = 0.25 * (u[(i - 1) * m + j] + u[(i + 1) * m + j] + u[i * m + j - 1] + u[i * m + j + 1]);
}

void jacobi(OUT2(double, u), OUT2(double, v), int64_t sweeps) {
  for (int64_t k = 0; k < sweeps; ++k) {
    sweep(u, v, u_n, u_m);
    sweep(v, u, u_n, u_m);
  }
}

void hill_shade(IN2(double, z), double dx, double dy, double azimuth, double altitude, OUT2(double, out)) {
  const double sun_east = sin(azimuth) * cos(altitude), sun_north = cos(azimuth) * cos(altitude),
               sun_up = sin(altitude);
  const int64_t m = z_m;
  for (int64_t i = 1; i < z_n - 1; ++i) {
    for (int64_t j = 1; j < m - 1; ++j) {
      const double east = (z[i * m + j + 1] - z[i * m + j - 1]) / (2 * dx);
      const double north = (z[(i - 1) * m + j] - z[(i + 1) * m + j]) / (2 * dy);
      const double light = (sun_up - east * sun_east - north * sun_north) / sqrt(1 + east * east + north * north);
      out[i * m + j] = light > 0 ? light : 0;
    }
  }
}
