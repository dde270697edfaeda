// parallel_limits – a parallel loop of OpenMP, on two threads.
#include <stdint.h>

void prange_region(const double* restrict a, int64_t a_n, const double* restrict b, int64_t b_n, double* restrict c,
                   int64_t c_n) {
#pragma omp parallel for num_threads(2)
  for (int64_t i = 0; i < a_n; ++i) c[i] = a[i] + b[i];
}
