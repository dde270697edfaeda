// conversions – from every type to every other one, saturating and with every rounding mode.
//
// A kernel writes four rows of scalars and four of vectors of 4: to nearest, to zero, up, down.
#define ROW(TO, FROM, SAT, mode, index)                                      \
  out[index * n + i] = convert_##TO##SAT##_##mode(in[i]);                    \
  vstore4(convert_##TO##4##SAT##_##mode(vload4(i / 4, in)), i / 4, out + (index + 4) * n);
#define CONVERSION(TO, FROM, SAT)                                                              \
  kernel void TO##_from_##FROM(global const FROM* in, global TO* out, uint n) {                \
    uint i = get_global_id(0);                                                                 \
    ROW(TO, FROM, SAT, rte, 0)                                                                 \
    ROW(TO, FROM, SAT, rtz, 1)                                                                 \
    ROW(TO, FROM, SAT, rtp, 2)                                                                 \
    ROW(TO, FROM, SAT, rtn, 3)                                                                 \
  }
#define TO_SIGNED(FROM) \
  CONVERSION(char, FROM, _sat) CONVERSION(short, FROM, _sat) CONVERSION(int, FROM, _sat) CONVERSION(long, FROM, _sat)
#define TO_UNSIGNED(FROM) \
  CONVERSION(uchar, FROM, _sat) CONVERSION(ushort, FROM, _sat) CONVERSION(uint, FROM, _sat) CONVERSION(ulong, FROM, _sat)
#define TO_FLOATS(FROM) CONVERSION(float, FROM, ) CONVERSION(double, FROM, )
// Between integers only from one signedness to the other: clang 22 writes the same instructions for the rest.
#define FROM_SIGNED(FROM) TO_UNSIGNED(FROM) TO_FLOATS(FROM)
#define FROM_UNSIGNED(FROM) TO_SIGNED(FROM) TO_FLOATS(FROM)
#define FROM_FLOATS(FROM) TO_SIGNED(FROM) TO_UNSIGNED(FROM) TO_FLOATS(FROM)
FROM_SIGNED(char)
FROM_SIGNED(short)
FROM_SIGNED(int)
FROM_SIGNED(long)
FROM_UNSIGNED(uchar)
FROM_UNSIGNED(ushort)
FROM_UNSIGNED(uint)
FROM_UNSIGNED(ulong)
FROM_FLOATS(float)
FROM_FLOATS(double)
