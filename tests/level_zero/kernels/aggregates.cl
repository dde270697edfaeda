// aggregates – structures by value and by pointer, vectors, shuffles, vector loads and stores.
struct point {
  float x, y;
  int tag;
};

struct pair {
  struct point a, b;
  double weight;
};

kernel void structures(global const struct pair* in, global struct point* out, struct point shift) {
  size_t i = get_global_id(0);
  struct pair p = in[i];
  struct point r;
  r.x = (float)(p.a.x * p.weight + p.b.x) + shift.x;
  r.y = (float)(p.a.y * p.weight + p.b.y) + shift.y;
  r.tag = p.a.tag * 10 + p.b.tag + shift.tag;
  shift.tag = -1;  // a copy of the item's own
  out[i] = r;
}

kernel void vectors(global const float4* a, global float4* out, global const float* packed, global float* packed_out) {
  size_t i = get_global_id(0);
  float4 v = a[i];
  float3 w = vload3(i, packed);
  float4 r = v.wzyx * 2.0f + (float4)(w, 1.0f);
  r.xy = r.yx;
  r.w = dot(v, v) + length(w);
  out[i] = select(r, -r, v < 0.0f);
  vstore3(w.zxy, i, packed_out);
}
