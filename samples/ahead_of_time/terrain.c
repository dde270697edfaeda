/* terrain.c - calls the functions of terrain.py from C.

       cc terrain.c ./libterrain.so -Wl,-rpath,'$ORIGIN' -o terrain
       ./terrain heights.raw 344 403 shade.pgm

   heights.raw: rows times columns numbers of 32 bits. */
#include <stdio.h>
#include <stdlib.h>

#include "libterrain.h"

static int fail(const char *what) {
  fprintf(stderr, "terrain: %s\n", what);
  return 1;
}

static int read_heights(const char *name, float *heights, size_t count) {
  FILE *file = fopen(name, "rb");
  size_t got = file ? fread(heights, sizeof *heights, count, file) : 0;
  if (file) fclose(file);
  return got == count;
}

static int write_picture(const char *name, const metate_array_f32_2d *light) {
  FILE *file = fopen(name, "wb");
  int64_t i, count = light->shape[0] * light->shape[1];
  if (!file) return 0;
  fprintf(file, "P5 %lld %lld 255\n", (long long)light->shape[1], (long long)light->shape[0]);
  for (i = 0; i < count; i++) fputc((int)(255 * light->data[i] + 0.5f), file);
  return fclose(file) == 0;
}

int main(int count, char **words) {
  const double cell = 90, azimuth = 5.5, altitude = 0.78;
  metate_array_f32_2d heights = {0}, light;
  metate_error error;
  double slope;
  if (count != 5) return fail("give the file of heights, rows, columns, and the picture to write");
  heights.shape[0] = atoi(words[2]);
  heights.shape[1] = atoi(words[3]);
  heights.strides[0] = heights.shape[1] * (int64_t)sizeof(float);
  heights.strides[1] = sizeof(float);
  heights.data = malloc((size_t)(heights.shape[0] * heights.strides[0]));
  if (!heights.data) return fail("no memory");
  if (!read_heights(words[1], heights.data, (size_t)(heights.shape[0] * heights.shape[1]))) return fail("cannot read the heights");

  if (steepest(&heights, cell, &slope, &error)) return fail(error.message);
  printf("steepest slope: %.3f degrees\n", slope);
  if (hill_shade(&heights, cell, azimuth, altitude, &light, &error)) return fail(error.message);
  if (!write_picture(words[4], &light)) return fail("cannot write the picture");
  metate_release(light.owner);

  /* An exception is a status and a message. */
  if (hill_shade(&heights, 0, azimuth, altitude, &light, &error))
    printf("%s: %s\n", error.type, error.message);
  free(heights.data);
  return 0;
}
