// integer_dots – dot products of small integers: vectors, packed words, and added with saturation.
int __attribute__((overloadable)) dot(char4, char4);
int __attribute__((overloadable)) dot(char4, uchar4);
uint __attribute__((overloadable)) dot(uchar4, uchar4);
int __attribute__((overloadable)) dot_acc_sat(char4, char4, int);
int __attribute__((overloadable)) dot_acc_sat(char4, uchar4, int);
uint __attribute__((overloadable)) dot_acc_sat(uchar4, uchar4, uint);
int __attribute__((overloadable)) dot_4x8packed_ss_int(uint, uint);
int __attribute__((overloadable)) dot_4x8packed_su_int(uint, uint);
uint __attribute__((overloadable)) dot_4x8packed_uu_uint(uint, uint);
int __attribute__((overloadable)) dot_acc_sat_4x8packed_ss_int(uint, uint, int);
uint __attribute__((overloadable)) dot_acc_sat_4x8packed_uu_uint(uint, uint, uint);

kernel void dots(global const uint* a, global const uint* b, global const int* sums, global int* out) {
  const size_t i = get_global_id(0);
  global int* r = out + 11 * i;
  r[0] = dot(as_char4(a[i]), as_char4(b[i]));
  r[1] = dot(as_char4(a[i]), as_uchar4(b[i]));
  r[2] = (int)dot(as_uchar4(a[i]), as_uchar4(b[i]));
  r[3] = dot_4x8packed_ss_int(a[i], b[i]);
  r[4] = dot_4x8packed_su_int(a[i], b[i]);
  r[5] = (int)dot_4x8packed_uu_uint(a[i], b[i]);
  r[6] = dot_acc_sat(as_char4(a[i]), as_char4(b[i]), sums[i]);
  r[7] = dot_acc_sat(as_char4(a[i]), as_uchar4(b[i]), sums[i]);
  r[8] = (int)dot_acc_sat(as_uchar4(a[i]), as_uchar4(b[i]), (uint)sums[i]);
  r[9] = dot_acc_sat_4x8packed_ss_int(a[i], b[i], sums[i]);
  r[10] = (int)dot_acc_sat_4x8packed_uu_uint(a[i], b[i], (uint)sums[i]);
}
