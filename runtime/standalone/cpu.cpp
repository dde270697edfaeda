// cpu – which level of its architecture the CPU of this process reaches, for code that was compiled for several.
#include <stdint.h>

/// 1 … 4, as the psABI of x86-64 counts them ("x86-64-v3"); 0 on other architectures.
extern "C" int32_t metate_cpu_level() {
#if defined(__x86_64__)
  // Threads may come here at once, and all find the same.
  static int32_t level = 0;
  int32_t known = __atomic_load_n(&level, __ATOMIC_RELAXED);
  if (known) return known;
  __builtin_cpu_init();
  known = __builtin_cpu_supports("x86-64-v4")   ? 4
          : __builtin_cpu_supports("x86-64-v3") ? 3
          : __builtin_cpu_supports("x86-64-v2") ? 2
                                                : 1;
  __atomic_store_n(&level, known, __ATOMIC_RELAXED);
  return known;
#else
  return 0;
#endif
}
