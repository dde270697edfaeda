// link_user – imports from link_library.cl.
extern global int shared_counter;
int scaled(int x);
int count_calls(void);
int sum_of_group(int x, local int* room);

int helper(int x) { return x + 1000; }

kernel void use_functions(global int* out, local int* room) {
  const size_t i = get_global_id(0);
  out[i] = sum_of_group(scaled((int)i), room);
}

kernel void use_variables(global int* out) {
  const size_t i = get_global_id(0);
  if (i == 0) shared_counter += 7;
  (void)count_calls();
  out[i] = helper((int)i);
}
