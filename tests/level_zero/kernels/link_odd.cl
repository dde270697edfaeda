// link_odd – imports from link_even.cl, which imports from here.
int even_part(int x);
int odd_part(int x) { return 100 * x; }

kernel void odd(global int* out) {
  const int i = (int)get_global_id(0);
  out[i] = i % 2 ? odd_part(i) : even_part(i) + 1;
}
