// vectors – what every vector type of OpenCL C does, results in rows of one vector each.
#define ROWS 12

// Element types T with unsigned integers M and signed ones I of the same width.
#define VECTOR(T, M, I, N)                                                                    \
  kernel void vector_##T##_##N(global const T* a, global const T* b, global T* out) {         \
    size_t i = get_global_id(0);                                                              \
    T##N x = vload##N(i, a), y = vload##N(i, b);                                              \
    global T* row = out + i * ROWS * N;                                                       \
    vstore##N(x + y, 0, row);                                                                 \
    vstore##N(x - y, 1, row);                                                                 \
    vstore##N(x * y, 2, row);                                                                 \
    T##N mixed = x;                                                                           \
    mixed.s0 = y.s1;                                                                          \
    mixed.s1 = x.s0;                                                                          \
    vstore##N(mixed, 3, row);                                                                 \
    vstore##N(x < y ? x : y, 4, row);                                                         \
    T##N both[2] = {x, y};                                                                    \
    vstore##N(both[i & 1], 5, row);                                                           \
    vstore##N(-x, 6, row);                                                                    \
    T##N changed = x;                                                                         \
    ((T*)&changed)[i % N] = (T)9;                                                             \
    vstore##N(changed, 7, row);                                                               \
    row[8 * N] = any(x == y);                                                                 \
    row[8 * N + 1] = all(x < y);                                                              \
    T##N masked = select(x, y, (I##N)(x > y));                                                \
    vstore##N(masked, 9, row);                                                                \
    T##N from_scalar = (T##N)(x.s1) + (T)1;                                                   \
    vstore##N(from_scalar, 10, row);                                                          \
    MORE_##N(T, M)                                                                            \
  }

// Halves and permutations: vectors of 3 have no halves of their own type.
#define HALVES(T, M, N)                                       \
  T##N swapped;                                               \
  swapped.lo = x.hi;                                          \
  swapped.hi = x.even;                                        \
  M##N order = convert_##M##N(y) & (M)(2 * N - 1);            \
  vstore##N(shuffle2(x, swapped, order), 11, row);
#define MORE_2(T, M) HALVES(T, M, 2)
#define MORE_3(T, M) vstore3(x.zxy, 11, row);
#define MORE_4(T, M) HALVES(T, M, 4)
#define MORE_8(T, M) HALVES(T, M, 8)
#define MORE_16(T, M) HALVES(T, M, 16)

#define LENGTHS(T, M, I) VECTOR(T, M, I, 2) VECTOR(T, M, I, 3) VECTOR(T, M, I, 4) VECTOR(T, M, I, 8) VECTOR(T, M, I, 16)
LENGTHS(char, uchar, char)
LENGTHS(uchar, uchar, char)
LENGTHS(short, ushort, short)
LENGTHS(ushort, ushort, short)
LENGTHS(int, uint, int)
LENGTHS(uint, uint, int)
LENGTHS(long, ulong, long)
LENGTHS(ulong, ulong, long)
LENGTHS(float, uint, int)
LENGTHS(double, ulong, long)
