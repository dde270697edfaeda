#include "compiler/ops/complex_formulas.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "compiler/ops/complex_forms.h"
#include "runtime/base/assert.h"

namespace metate::ops {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Where the formulas change, by the type of the parts. Squares of what lies between `tiny` and `huge` neither overflow
/// nor lose digits; below `small` z³ is nothing beside z, above `large` 1 is nothing beside z².
struct Limits {
  double exponent;  // the largest with an exp of a few orders to spare
  double exponent_step;
  double tiny, huge;
  double shift;  // a power of 4 that brings what is tiny or huge between them
  double small, large;
  double steep;  // from here on tanh(x) is 1
};

const Limits& limits_of(Term part) {
  static constexpr Limits kDouble{700, 512, 0x1p-960, 0x1p1000, 0x1p100, 0x1p-29, 0x1p30, 20};
  static constexpr Limits kFloat{80, 64, 0x1p-100f, 0x1p120f, 0x1p40, 0x1p-13, 0x1p14, 10};
  return part.dtype == types::DType::kF64 ? kDouble : kFloat;
}

Term larger(Term x, Term y) { return select(x < y, y, x); }
Term smaller(Term x, Term y) { return select(x < y, x, y); }
Term times_i(Term z) { return make_complex(-imaginary(z), real(z)); }
Term over_i(Term z) { return make_complex(imaginary(z), -real(z)); }

/// exp(x) as a product: whoever multiplies by `first`, then something small, then `second` meets no overflow between.
struct Scaled {
  Term first, second;
};

Scaled scaled_exp(Term x) {
  const Limits& limits = limits_of(x);
  Term is_large = x > limits.exponent;
  Term first = exp(x - select(is_large, literal(x, limits.exponent_step), literal(x, 0)));
  return {first, select(is_large, literal(x, std::exp(limits.exponent_step)), literal(x, 1))};
}

Term exp_formula(Term z) {
  Term a = real(z), b = imaginary(z);
  Scaled e = scaled_exp(a);
  Term no_angle = ~is_finite(b), infinite = is_infinite(a), zero = literal(a, 0);
  Term along = select(no_angle & infinite, select(a < 0, zero, a), e.first * cos(b) * e.second);
  Term across = select(no_angle & infinite & (a < 0), zero, e.first * sin(b) * e.second);
  return make_complex(along, select(b == 0, b, across));
}

/// cosh(x) and sinh(x), each to be multiplied by `scale` too.
struct Hyperbolic {
  Term cosine, sine, scale;
};

Hyperbolic hyperbolic(Term x) {
  Term size = absolute(x);
  Term is_large = size > limits_of(x).exponent;
  Scaled e = scaled_exp(size);
  Term half = e.first * 0.5;
  return {select(is_large, half, cosh(x)), select(is_large, copy_sign(half, x), sinh(x)), e.second};
}

Term sinh_formula(Term z) {
  Term x = real(z), y = imaginary(z);
  Hyperbolic h = hyperbolic(x);
  Term keeps = ~is_finite(y) & ((x == 0) | is_infinite(x));
  Term along = select(keeps, x, h.sine * cos(y) * h.scale);
  return make_complex(along, select(y == 0, y, h.cosine * sin(y) * h.scale));
}

Term cosh_formula(Term z) {
  Term x = real(z), y = imaginary(z);
  Hyperbolic h = hyperbolic(x);
  Term no_angle = ~is_finite(y);
  Term along = select(no_angle & is_infinite(x), absolute(x), h.cosine * cos(y) * h.scale);
  Term across = select(no_angle & (x == 0), x, h.sine * sin(y) * h.scale);
  return make_complex(along, select(y == 0, y * copy_sign(literal(x, 1), x), across));
}

/// W. Kahan, "Branch Cuts for Complex Elementary Functions", 1987.
Term tanh_formula(Term z) {
  Term x = real(z), y = imaginary(z), one = literal(x, 1);
  Term is_steep = absolute(x) > limits_of(x).steep;
  Term t = tan(y), s = sinh(select(is_steep, one, x));
  Term beta = one + t * t, rho = sqrt(one + s * s);
  Term denominator = one + beta * s * s;
  Term e = exp(-absolute(x));
  Term little = select(is_finite(y), sin(y) * cos(y) * 4 * e * e, copy_sign(literal(x, 0), y));
  Term along = select(is_steep, copy_sign(one, x), beta * rho * s / denominator);
  Term across = select(y == 0, y, select(is_steep, little, t / denominator));
  Term no_angle = ~is_finite(y) & ~is_infinite(x), nan = literal(x, std::numeric_limits<double>::quiet_NaN());
  return make_complex(select(no_angle, select(x == 0, x, nan), along), select(no_angle, nan, across));
}

/// x + y as a float and what it leaves (D. Knuth).
struct Sum {
  Term rounded, rest;
};

Sum exact_sum(Term x, Term y) {
  Term sum = x + y;
  Term part = sum - x;
  return {sum, (x - (sum - part)) + (y - part)};
}

Term log_modulus(Term z) {
  Term a = absolute(real(z)), b = absolute(imaginary(z));
  Term x = larger(a, b), y = smaller(a, b), one = literal(x, 1);
  // Near 1: half of log1p(x² + y² - 1), which is summed with twice the digits, since it may cancel.
  Term xx = x * x, yy = y * y;
  Sum first = exact_sum(xx, -one), all = exact_sum(first.rounded, yy);
  Term rests = fused_multiply_add(x, x, -xx) + fused_multiply_add(y, y, -yy);
  Term excess = all.rounded + (all.rest + (first.rest + rests));
  Term is_near = (x >= 0.5) & (x <= 2) & (excess > -0.75) & (excess < 3);

  const Limits& limits = limits_of(x);
  Term is_huge = x > limits.huge, is_tiny = x < limits.tiny;
  Term factor = select(is_huge, literal(x, 1 / limits.shift), select(is_tiny, literal(x, limits.shift), one));
  Term shift = literal(x, std::log(limits.shift));
  Term shifted = select(is_huge, shift, select(is_tiny, -shift, literal(x, 0)));
  return select(is_near, log1p(excess) * 0.5, log(hypot(a * factor, b * factor)) + shifted);
}

Term log_formula(Term z) { return make_complex(log_modulus(z), atan2(imaginary(z), real(z))); }

Term sqrt_formula(Term z) {
  Term a = real(z), b = imaginary(z);
  const Limits& limits = limits_of(a);
  Term x = absolute(a), y = absolute(b), zero = literal(a, 0), one = literal(a, 1), infinity = literal(a, kInfinity);
  Term size = larger(x, y);
  Term is_huge = size > limits.huge, is_tiny = size < limits.tiny;
  auto choose = [&](double if_huge, double if_tiny) {
    return select(is_huge, literal(a, if_huge), select(is_tiny, literal(a, if_tiny), one));
  };
  Term factor = choose(0x1p-4, limits.shift), back = choose(0x1p2, 1 / std::sqrt(limits.shift));
  x = x * factor;
  y = y * factor;
  Term t = sqrt((x + hypot(x, y)) * 0.5);
  Term u = y / (t * 2);
  Term is_left = sign_bit(a), is_zero = z == 0;
  Term along = select(is_zero, zero, select(is_left, u, t) * back);
  Term across = select(is_zero, b, copy_sign(select(is_left, t, u) * back, b));
  // An infinite part is all there is; of the other one a sign is left, or nan.
  Term other = select(is_nan(b), b, copy_sign(zero, b));
  along = select(is_infinite(a), select(is_left, absolute(other), a), along);
  across = select(is_infinite(a), select(is_left, copy_sign(infinity, b), other), across);
  return make_complex(select(is_infinite(b), infinity, along), select(is_infinite(b), b, across));
}

/// Of the first quadrant's |real| + i |imaginary|: T. Hull, T. Fairgrieve, P. Tang, "Implementing the complex arcsine
/// and arccosine functions using exception handling", 1997.
struct InverseSine {
  Term arcsine, arccosine;  // real parts
  Term imaginary;           // of the arcsine; the arccosine's is its negative
};

InverseSine inverse_sine(Term z) {
  Term x = absolute(real(z)), y = absolute(imaginary(z)), one = literal(x, 1);
  const Limits& limits = limits_of(x);
  Term is_inside = x <= 1;
  Term r = hypot(x + one, y), s = hypot(x - one, y);
  Term a = (r + s) * 0.5, b = x / a;
  Term far = r + (x + one), near = select(is_inside, s + (one - x), s + (x - one));
  Term y_far = y / far;

  Term inside = sqrt((a + x) * 0.5 * (y * y_far + near));
  Term outside = y * sqrt(((a + x) / far + (a + x) / near) * 0.5);
  Term q = select(is_inside, inside, outside);
  Term is_flat = b <= 0.6417;
  Term sine = select(is_flat, b, literal(x, 0.5));
  Term arcsine = select(is_flat, asin(sine), atan2(x, q));
  Term arccosine = select(is_flat, acos(sine), atan2(q, x));

  // a - 1 in two forms without cancellation. Where y is tiny its square would be lost: the root is taken of two
  // factors.
  Term c = (y_far + y / near) * 0.5, excess = (y * y_far + near) * 0.5;
  Term from_inside = log1p(y * c + sqrt(y) * sqrt(c * (a + one)));
  Term from_outside = log1p(excess + sqrt(excess * (a + one)));
  Term across = select(a <= 1.5, select(is_inside, from_inside, from_outside), log(a + sqrt(a * a - one)));
  across = select(is_inside & (y == 0), y, across);

  Term is_large = (x > limits.large) | (y > limits.large);
  arcsine = select(is_large, atan2(x, y), arcsine);
  arccosine = select(is_large, atan2(y, x), arccosine);
  across = select(is_large, log_modulus(z) + literal(x, std::numbers::ln2), across);
  Term is_small = (x < limits.small) & (y < limits.small), is_zero = x == 0;
  return {select(is_small | is_zero, x, arcsine), select(is_zero, literal(x, std::numbers::pi / 2), arccosine),
          select(is_small, y, across)};
}

Term asin_formula(Term z) {
  InverseSine w = inverse_sine(z);
  return make_complex(copy_sign(w.arcsine, real(z)), copy_sign(w.imaginary, imaginary(z)));
}

Term acos_formula(Term z) {
  InverseSine w = inverse_sine(z);
  Term along = select(sign_bit(real(z)), literal(w.arccosine, std::numbers::pi) - w.arccosine, w.arccosine);
  return make_complex(along, -copy_sign(w.imaginary, imaginary(z)));
}

Term acosh_formula(Term z) {
  Term w = acos_formula(z);
  return make_complex(absolute(imaginary(w)), copy_sign(real(w), imaginary(z)));
}

Term atanh_formula(Term z) {
  Term x = absolute(real(z)), y = absolute(imaginary(z)), one = literal(x, 1), zero = literal(x, 0);
  const Limits& limits = limits_of(x);
  Term d = one - x;
  Term along = log1p(x * 4 / (d * d + y * y)) * 0.25;
  Term across = atan2(y * 2, d * (one + x) - y * y) * 0.5;
  // Beside the pole at 1 the square of y would be lost.
  Term is_edge = (x == 1) & (y < limits.small);
  along = select(is_edge, (literal(x, std::numbers::ln2) - log(y)) * 0.5, along);
  // Far away it is 1 / z.
  const double far = x.dtype == types::DType::kF64 ? 0x1p500 : 0x1p60;
  Term size = larger(x, y), is_far = (x > far) | (y > far);
  Term u = x / size, v = y / size;
  along = select(is_far, u / (u * u + v * v) / size, along);
  across = select(is_far, literal(x, std::numbers::pi / 2), across);
  along = select(is_infinite(x) | is_infinite(y), zero, along);
  across = select(is_nan(y), y, select(is_nan(x) & is_finite(y), x, across));
  Term is_small = (x < limits.small) & (y < limits.small);
  return make_complex(copy_sign(select(is_small | (x == 0), x, along), real(z)),
                      copy_sign(select(is_small, y, across), imaginary(z)));
}

/// As NumPy: small whole exponents by multiplication, powers of zero by definition.
Term pow_formula(Term x, Term y) {
  Term n = real(y);
  Term is_whole = (imaginary(y) == 0) & (trunc(n) == n) & (absolute(n) < 100);
  Term count = convert(select(is_whole, absolute(n), literal(n, 0)), types::DType::kI64);
  Term product = complex_whole_power(x, count);
  product = select(n < 0, complex_divide(literal(x, 1), product), product);
  Term general = exp_formula(complex_multiply(y, log_formula(x)));

  Term zero = literal(n, 0), nan = literal(n, std::numeric_limits<double>::quiet_NaN());
  Term of_zero = select(n > 0, make_complex(zero, zero), make_complex(nan, nan));
  Term result = select(x == 0, of_zero, select(is_whole, product, general));
  return select(y == 0, make_complex(literal(n, 1), zero), result);
}

}  // namespace

Term complex_formula(ComplexMath function, std::span<const Term> operands) {
  const Term z = operands[0];
  switch (function) {
    case ComplexMath::exp:
      return exp_formula(z);
    case ComplexMath::log:
      return log_formula(z);
    case ComplexMath::sqrt:
      return sqrt_formula(z);
    case ComplexMath::pow:
      return pow_formula(z, operands[1]);
    case ComplexMath::sin:
      return over_i(sinh_formula(times_i(z)));
    case ComplexMath::cos:
      return cosh_formula(times_i(z));
    case ComplexMath::tan:
      return over_i(tanh_formula(times_i(z)));
    case ComplexMath::asin:
      return asin_formula(z);
    case ComplexMath::acos:
      return acos_formula(z);
    case ComplexMath::atan:
      return over_i(atanh_formula(times_i(z)));
    case ComplexMath::sinh:
      return sinh_formula(z);
    case ComplexMath::cosh:
      return cosh_formula(z);
    case ComplexMath::tanh:
      return tanh_formula(z);
    case ComplexMath::asinh:
      return over_i(asin_formula(times_i(z)));
    case ComplexMath::acosh:
      return acosh_formula(z);
    case ComplexMath::atanh:
      return atanh_formula(z);
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::ops
