// runtime_abi_math_test – every row of math_symbols.def: the symbols exist, the forms agree, the error bound holds.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "runtime/abi/math_functions.h"

namespace metate::abi {
namespace {

// ---- calling a form ------------------------------------------------------------------------------------------------

template <class T>
bool is_supported(const MathForm& form) {
#if defined(__x86_64__)
  if (std::strstr(form.features, "avx512f") && !__builtin_cpu_supports("avx512f")) return false;
  if (std::strstr(form.features, "avx2") && !__builtin_cpu_supports("avx2")) return false;
  if (std::strstr(form.features, "fma") && !__builtin_cpu_supports("fma")) return false;
  if (std::strcmp(form.features, "avx") == 0 && !__builtin_cpu_supports("avx")) return false;
#endif
  return true;
}

template <class T, int lanes>
struct Vector {
  typedef T Type __attribute__((ext_vector_type(lanes)));
};
template <class T>
struct Vector<T, 1> {
  using Type = T;
};

#if defined(__x86_64__)
#define TARGET(features) __attribute__((target(features)))
#else
#define TARGET(features)
#endif

// The vector types need their ISA in the function that passes them.
#define DEFINE_CALL(T, lanes, features)                                                                \
  TARGET(features)                                                                                     \
  void call_##T##lanes(const void* address, MathSignature signature, const T* x, const T* y, T* out) { \
    using V = Vector<T, lanes>::Type;                                                                  \
    V vx, vy;                                                                                          \
    std::memcpy(&vx, x, sizeof vx);                                                                    \
    std::memcpy(&vy, y, sizeof vy);                                                                    \
    auto raw = const_cast<void*>(address);                                                             \
    V result = signature == MathSignature::kUnary ? reinterpret_cast<V (*)(V)>(raw)(vx)                \
                                                  : reinterpret_cast<V (*)(V, V)>(raw)(vx, vy);        \
    std::memcpy(out, &result, sizeof result);                                                          \
  }
DEFINE_CALL(double, 1, "sse2")
DEFINE_CALL(double, 2, "sse2")
DEFINE_CALL(double, 4, "avx")
DEFINE_CALL(double, 8, "avx512f")
DEFINE_CALL(float, 1, "sse2")
DEFINE_CALL(float, 4, "sse2")
DEFINE_CALL(float, 8, "avx")
DEFINE_CALL(float, 16, "avx512f")

void call(const MathForm& form, MathSignature signature, const double* x, const double* y, double* out) {
  switch (form.lanes) {
    case 1:
      return call_double1(form.address, signature, x, y, out);
    case 2:
      return call_double2(form.address, signature, x, y, out);
    case 4:
      return call_double4(form.address, signature, x, y, out);
    case 8:
      return call_double8(form.address, signature, x, y, out);
    default:
      FAIL() << "no call for " << form.lanes << " lanes";
  }
}
void call(const MathForm& form, MathSignature signature, const float* x, const float* y, float* out) {
  switch (form.lanes) {
    case 1:
      return call_float1(form.address, signature, x, y, out);
    case 4:
      return call_float4(form.address, signature, x, y, out);
    case 8:
      return call_float8(form.address, signature, x, y, out);
    case 16:
      return call_float16(form.address, signature, x, y, out);
    default:
      FAIL() << "no call for " << form.lanes << " lanes";
  }
}

template <class T>
std::vector<T> evaluate(const MathFunction& function, const MathForm& form, const std::vector<T>& x,
                        const std::vector<T>& y) {
  std::vector<T> out(x.size());
  if (function.signature == MathSignature::kScale) {
    auto routine = reinterpret_cast<T (*)(T, int32_t)>(const_cast<void*>(form.address));
    for (size_t i = 0; i < x.size(); ++i) out[i] = routine(x[i], static_cast<int32_t>(y[i]));
    return out;
  }
  for (size_t i = 0; i + form.lanes <= x.size(); i += form.lanes) {
    call(form, function.signature, &x[i], &y[i], &out[i]);
  }
  return out;
}

// ---- points and references
// -------------------------------------------------------------------------------------------

template <class T>
using Bits = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;

constexpr size_t kPoints = 16 * 1500;

template <class T>
std::vector<T> points(uint64_t seed) {
  using Limits = std::numeric_limits<T>;
  std::vector<T> all = {0,
                        -T(0),
                        1,
                        -1,
                        0.5,
                        -0.5,
                        2,
                        -2,
                        3,
                        -3,
                        10,
                        -1.5,
                        Limits::infinity(),
                        -Limits::infinity(),
                        Limits::quiet_NaN(),
                        Limits::max(),
                        -Limits::max(),
                        Limits::min(),
                        -Limits::min(),
                        Limits::denorm_min(),
                        -Limits::denorm_min(),
                        Limits::epsilon(),
                        T(709.5),
                        T(710.2),
                        T(-745.1),
                        T(88.9),
                        T(89.3),
                        T(-103.5),
                        T(171.5),
                        T(35.04),
                        T(26.7),
                        T(9.9),
                        T(1e18),
                        T(-1e30),
                        T(3e38)};
  if constexpr (sizeof(T) == 8) all.insert(all.end(), {1e154, 1e200, -1e200, 1e308, -1e308, 2.4e307});
  std::mt19937_64 random(seed);
  while (all.size() < kPoints) {
    T x = random() % 2
              ? std::bit_cast<T>(static_cast<Bits<T>>(random()))
              : std::ldexp(static_cast<T>(static_cast<int64_t>(random())), -63 + static_cast<int>(random() % 24) - 12);
    // One bit pattern of NaN: which payload comes out is nobody's business.
    all.push_back(std::isnan(x) ? Limits::quiet_NaN() : x);
  }
  // Special values must meet each other in both arguments, and in all lanes.
  std::shuffle(all.begin(), all.end(), random);
  return all;
}

using Reference = long double (*)(long double, long double);
#define UNARY(name) {#name, [](long double x, long double) -> long double { return std::name(x); }}
#define BINARY(name) {#name, [](long double x, long double y) -> long double { return std::name(x, y); }}
const std::map<std::string_view, Reference> kReferences = {
    UNARY(sin),
    UNARY(cos),
    UNARY(tan),
    UNARY(asin),
    UNARY(acos),
    UNARY(atan),
    UNARY(sinh),
    UNARY(cosh),
    UNARY(tanh),
    UNARY(asinh),
    UNARY(acosh),
    UNARY(atanh),
    UNARY(exp),
    UNARY(exp2),
    UNARY(expm1),
    UNARY(log),
    UNARY(log2),
    UNARY(log10),
    UNARY(log1p),
    UNARY(cbrt),
    UNARY(erf),
    UNARY(erfc),
    UNARY(tgamma),
    UNARY(lgamma),
    BINARY(atan2),
    BINARY(pow),
    BINARY(hypot),
    BINARY(fmod),
    BINARY(remainder),
    {"exp10", [](long double x, long double) -> long double { return exp10l(x); }},
    {"ldexp", [](long double x, long double y) -> long double { return std::ldexp(x, static_cast<int>(y)); }},
};

// Distance in units of the last place of the exact value; where the formats' ends are concerned both must agree.
template <class T>
double error_in_ulp(T got, long double exact, bool cut_range) {
  constexpr double kWrong = 1e9;
  const T rounded = static_cast<T>(exact);
  if (std::isnan(rounded) || std::isnan(got)) return std::isnan(rounded) && std::isnan(got) ? 0 : kWrong;
  if (std::isinf(rounded) || std::isinf(got)) return got == rounded || cut_range ? 0 : kWrong;
  if (exact == 0 && got == 0) return std::signbit(exact) == std::signbit(got) ? 0 : kWrong;
  int exponent;
  std::frexp(exact, &exponent);
  using Limits = std::numeric_limits<T>;
  const long double ulp = std::ldexp(1.0L, std::max(exponent, Limits::min_exponent) - Limits::digits);
  return static_cast<double>(std::fabs(static_cast<long double>(got) - exact) / ulp);
}

template <class T>
std::vector<T> second_points(const MathFunction& function) {
  std::vector<T> y = points<T>(2);
  if (function.signature == MathSignature::kScale) {
    for (T& exponent : y) exponent = std::isfinite(exponent) ? std::trunc(std::fmod(exponent, T(3000))) : T(7);
  }
  return y;
}

template <class F>
void for_each_row(F&& check) {
  for (const MathFunction& function : math_functions()) {
    SCOPED_TRACE(std::string(function.name) + (function.is_f32 ? " f32" : " f64") + (function.is_fast ? " fast" : ""));
    if (function.is_f32) {
      check(function, float());
    } else {
      check(function, double());
    }
  }
}

// ---- the tests
// -------------------------------------------------------------------------------------------------------

TEST(MathSymbols, NamesLeadToTheirAddresses) {
  size_t forms = 0;
  for (const MathFunction& function : math_functions()) {
    for (const MathForm& form : function.forms) {
      EXPECT_EQ(find_math_symbol(form.symbol), form.address) << form.symbol;
      EXPECT_EQ(find_math_function_of(form.symbol), &function) << form.symbol;
      // Where the library is a shared one the dynamic linker must say the same.
      if (const void* dynamic = dlsym(RTLD_DEFAULT, form.symbol)) EXPECT_EQ(dynamic, form.address) << form.symbol;
      ++forms;
    }
  }
  EXPECT_GT(forms, 100u);
  EXPECT_EQ(find_math_symbol("Sleef_no_such_routine"), nullptr);
  EXPECT_EQ(find_math_function_of("Sleef_no_such_routine"), nullptr);
}

TEST(MathSymbols, RowsSayWhetherTheyNeedSleef) {
  for (const char* name : {"sin", "pow", "sinh", "log1p"}) EXPECT_TRUE(find_math_function(name, false)->is_of_sleef);
  for (const char* name : {"tgamma", "lgamma", "ldexp"}) EXPECT_FALSE(find_math_function(name, true)->is_of_sleef);
}

TEST(MathSymbols, RowsAreFoundByName) {
  ASSERT_NE(find_math_function("sin", false), nullptr);
  EXPECT_FALSE(find_math_function("sin", false)->is_f32);
  EXPECT_TRUE(find_math_function("sin", true)->is_f32);
  EXPECT_TRUE(find_math_function("sin", false, MathFamily::kFused, /*fast=*/true)->is_fast);
  EXPECT_FALSE(find_math_function("sin", false, MathFamily::kPlain, /*fast=*/true)->is_fast);
  EXPECT_FALSE(find_math_function("exp", false, MathFamily::kFused, /*fast=*/true)->is_fast);  // has one row only
  EXPECT_EQ(find_math_function("sine", false), nullptr);
}

TEST(MathSymbols, FormsOfAFamilyAgreeBitForBit) {
  for_each_row([]<class T>(const MathFunction& function, T) {
    const std::vector<T> x = points<T>(1), y = second_points<T>(function);
    for (MathFamily family : {MathFamily::kFused, MathFamily::kPlain}) {
      std::vector<T> scalar;
      for (const MathForm& form : function.forms) {
        if (form.family != family || !is_supported<T>(form)) continue;
        std::vector<T> values = evaluate(function, form, x, y);
        if (scalar.empty()) {
          ASSERT_EQ(form.lanes, 1) << "the scalar form stands first";
          scalar = values;
          continue;
        }
        for (size_t i = 0; i < x.size(); ++i) {
          if (std::isnan(values[i]) && std::isnan(scalar[i])) continue;
          ASSERT_EQ(std::bit_cast<Bits<T>>(values[i]), std::bit_cast<Bits<T>>(scalar[i]))
              << form.symbol << "(" << std::hexfloat << x[i] << ", " << y[i] << ") = " << values[i] << ", scalar "
              << scalar[i];
        }
      }
    }
  });
}

TEST(MathSymbols, ErrorsStayWithinTheirBounds) {
  if (std::numeric_limits<long double>::digits < 64) GTEST_SKIP() << "long double is no better than double here";
  for_each_row([]<class T>(const MathFunction& function, T) {
    if (function.name == "nextafter") return;  // has its own test
    const auto reference = kReferences.find(function.name);
    ASSERT_NE(reference, kReferences.end()) << "the row has no reference";
    const std::vector<T> x = points<T>(1), y = second_points<T>(function);
    for (MathFamily family : {MathFamily::kFused, MathFamily::kPlain}) {
      if (family == MathFamily::kFused && host_math_family() != family) continue;
      if (!function.scalar(family)) continue;
      const MathForm& form = *function.scalar(family);
      const std::vector<T> values = evaluate(function, form, x, y);
      double worst = 0;
      for (size_t i = 0; i < x.size(); ++i) {
        const double error = error_in_ulp(values[i], reference->second(x[i], y[i]), function.is_fast);
        worst = std::max(worst, error);
        // The reference has eleven bits more than a double, so it is itself off by up to 0.001 ULP.
        const bool near_subnormal = std::fabs(values[i]) < 1024 * std::numeric_limits<T>::min();
        const double bound = function.max_ulp + (near_subnormal && function.max_ulp > 0.5 ? 1 : 0) + 0.001;
        EXPECT_LE(error, bound) << form.symbol << "(" << std::hexfloat << x[i] << ", " << y[i] << ") = " << values[i];
        if (error > bound) break;
      }
      RecordProperty(form.symbol, std::to_string(worst));
    }
  });
}

TEST(MathSymbols, NextafterStepsByOne) {
  const MathFunction& function = *find_math_function("nextafter", false);
  for (double x : points<double>(3)) {
    if (!std::isfinite(x) || x <= 0 || x == std::numeric_limits<double>::max()) continue;
    const double next = evaluate_math(function, x, std::numeric_limits<double>::infinity());
    EXPECT_EQ(std::bit_cast<uint64_t>(next), std::bit_cast<uint64_t>(x) + 1);
    EXPECT_EQ(evaluate_math(function, next, 0), x);
  }
}

TEST(MathSymbols, EvaluationRoundsLikeTheRow) {
  const double third = 1.0 / 3.0;
  EXPECT_EQ(evaluate_math(*find_math_function("exp", true), third),
            static_cast<double>(
                static_cast<float>(evaluate_math(*find_math_function("exp", true), static_cast<float>(third)))));
  EXPECT_EQ(evaluate_math(*find_math_function("ldexp", false), 0.75, 3), 6.0);
  EXPECT_EQ(evaluate_math(*find_math_function("pow", false), 2, 10), 1024.0);
}

}  // namespace
}  // namespace metate::abi
