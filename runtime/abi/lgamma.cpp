// lgamma – libm's, without the global variable that it leaves the sign in.
#include <math.h>

extern "C" {
double metate_lgamma_f64(double x);
float metate_lgamma_f32(float x);

double metate_lgamma_f64(double x) {
  int sign;
  return lgamma_r(x, &sign);
}
float metate_lgamma_f32(float x) {
  int sign;
  return lgammaf_r(x, &sign);
}
}
