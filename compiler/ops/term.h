// term.h – scalar code written as C++ expressions: `select(x < 0, -x, x)` emits what it says.
#pragma once

#include <span>

#include "compiler/ops/emitter.h"

namespace metate::ops {

/// A value that an emitter has made, of any dtype. Operators take operands of one dtype and give what NumPy's operator
/// of that dtype gives: bool + bool is or, float16 is computed in float32, complex division is Smith's.
struct Term {
  Emitter* emitter;
  types::DType dtype;
  Handle handle;  // of complex numbers the real part
  Handle imaginary_handle = nullptr;
};

// Constants, made by the emitter of `like`.
Term literal(Term like, double value);           // of the dtype of `like`, rounded to it
Term integer_literal(Term like, int64_t value);  // of the (integer) dtype of `like`
Term constant(Term like, const types::Scalar& value);

Term operator+(Term x, Term y);
Term operator-(Term x, Term y);
Term operator*(Term x, Term y);
Term operator/(Term x, Term y);  // floats and complex numbers
Term operator-(Term x);
Term operator&(Term x, Term y);  // bools and integers
Term operator|(Term x, Term y);
Term operator^(Term x, Term y);
Term operator~(Term x);

// Complex numbers by real part, then imaginary part. Two integers of any dtypes, and an int64 and a float64, are
// compared exactly.
Term operator==(Term x, Term y);
Term operator!=(Term x, Term y);
Term operator<(Term x, Term y);
Term operator<=(Term x, Term y);
inline Term operator>(Term x, Term y) { return y < x; }
inline Term operator>=(Term x, Term y) { return y <= x; }

inline Term operator+(Term x, double y) { return x + literal(x, y); }
inline Term operator-(Term x, double y) { return x - literal(x, y); }
inline Term operator*(Term x, double y) { return x * literal(x, y); }
inline Term operator/(double x, Term y) { return literal(y, x) / y; }
inline Term operator==(Term x, double y) { return x == literal(x, y); }
inline Term operator!=(Term x, double y) { return x != literal(x, y); }
inline Term operator<(Term x, double y) { return x < literal(x, y); }
inline Term operator<=(Term x, double y) { return x <= literal(x, y); }
inline Term operator>(Term x, double y) { return x > literal(x, y); }
inline Term operator>=(Term x, double y) { return x >= literal(x, y); }

/// Both values are computed.
Term select(Term condition, Term if_true, Term if_false);
/// As ndarray.astype: see convert.cpp for floats that an integer does not hold.
Term convert(Term x, types::DType dtype);
Term bit_cast(Term x, types::DType dtype);
Term truth(Term x);  // x != 0

// Integers.
Term quotient(Term x, Term y);        // towards zero; never by 0, nor of the least value by -1
Term remaining(Term x, Term y);       // of that division
Term shift_left(Term x, Term count);  // 0 <= count < width
Term shift_right(Term x, Term count);
Term population_count(Term x);
Term leading_zeros(Term x);
/// The same bits as an unsigned, or signed, integer.
Term as_unsigned(Term x);
Term as_signed(Term x);

// Floats; of complex numbers rint of both parts, sqrt and absolute value.
Term absolute(Term x);  // integers too: the least value stays
Term copy_sign(Term x, Term y);
Term floor(Term x);  // integers and bools stay as they are; also the next three
Term ceil(Term x);
Term trunc(Term x);
Term rint(Term x);
Term sqrt(Term x);
Term fused_multiply_add(Term x, Term y, Term z);
Term sign_bit(Term x);  // bool; of unsigned integers and bools false
Term is_nan(Term x);    // bool; of integers false; of complex numbers if one part is. Also the next two
Term is_infinite(Term x);
Term is_finite(Term x);

// Complex numbers; real ones count as such with imaginary part 0.
Term real(Term x);
Term imaginary(Term x);
Term make_complex(Term real, Term imaginary);

/// while (condition(state)) step(state).
void loop(std::span<Term> state, const std::function<Term(std::span<const Term>)>& condition,
          const std::function<void(std::span<Term>)>& step);

// The functions of math_symbols.def: sin(x), atan2(x, y), ldexp(x, exponent) … Of complex numbers as NumPy computes
// them.
Term call(Math function, std::span<const Term> operands);
#define METATE_TERM_kUnary(name) \
  inline Term name(Term x) { return call(Math::name, std::span(&x, 1)); }
#define METATE_TERM_kBinary(name)      \
  inline Term name(Term x, Term y) {   \
    Term operands[] = {x, y};          \
    return call(Math::name, operands); \
  }
#define METATE_TERM_kScale METATE_TERM_kBinary
#define MATH_SLEEF(name, signature, ...) METATE_TERM_##signature(name)
#define MATH_FULL_RANGE(name, signature, ...) METATE_TERM_##signature(name)
#define MATH_SCALAR(name, signature, ...) METATE_TERM_##signature(name)
#include "runtime/abi/math_symbols.def"
#undef METATE_TERM_kUnary
#undef METATE_TERM_kBinary
#undef METATE_TERM_kScale

}  // namespace metate::ops
