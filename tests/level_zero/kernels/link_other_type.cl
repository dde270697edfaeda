// link_other_type – exports a function of link_user.cl with another type.
float scaled(float x, int y) { return x * y; }

kernel void other_type(global float* out) { out[get_global_id(0)] = scaled(1.0f, 2); }
