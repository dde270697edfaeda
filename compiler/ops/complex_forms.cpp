#include "compiler/ops/complex_forms.h"

#include <array>
#include <limits>
#include <numbers>
#include <optional>

#include "runtime/base/assert.h"

namespace metate::ops {
namespace {

constexpr std::string_view kComplexNames[] = {
#define COMPLEX_FUNCTION(name, arity) #name,
#include "runtime/abi/complex_functions.def"
};

std::optional<ComplexMath> complex_math(std::string_view name) {
  for (size_t i = 0; i < std::size(kComplexNames); ++i)
    if (kComplexNames[i] == name) return static_cast<ComplexMath>(i);
  return std::nullopt;
}

/// What Smith's method needs: the ratio of the divisor's smaller to its larger part, and the scaled divisor.
struct Smith {
  Term by_real;  // bool: the real part is the larger one
  Term ratio;
  Term denominator;
};

Smith smith(Term y) {
  Term by_real = absolute(real(y)) >= absolute(imaginary(y));
  Term large = select(by_real, real(y), imaginary(y)), small = select(by_real, imaginary(y), real(y));
  Term ratio = small / large;
  return {by_real, ratio, large + small * ratio};
}

struct Parts {
  Term real, imaginary;
};

/// The numerators of both parts: x times the scaled conjugate of y.
Parts smith_numerators(Term x, const Smith& s) {
  return {select(s.by_real, real(x) + imaginary(x) * s.ratio, real(x) * s.ratio + imaginary(x)),
          select(s.by_real, imaginary(x) - real(x) * s.ratio, imaginary(x) * s.ratio - real(x))};
}

Term expm1_complex(Term x) {
  // exp(a) (cos b + i sin b) - 1 with cos b = 1 - 2 sin²(b/2), so that nothing cancels near 0.
  Term a = real(x), b = imaginary(x);
  Term half_sine = sin(b * 0.5);
  return make_complex(expm1(a) * cos(b) - half_sine * half_sine * 2, exp(a) * sin(b));
}

Term log1p_complex(Term x) {
  Term shifted = real(x) + 1;
  return make_complex(log(hypot(shifted, imaginary(x))), atan2(imaginary(x), shifted));
}

Term scale(Term x, double factor) {
  Term f = literal(real(x), factor);
  return make_complex(real(x) * f, imaginary(x) * f);
}

}  // namespace

std::string_view name(ComplexMath function) { return kComplexNames[static_cast<size_t>(function)]; }

/// sqrt(x * x + y * y) with the error of h * h taken out of h by one step of Newton's method: C. F. Borges, "An
/// Improved Algorithm for hypot(a, b)", 2019. It is correctly rounded nearly always. Large and small parts are scaled
/// first.
static Term corrected_modulus(Term x, Term y) {
  Term great = select(x < y, y, x), small = select(x < y, x, y);
  Term is_large = great > 0x1p500, is_tiny = great < 0x1p-450;
  auto choose = [&](double if_large, double if_tiny) {
    return select(is_large, literal(x, if_large), select(is_tiny, literal(x, if_tiny), literal(x, 1)));
  };
  Term factor = choose(0x1p-600, 0x1p600);
  great = great * factor;
  small = small * factor;
  Term squared = great * great;
  Term h = sqrt(fused_multiply_add(small, small, squared));
  Term h_squared = h * h;
  Term excess = fused_multiply_add(-small, small, h_squared - squared) + fused_multiply_add(h, h, -h_squared) -
                fused_multiply_add(great, great, -squared);
  return select(h > 0, h - excess / (h + h), h) * choose(0x1p600, 0x1p-600);
}

Term complex_absolute(Term x) {
  Term a = absolute(real(x)), b = absolute(imaginary(x));
  Term modulus = a;
  if (a.dtype == types::DType::kF64) {
    modulus = corrected_modulus(a, b);
  } else {
    // float64 holds the squares of float32 exactly, and their sum.
    Term wide = convert(a, types::DType::kF64), other = convert(b, types::DType::kF64);
    modulus = convert(sqrt(wide * wide + other * other), a.dtype);
  }
  return select(is_infinite(a) | is_infinite(b), literal(a, std::numeric_limits<double>::infinity()), modulus);
}

Term complex_multiply(Term x, Term y) {
  return make_complex(real(x) * real(y) - imaginary(x) * imaginary(y), real(x) * imaginary(y) + imaginary(x) * real(y));
}

Term complex_divide(Term x, Term y) {
  Smith s = smith(y);
  Term scale = 1 / s.denominator;
  Parts top = smith_numerators(x, s);
  // A zero divisor divides the parts, which gives infinities with the right signs and nan for 0 / 0.
  Term zero = absolute(real(y));
  Term by_zero = y == 0;
  return make_complex(select(by_zero, real(x) / zero, top.real * scale),
                      select(by_zero, imaginary(x) / zero, top.imaginary * scale));
}

Term python_complex_divide(Term x, Term y) {
  Smith s = smith(y);
  Parts top = smith_numerators(x, s);
  return make_complex(top.real / s.denominator, top.imaginary / s.denominator);
}

Term complex_whole_power(Term x, Term n) {
  Term one = literal(real(x), 1), zero = literal(real(x), 0);
  Term state[] = {one, zero, real(x), imaginary(x), n};  // result, x^(2^i), bits that are left
  loop(
      state, [](std::span<const Term> s) { return s[4] > 0; },
      [](std::span<Term> s) {
        Term result = make_complex(s[0], s[1]), square = make_complex(s[2], s[3]);
        Term bit = integer_literal(s[4], 1);
        result = select((s[4] & bit) != 0, complex_multiply(result, square), result);
        square = complex_multiply(square, square);
        s[0] = real(result), s[1] = imaginary(result), s[2] = real(square), s[3] = imaginary(square);
        s[4] = shift_right(s[4], bit);
      });
  return make_complex(state[0], state[1]);
}

Term python_complex_power(Term x, Term y) {
  // As CPython's complex_pow: whole exponents up to 100 by multiplication, others by modulus and angle.
  Term a = real(y), b = imaginary(y);
  Term is_whole = (b == 0) & (floor(a) == a) & (absolute(a) <= 100);
  Term n = convert(select(is_whole, absolute(a), literal(a, 0)), types::DType::kI64);
  Term power = complex_whole_power(x, n);
  Term by_squaring = select(a < 0, python_complex_divide(literal(x, 1), power), power);

  Term modulus = absolute(x), angle = atan2(imaginary(x), real(x));
  Term turned = b != 0;
  Term length = pow(modulus, a);
  length = select(turned, length * exp(-angle * b), length);
  Term phase = angle * a;
  phase = select(turned, phase + b * log(modulus), phase);
  Term by_angle = make_complex(length * cos(phase), length * sin(phase));
  by_angle = select(x == 0, literal(x, 0), by_angle);

  return select(y == 0, literal(x, 1), select(is_whole, by_squaring, by_angle));
}

Term polar_to_complex(Term modulus, Term angle) {
  // As Annex G has cis: an angle of 0 leaves a zero with a sign, a modulus of 0 has no direction, and what is infinite
  // stays so in an unknown direction.
  Term zero = modulus == 0;
  Term along = select(zero, modulus, modulus * cos(angle));
  along = select(is_nan(angle) & is_infinite(modulus), absolute(modulus), along);
  Term signed_zero = select(is_nan(modulus), literal(angle, 0), copy_sign(literal(angle, 1), modulus) * angle);
  Term across = select(angle == 0, signed_zero, modulus * sin(angle));
  return make_complex(along, select(zero, modulus * literal(angle, 0), across));
}

Term complex_reciprocal(Term x) {
  Smith s = smith(x);
  Term one = literal(real(x), 1);
  return make_complex(select(s.by_real, one, s.ratio) / s.denominator,
                      select(s.by_real, -s.ratio, -one) / s.denominator);
}

Term complex_sign(Term x) {
  Term a = real(x), b = imaginary(x), size = absolute(x);
  Term zero = literal(a, 0), one = literal(a, 1);
  // An infinite number points along its infinite part.
  Term a_infinite = is_infinite(a), b_infinite = is_infinite(b);
  Term nan = literal(a, std::numeric_limits<double>::quiet_NaN());
  Term no_direction = is_nan(size) | (a_infinite & b_infinite);
  Term infinite = a_infinite | b_infinite;
  auto part = [&](Term p, Term p_infinite) {
    Term along = select(p_infinite, copy_sign(one, p), zero);
    Term finite = select(size == 0, zero, p / size);
    return select(no_direction, nan, select(infinite, along, finite));
  };
  return make_complex(part(a, a_infinite), part(b, b_infinite));
}

Term complex_call(ComplexMath function, std::span<const Term> operands) {
  std::array<Handle, 4> handles;
  size_t count = 0;
  for (const Term& operand : operands) {
    METATE_ASSERT(is_complex(operand.dtype));
    handles[count++] = operand.handle;
    handles[count++] = operand.imaginary_handle;
  }
  const Term& first = operands[0];
  ComplexHandle result =
      first.emitter->call(function, real_part(first.dtype), std::span<const Handle>(handles.data(), count));
  return {first.emitter, first.dtype, result.real, result.imaginary};
}

Term complex_call(Math function, std::span<const Term> operands) {
  Term x = operands[0];
  if (function == Math::exp2) return exp(scale(x, std::numbers::ln2));
  if (function == Math::log2) return scale(log(x), std::numbers::log2e);
  if (function == Math::log10) return scale(log(x), std::numbers::log10e);
  if (function == Math::expm1) return expm1_complex(x);
  if (function == Math::log1p) return log1p_complex(x);
  std::optional<ComplexMath> complex = complex_math(name(function));
  METATE_ASSERT(complex);
  return complex_call(*complex, operands);
}

}  // namespace metate::ops
