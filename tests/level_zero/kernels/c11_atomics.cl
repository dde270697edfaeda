// c11_atomics – atomics as OpenCL 2.0 and 3.0 spell them, and the older spelling on all its types.
#define INTEGERS(A, T, S)                                                                                   \
  kernel void fetch_##S(global A* p, global const T* values, global T* seen) {                              \
    size_t i = get_global_id(0);                                                                            \
    T v = values[i];                                                                                        \
    atomic_fetch_add(p, v);                                                                                 \
    atomic_fetch_sub_explicit(p + 1, v, memory_order_relaxed);                                              \
    atomic_fetch_min(p + 2, v);                                                                             \
    atomic_fetch_max_explicit(p + 3, v, memory_order_acq_rel, memory_scope_device);                         \
    atomic_fetch_or(p + 4, v);                                                                              \
    atomic_fetch_xor_explicit(p + 5, v, memory_order_relaxed, memory_scope_all_svm_devices);                \
    atomic_fetch_and(p + 6, v);                                                                             \
    T expected = atomic_load_explicit(p + 7, memory_order_relaxed);                                         \
    while (!atomic_compare_exchange_weak_explicit(p + 7, &expected, expected + 2 * v, memory_order_acq_rel, \
                                                  memory_order_relaxed)) {                                  \
    }                                                                                                       \
    if (i == 0) {                                                                                           \
      atomic_store(p + 8, v);                                                                               \
      seen[0] = atomic_load(p + 8);                                                                         \
      seen[1] = atomic_exchange(p + 8, 5);                                                                  \
      seen[2] = atomic_exchange_explicit(p + 8, 6, memory_order_relaxed);                                   \
      T wanted = 7;                                                                                         \
      seen[3] = atomic_compare_exchange_strong(p + 8, &wanted, 9);                                          \
      seen[4] = wanted;                                                                                     \
      seen[5] = atomic_compare_exchange_strong(p + 8, &wanted, 9);                                          \
      seen[6] = atomic_load(p + 8);                                                                         \
    }                                                                                                       \
  }
INTEGERS(atomic_int, int, i32)
INTEGERS(atomic_uint, uint, u32)
#pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable
#pragma OPENCL EXTENSION cl_khr_int64_extended_atomics : enable
INTEGERS(atomic_long, long, i64)
INTEGERS(atomic_ulong, ulong, u64)

// A sum of floats by compare-exchange: exact, since the numbers are small integers.
kernel void float_sum(global atomic_float* sum, global const float* values) {
  float before = atomic_load(sum);
  while (!atomic_compare_exchange_weak(sum, &before, before + values[get_global_id(0)])) {
  }
}

kernel void flags(global atomic_flag* flag, global int* winners) {
  if (!atomic_flag_test_and_set(flag)) winners[0] += 1;
  if (get_global_id(0) == 0) {
    winners[1] = atomic_flag_test_and_set_explicit(flag, memory_order_acquire, memory_scope_device);
    atomic_flag_clear(flag);
    winners[2] = atomic_flag_test_and_set(flag);
  }
}

// A local counter through a generic pointer.
void count(volatile atomic_int* counter, int by) { atomic_fetch_add(counter, by); }
kernel void generic_counters(global atomic_int* counters) {
  local atomic_int own;
  if (get_local_id(0) == 0) atomic_init(&own, 0);
  work_group_barrier(CLK_LOCAL_MEM_FENCE);
  count(&own, 1);
  work_group_barrier(CLK_LOCAL_MEM_FENCE, memory_scope_work_group);
  if (get_local_id(0) == 0) count(counters, atomic_load(&own));
  atomic_work_item_fence(CLK_GLOBAL_MEM_FENCE, memory_order_seq_cst, memory_scope_device);
}

#define OLD(T, p, S)                                               \
  kernel void old_##S(global T* c, global const T* values) {       \
    T v = values[get_global_id(0)];                                \
    p##add(c, v);                                                  \
    p##sub(c + 1, v);                                              \
    p##min(c + 2, v);                                              \
    p##max(c + 3, v);                                              \
    p##or(c + 4, v);                                               \
    p##xor(c + 5, v);                                              \
    p##and(c + 6, v);                                              \
    p##inc(c + 7);                                                 \
    p##dec(c + 8);                                                 \
    T seen = c[9];                                                 \
    while (true) {                                                 \
      T found = p##cmpxchg(c + 9, seen, seen + 2 * v);             \
      if (found == seen) break;                                    \
      seen = found;                                                \
    }                                                              \
    if (get_global_id(0) == 0) c[11] = p##xchg(c + 10, 4);         \
    mem_fence(CLK_GLOBAL_MEM_FENCE);                               \
    read_mem_fence(CLK_LOCAL_MEM_FENCE);                           \
    write_mem_fence(CLK_GLOBAL_MEM_FENCE);                         \
  }
OLD(int, atomic_, i32)
OLD(uint, atomic_, u32)
OLD(long, atom_, i64)
OLD(ulong, atom_, u64)

kernel void float_exchange(global float* p, global float* before) { before[0] = atomic_xchg(p, 2.5f); }
