// integer_forms – rows of integers that are longer than an expression.
#include "compiler/ops/forms.h"

namespace metate::ops {

using types::DType;

namespace {

Term is_zero(Term x) { return x == 0; }
Term one(Term like) { return integer_literal(like, 1); }
Term zero(Term like) { return integer_literal(like, 0); }
int width(Term x) { return 8 * size(x.dtype); }

}  // namespace

Term left_shift(Term x, Term count) {
  Term n = as_unsigned(count);
  Term in_range = n < width(x);
  Term safe = convert(select(in_range, n, zero(n)), x.dtype);
  return select(in_range, shift_left(x, safe), zero(x));
}

Term right_shift(Term x, Term count) {
  // Beyond the width the sign fills everything: shifting by width - 1 does that for signed integers.
  Term n = as_unsigned(count);
  Term in_range = n < width(x);
  Term last = integer_literal(n, width(x) - 1);
  Term shifted = shift_right(x, convert(select(in_range, n, last), x.dtype));
  return is_signed(x.dtype) ? shifted : select(in_range, shifted, zero(x));
}

Term gcd(Term x, Term y) {
  Term state[] = {as_unsigned(absolute(x)), as_unsigned(absolute(y))};
  loop(
      state, [](std::span<const Term> s) { return s[1] != 0; },
      [](std::span<Term> s) {
        Term rest = remaining(s[0], s[1]);
        s[0] = s[1];
        s[1] = rest;
      });
  return convert(state[0], x.dtype);
}

Term lcm(Term x, Term y) {
  Term a = as_unsigned(absolute(x)), b = as_unsigned(absolute(y));
  Term divisor = gcd(a, b);
  Term safe = select(is_zero(divisor), one(divisor), divisor);
  return convert(quotient(a, safe) * b, x.dtype);  // 0 where one of them is
}

Term integer_square_root(Term x) {
  // The rounded root of the rounded double is off by one at most.
  Term root = convert(sqrt(convert(x, DType::kF64)), DType::kU64);
  Term n = convert(x, DType::kU64);
  root = select(root * root > n, root - one(root), root);
  Term next = root + one(root);
  return convert(select(next * next <= n, next, root), x.dtype);
}

Term factorial(Term x) { return permutations(x, x); }

Term permutations(Term n, Term k) {
  Term state[] = {one(n), zero(n)};  // product of the first i factors, i
  loop(
      state, [&](std::span<const Term> s) { return s[1] < k; },
      [&](std::span<Term> s) {
        s[0] = s[0] * (n - s[1]);
        s[1] = s[1] + one(n);
      });
  return select(k > n, zero(n), state[0]);
}

Term combinations(Term n, Term k) {
  Term other = n - k;
  Term shorter = select(other < k, other, k);  // negative where k > n: no step
  Term state[] = {one(n), zero(n)};            // C(n, i), i
  loop(
      state, [&](std::span<const Term> s) { return s[1] < shorter; },
      [&](std::span<Term> s) {
        // C(n, i+1) = C(n, i) (n-i) / (i+1), divided first so that nothing in between exceeds the result.
        Term next = s[1] + one(n);
        Term common = gcd(s[0], next);
        s[0] = quotient(s[0], common) * quotient(n - s[1], quotient(next, common));
        s[1] = next;
      });
  return select(k > n, zero(n), state[0]);
}

Term round_integer_digits(Term x, Term digits) {
  // From 10^19 on every int64 rounds to 0; 10^18 is the last power that int64 holds.
  Term places = select(digits < 0, -digits, zero(digits));
  Term keeps_some = places < 19;
  Term state[] = {one(x), select(keeps_some, places, zero(places))};
  loop(
      state, [](std::span<const Term> s) { return s[1] > 0; },
      [](std::span<Term> s) {
        s[0] = s[0] * 10;
        s[1] = s[1] - one(s[1]);
      });
  Term unit = state[0];
  // Half to even: compare twice the rest with the unit, by halves, as twice the rest may overflow.
  Term rest = floor_remainder(x, unit);
  Term down = x - rest;
  Term other = unit - rest;
  Term odd = (floor_divide(x, unit) & one(x)) != 0;
  Term up = (rest > other) | ((rest == other) & odd);
  return select(keeps_some, select(up, down + unit, down), zero(x));
}

}  // namespace metate::ops
