// control – loops, switches, calls, early returns, tables in constant memory.
constant int kTable[8] = {3, 1, 4, 1, 5, 9, 2, 6};

int collatz(int n) {
  int steps = 0;
  while (n != 1 && steps < 1000) {
    n = n % 2 ? 3 * n + 1 : n / 2;
    ++steps;
  }
  return steps;
}

int choose(int kind, int x) {
  switch (kind) {
    case 0: return x;
    case 1:
    case 2: return -x;
    case -7: x *= 2;  // falls through
    case 100: return x + 5;
    default: return kTable[x & 7];
  }
}

kernel void control(global const int* in, global int* out, uint n) {
  uint i = get_global_id(0);
  if (i >= n) return;
  int v = in[i];
  int kinds[] = {0, 1, 2, -7, 100, 42};
  int sum = 0;
  for (int k = 0; k < 6; ++k) {
    if (k == (v & 3)) continue;
    sum += choose(kinds[k], v);
    if (sum > 10000) break;
  }
  out[i] = sum + collatz((v & 1023) + 1);
}

kernel void mandelbrot(global int* out, int width, int height, int limit) {
  int px = get_global_id(0), py = get_global_id(1);
  double cr = -2.0 + 3.0 * px / width, ci = -1.5 + 3.0 * py / height;
  double zr = 0, zi = 0;
  int steps = 0;
  while (steps < limit && zr * zr + zi * zi <= 4.0) {
    double t = zr * zr - zi * zi + cr;
    zi = 2 * zr * zi + ci;
    zr = t;
    ++steps;
  }
  out[py * width + px] = steps;
}
