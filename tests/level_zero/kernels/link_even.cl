// link_even – imports from link_odd.cl, which imports from here.
int odd_part(int x);
int even_part(int x) { return x / 2; }

kernel void even(global int* out) {
  const int i = (int)get_global_id(0);
  out[i] = i % 2 ? odd_part(i) : even_part(i);
}
