// ids – writes down what an item knows of its place, twelve numbers an item.
kernel void ids(global ulong* out) {
  size_t linear = (get_global_id(2) - get_global_offset(2)) * get_global_size(1) + get_global_id(1) - get_global_offset(1);
  linear = linear * get_global_size(0) + get_global_id(0) - get_global_offset(0);
  global ulong* p = out + linear * 16;
  for (int d = 0; d < 3; ++d) {
    p[d] = get_global_id(d);
    p[3 + d] = get_local_id(d);
    p[6 + d] = get_group_id(d);
    p[9 + d] = get_num_groups(d);
    p[12 + d] = get_local_size(d);
  }
  p[15] = get_work_dim();
}
