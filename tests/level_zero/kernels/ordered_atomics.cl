// ordered_atomics – every operation in every order and scope, on global, local and generic memory.
#define EACH_SCOPE(F, A, order)                                                                         \
  F(A, order, memory_scope_work_item) F(A, order, memory_scope_work_group) F(A, order, memory_scope_sub_group) \
  F(A, order, memory_scope_device) F(A, order, memory_scope_all_svm_devices)
#define EACH_ORDER(F, A)                                                                           \
  EACH_SCOPE(F, A, memory_order_relaxed) EACH_SCOPE(F, A, memory_order_acquire)                    \
  EACH_SCOPE(F, A, memory_order_release) EACH_SCOPE(F, A, memory_order_acq_rel)                    \
  EACH_SCOPE(F, A, memory_order_seq_cst)

// 25 times each; `p` has eight counters.
#define CHANGE(p, order, scope)                                                            \
  atomic_fetch_add_explicit(p, 3, order, scope);                                           \
  atomic_fetch_sub_explicit(p + 1, 2, order, scope);                                       \
  atomic_fetch_xor_explicit(p + 2, 1, order, scope);                                       \
  atomic_fetch_max_explicit(p + 3, (int)get_global_id(0), order, scope);                   \
  atomic_fetch_min_explicit(p + 4, -(int)get_global_id(0), order, scope);                  \
  atomic_fetch_or_explicit(p + 5, 1 << (get_local_id(0) & 7), order, scope);               \
  expected = atomic_load_explicit(p + 6, memory_order_relaxed, scope);                     \
  while (!atomic_compare_exchange_strong_explicit(p + 6, &expected, expected + 1, order, memory_order_relaxed, scope)) \
    ;                                                                                      \
  seen += atomic_exchange_explicit(p + 7, 5, order, scope) == 5;
#define LOAD(p, order, scope) seen += atomic_load_explicit(p + 7, order, scope) == 5;
#define STORE(p, order, scope) atomic_store_explicit(p + 7, 5, order, scope);
#define FENCE(flags, order, scope) atomic_work_item_fence(flags, order, scope);

#define ALL(p)                                                                             \
  {                                                                                        \
    int expected, seen = 0;                                                                \
    EACH_ORDER(CHANGE, p)                                                                  \
    EACH_SCOPE(LOAD, p, memory_order_relaxed) EACH_SCOPE(LOAD, p, memory_order_acquire)    \
    EACH_SCOPE(LOAD, p, memory_order_seq_cst) EACH_SCOPE(STORE, p, memory_order_relaxed)   \
    EACH_SCOPE(STORE, p, memory_order_release) EACH_SCOPE(STORE, p, memory_order_seq_cst)  \
    EACH_ORDER(FENCE, CLK_GLOBAL_MEM_FENCE | CLK_LOCAL_MEM_FENCE)                          \
    loads[get_global_id(0)] = seen;                                                        \
  }

kernel void on_global(global atomic_int* counters, global int* loads) ALL(counters)

kernel void on_local(global int* out, global int* loads) {
  local atomic_int counters[8];
  if (get_local_id(0) < 8) atomic_init(counters + get_local_id(0), get_local_id(0) == 7 ? 5 : 0);
  work_group_barrier(CLK_LOCAL_MEM_FENCE);
  ALL(counters)
  work_group_barrier(CLK_LOCAL_MEM_FENCE);
  if (get_local_id(0) < 8) out[get_group_id(0) * 8 + get_local_id(0)] = atomic_load(counters + get_local_id(0));
}

void through_any_pointer(volatile atomic_int* counters, global int* loads) ALL(counters)

kernel void on_generic(global atomic_int* everywhere, global int* loads) {
  local atomic_int counters[8];
  if (get_local_id(0) < 8) atomic_init(counters + get_local_id(0), get_local_id(0) == 7 ? 5 : 0);
  work_group_barrier(CLK_LOCAL_MEM_FENCE);
  // Even groups count in global memory, odd ones in their own.
  atomic_int* chosen = get_group_id(0) & 1 ? (atomic_int*)counters : (atomic_int*)everywhere;
  through_any_pointer(chosen, loads);
}
