// link_rival – exports what link_library.cl exports, and a helper of the same name as one of link_user.cl.
int scaled(int x) { return -x; }
int helper(int x) { return x - 1; }

kernel void rival(global int* out) { out[get_global_id(0)] = helper(scaled(1)); }
