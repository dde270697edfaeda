// imports – calls a function that nobody defines.
int somewhere_else(int x);

kernel void imports(global int* out) { out[get_global_id(0)] = somewhere_else(1); }
