// programs – what programs are made of besides arithmetic: variables, pointers, structures, calls, copies, printf.
global int counter = 5;
global int table[4];
constant float weights[3] = {1.5f, 2.5f, 3.5f};
constant int squares[2][3] = {{0, 1, 4}, {9, 16, 25}};
global int* global counter_address = &counter;

kernel void variables(global int* out, global const int* index) {
  size_t i = get_global_id(0);
  if (i == 0) {
    counter += 1;
    table[2] = counter * 10;
    out[0] = *counter_address;
    out[1] = table[2] + table[1];
  }
  out[2 + i] = (int)(2 * weights[index[i] % 3]) + 100 * squares[index[i] & 1][index[i] % 3];
}

struct node {
  int value;
  global const struct node* next;
};

kernel void walk(global const struct node* node, global int* out) {
  int digits = 0;
  for (; node; node = node->next) digits = digits * 10 + node->value;
  out[0] = digits;
}

// Pointers of every storage class through one function.
__attribute__((noinline)) long sum(const int* values, int count) {
  long result = 0;
  for (int i = 0; i < count; ++i) result += values[i];
  return result;
}

kernel void pointers(global int* in, global long* out, local int* scratch) {
  int own[4] = {1, 20, 300, 4000};
  int l = get_local_id(0), n = get_local_size(0);
  scratch[l] = in[l] * 2;
  barrier(CLK_LOCAL_MEM_FENCE);
  int* chosen = l % 3 == 0 ? (int*)in : l % 3 == 1 ? (int*)scratch : own;
  out[l] = sum(chosen, 4) + 10000 * sum(scratch, n);
  global int *first = in, *last = in + n;
  out[n + l] = (last - first) + (first < last) + 2 * (first == in) + (size_t)((global char*)last - (global char*)first);
}

typedef union {
  float f;
  uint u;
  uchar bytes[4];
} bits;

kernel void reinterpretation(global const float* in, global uint* out) {
  size_t i = get_global_id(0);
  bits x;
  x.f = in[i];
  out[4 * i] = x.u;
  out[4 * i + 1] = x.bytes[3];
  out[4 * i + 2] = as_uint(in[i]) ^ (uint)as_ushort2(in[i]).y;
  out[4 * i + 3] = as_uchar4(x.u).z;
}

typedef struct {
  char tag;
  double2 pair;
  short small[3];
  struct {
    float4 v;
    long l;
  } inner;
} mixed;

__attribute__((noinline)) mixed change(mixed m, int by) {
  m.tag += by;
  m.pair.y *= by;
  m.small[by % 3] = (short)by;
  m.inner.v.zw = m.inner.v.xy + by;
  m.inner.l = -m.inner.l;
  return m;
}

kernel void structures(global mixed* items, int by) {
  size_t i = get_global_id(0);
  mixed kept[2];
  kept[0] = items[i];
  kept[1] = change(kept[0], by);
  items[i] = kept[by > 0];
}

typedef struct __attribute__((packed)) {
  char c;
  int i;
  short s;
} tight;

kernel void packed(global const tight* in, global long* out) {
  size_t i = get_global_id(0);
  out[i] = in[i].c + 1000L * in[i].i + in[i].s;
}

kernel void locals(global int* out, local int* given, local float4* vectors) {
  local int own[3][4];
  local struct {
    int x;
    double y;
  } shared;
  int l = get_local_id(0);
  if (l < 12) own[l % 3][l / 3] = l;
  given[l] = l * 7;
  vectors[l] = (float4)(l, l + 1, l + 2, l + 3);
  if (l == 0) {
    shared.x = 9;
    shared.y = 2.5;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  int other = (l + 1) % get_local_size(0);
  out[l] = own[other % 3][other / 3 % 4] + given[other] + (int)vectors[other].w + shared.x + (int)(shared.y * 2);
}

kernel void wide_switch(global const long* in, global int* out) {
  size_t i = get_global_id(0);
  switch (in[i]) {
    case 0x100000000L: out[i] = 1; break;
    case -1: out[i] = 2;  // falls through
    case 77: out[i] = in[i] < 0 ? 3 : 4; break;
    default: out[i] = (uchar)in[i] == 5 ? 5 : 6;
  }
}

kernel void async_copies(global const float* in, global float* out, global const float3* triples, global float3* turned) {
  local float tile[64];
  local float3 held[4];
  size_t group = get_group_id(0);
  event_t loaded = async_work_group_copy(tile, in + group * 64, 64, 0);
  loaded = async_work_group_copy(held, triples + group * 4, 4, loaded);
  wait_group_events(1, &loaded);
  size_t l = get_local_id(0);
  float right = tile[(l + 1) % 64];
  if (l < 4) held[l] = held[l].zxy;
  barrier(CLK_LOCAL_MEM_FENCE);
  tile[l] += 100 * right;
  barrier(CLK_LOCAL_MEM_FENCE);
  event_t stored[2];
  stored[0] = async_work_group_strided_copy(out + group * 64, tile, 32, 2, 0);
  stored[1] = async_work_group_copy(turned + group * 4, held, 4, 0);
  wait_group_events(2, stored);
  event_t strided = async_work_group_strided_copy(tile, in + group * 64, 32, 2, 0);
  wait_group_events(1, &strided);
  if (l < 32) out[group * 64 + 2 * l + 1] = tile[l];
  prefetch(in, 4);
}

int __attribute__((overloadable)) __spirv_SpecConstant(int, int);
float __attribute__((overloadable)) __spirv_SpecConstant(int, float);

kernel void specialised(global float* out) {
  int count = __spirv_SpecConstant(3, 2);
  float step = __spirv_SpecConstant(5, 0.5f);
  out[0] = 0;
  for (int i = 0; i < count; ++i) out[0] += step * (i + 1);
}

kernel void print(global const int* in, global const float4* v) {
  size_t i = get_global_id(0);
  printf("item %d: %5.2f|%v4hlf|%s|%c|%x|%ld|%%|%-4u|\n", in[i], 1.5 * in[i], v[i], "text", 'c', 255, -5L, 7u);
}

kernel void print_vectors(global const int* in) {
  int n = in[0];
  printf("%v2hd|%v3d|%v4hhx|%v8hhu|%v2ld|%v2lx\n", (short2)(n, -n), (int3)(n, 2, -3), (uchar4)(n, 255, 16, 0),
         (uchar8)(1, 2, 3, 4, 5, 6, 7, n), (long2)(-n, 1L << 40), (ulong2)(n, 255));
  printf("%v2hlf|%+.1v4hlf|%6.2v2lf|%v3hle|%v2hla\n", (float2)(n, 0.5f), (float4)(n, -1, 2.25f, 0), (double2)(n, -0.125),
         (float3)(n, 1e10f, -1e-10f), (float2)(1, 0.5f));
}
