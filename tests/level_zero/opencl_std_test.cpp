// opencl_std_test – OpenCL.std lane by lane: every instruction, float or integer and number of lanes, within its bound.
//
// The kernels are SPIR-V, not what a compiler makes of OpenCL C. METATE_TEST_FULL=1 asks for all lanes and more
// numbers; without it each instruction runs on single numbers and on vectors of one length, which differs from row to
// row.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/level_zero/api.h"
#include "tests/level_zero/opencl_reference.h"
#include "tests/level_zero/spirv_text.h"

namespace metate::test {
namespace {

constexpr R kNone = -1;
constexpr unsigned kLanes[] = {1, 2, 3, 4, 8, 16};

bool is_full() { return std::getenv("METATE_TEST_FULL") != nullptr; }

std::vector<unsigned> lanes_of_row(size_t row) {
  if (is_full()) return {std::begin(kLanes), std::end(kLanes)};
  return {1, kLanes[1 + row % 5]};
}

/// How many numbers lie between the beginnings of two vectors.
unsigned stride(unsigned lanes) { return lanes == 3 ? 4 : lanes; }

enum class Measure { kUlp, kAbsolute };

struct FloatRow {
  const char* name;
  std::string operands;
  R bound;
  bool (*defined)(R, R, R, int);
  R (*value)(R, R, R, int);
  R (*second)(R, R, R, int) = nullptr;
  R (*other)(R, R, R, int) = nullptr;  // may be in place of value
  Measure measure = Measure::kUlp;

  bool has(char letter) const { return operands.find(letter) != operands.npos; }
};

template <class T>
std::vector<FloatRow> float_rows() {
#define FUNCTION(type, expression)        \
  [](R x, R y, R z, int k) -> type {      \
    (void)x, (void)y, (void)z, (void)k;   \
    return static_cast<type>(expression); \
  }
#define BOUND(h, f, d) (sizeof(T) == 2 ? R(h) : sizeof(T) == 4 ? R(f) : R(d))
#define STD_FLOAT(name, operands, h, f, d, where, value) \
  {#name, operands, BOUND(h, f, d), FUNCTION(bool, where), FUNCTION(R, value)},
#define STD_PAIR(name, operands, h, f, d, where, value, second) \
  {#name, operands, BOUND(h, f, d), FUNCTION(bool, where), FUNCTION(R, value), FUNCTION(R, second)},
#define STD_EITHER(name, operands, where, value, other) \
  {#name, operands, 0, FUNCTION(bool, where), FUNCTION(R, value), nullptr, FUNCTION(R, other)},
#define STD_NEAR(name, operands, h, f, d, where, value) \
  {#name, operands, BOUND(h, f, d), FUNCTION(bool, where), FUNCTION(R, value), nullptr, nullptr, Measure::kAbsolute},
#define STD_INTEGER(name, operands, where, value)
  std::vector<FloatRow> rows = {
#include "tests/level_zero/opencl_std.def"
  };
  std::erase_if(rows, [](const FloatRow& row) { return row.bound == kNone; });
  return rows;
}

/// Numbers of every size, and those where functions are special.
template <class T>
std::vector<T> samples(size_t count, unsigned seed) {
  using Limits = FloatLimits<T>;
  std::vector<R> values = {0.0L,  -0.0L,  1,       -1,    2,        -2,      3,  -3,    0.5L,   -0.5L, 1.5L,
                           -1.5L, 2.5L,   3.5L,    -4.5L, 0.25L,    0.75L,   7,  10,    -10,    90,    180,
                           360,   100.5L, 1023.5L, kPi,   -kPi / 2, kPi / 4, 22, 65504, 4096.5L};
  for (R x : {Limits::kLeast, 3 * Limits::kLeast, Limits::kNormal, Limits::kNormal - Limits::kLeast, Limits::kLargest,
              Limits::kLargest / 3, R(INFINITY)}) {
    values.insert(values.end(), {x, -x});
  }
  for (R x : {R(0.5), R(1), R(2)}) {  // and what is next to them
    const R unit = x * std::ldexp(R(1), 1 - Limits::kDigits);
    values.insert(values.end(), {x + unit, x - unit / 2, -x - unit});
  }
  values.push_back(kNotANumber);
  std::mt19937_64 random(seed);
  auto unit = [&] { return R(static_cast<double>(random() >> 11)) * 0x1p-52L - 1; };
  const int most = std::ilogb(Limits::kLargest), least = std::ilogb(Limits::kLeast);
  while (values.size() < count) {
    switch (values.size() % 5) {
      case 0:
        values.push_back(unit());
        break;
      case 1:
        values.push_back(30 * unit());
        break;
      case 2:
        values.push_back(std::trunc(20 * unit()) / 2);
        break;
      case 3:
        values.push_back(2 + unit());
        break;
      default:
        values.push_back(std::ldexp(1.5L + unit() / 2, least + static_cast<int>(random() % (most - least))) *
                         (random() & 1 ? 1 : -1));
    }
  }
  std::vector<T> result;
  for (R value : values) result.push_back(static_cast<T>(value));
  return result;
}

std::vector<int32_t> integer_samples(size_t count) {
  std::vector<int32_t> values;
  constexpr int32_t kOften[] = {0,  1,   -1,  2,    -2,    3,     -3,   4,         5,         -7,
                                10, -17, 40,  -40,  126,   -127,  1000, -1074,     2100,      24,
                                64, -9,  -24, 1023, -1022, 65535, 15,   INT32_MAX, INT32_MIN, INT32_MIN + 1};
  for (size_t i = 0; i < count; ++i) values.push_back(kOften[(i * 13 + i / 31) % std::size(kOften)]);
  return values;
}

class OpenCLStd : public DeviceTest {
 protected:
  template <class T>
  void check_floats(const char* type);
  template <class T>
  void check_integers(const std::string& type);
};

/// What a row asks for, what it says, and the worst that came of it.
template <class T>
struct FloatCheck {
  const FloatRow& row;
  const T *x, *y, *z;
  const int32_t* k;
  size_t count;
  std::vector<R> values = {}, seconds = {};
  std::vector<char> defined = {};
  R worst = 0;

  void expect() {
    for (size_t i = 0; i < count; ++i) {
      const R a = static_cast<R>(x[i]), b = static_cast<R>(y[i]), c = static_cast<R>(z[i]);
      defined.push_back(row.defined(a, b, c, k[i]));
      values.push_back(defined[i] ? row.value(a, b, c, k[i]) : 0);
      seconds.push_back(defined[i] && row.second ? row.second(a, b, c, k[i]) : 0);
    }
  }

  R other(size_t i) const { return row.other(static_cast<R>(x[i]), static_cast<R>(y[i]), static_cast<R>(z[i]), k[i]); }

  /// The error of one result, infinite for a wrong zero.
  template <class Result>
  R error(Result actual, R expected) const {
    if (row.measure == Measure::kAbsolute) return std::fabs(static_cast<R>(actual) - expected);
    const bool zeros = actual == Result(0) && expected == 0;
    if (zeros && !row.has('~') && std::signbit(static_cast<R>(actual)) != std::signbit(expected)) return INFINITY;
    const R distance = ulps(actual, expected);
    // A correctly rounded result has no error but for its own rounding.
    return row.bound == 0 && distance <= R(0.5) && actual == static_cast<Result>(expected) ? 0 : distance;
  }

  void fail(size_t i, unsigned lanes, const char* which, R actual, R expected) const {
    char text[400];
    std::snprintf(text, sizeof(text), "%s%s of (%.21Lg, %.21Lg, %.21Lg, %d) with %u lanes is %.21Lg (%La), not %.21Lg",
                  row.name, which, static_cast<R>(x[i]), static_cast<R>(y[i]), static_cast<R>(z[i]), k[i], lanes,
                  actual, actual, expected);
    ADD_FAILURE() << text;
  }

  /// Compares one kernel's results; false after the first that is wrong.
  template <class Result, class Second>
  bool compare(unsigned lanes, const Result* results, const Second* others) {
    for (size_t i = 0; i < count; ++i) {
      if (!defined[i] || i % stride(lanes) >= lanes) continue;
      R off = 0;
      if constexpr (std::is_same_v<Result, int32_t>) {
        off = static_cast<R>(results[i]) == values[i] ? 0 : INFINITY;
      } else {
        off = error(results[i], values[i]);
        if (row.other) off = std::min(off, error(results[i], other(i)));
      }
      if (!(off <= row.bound)) return fail(i, lanes, "", static_cast<R>(results[i]), values[i]), false;
      worst = std::max(worst, off);
      if (!row.second) continue;
      if constexpr (std::is_same_v<Second, int32_t>) {
        // Only seven bits of a quotient are defined.
        const auto difference = static_cast<int64_t>(others[i]) - static_cast<int64_t>(seconds[i]);
        const bool same = std::strcmp(row.name, "remquo") == 0 ? difference % 128 == 0 : difference == 0;
        if (!same) return fail(i, lanes, "'s second result", others[i], seconds[i]), false;
      } else {
        const R second_off = error(others[i], seconds[i]);
        if (!(second_off <= row.bound)) {
          return fail(i, lanes, "'s second result", static_cast<R>(others[i]), seconds[i]), false;
        }
        worst = std::max(worst, second_off);
      }
    }
    return true;
  }
};

std::string kernel_name(const char* name, unsigned lanes) { return std::string(name) + "_" + std::to_string(lanes); }

/// Parameters: x, y, z, the integers, their like in bits of the float's width, the result, the second result.
void write_float_kernel(SpirvText& text, const FloatRow& row, const std::string& type, unsigned lanes) {
  const std::string floats = SpirvText::vector(type, lanes), ints = SpirvText::vector("i32", lanes);
  const std::string bits = SpirvText::vector("i" + type.substr(1), lanes);
  const std::string result = row.has('=') ? ints : floats, second = row.has('K') ? ints : floats;
  text.begin_kernel(kernel_name(row.name, lanes), {"g_" + floats, "g_" + floats, "g_" + floats, "g_" + ints,
                                                   "g_" + bits, "g_" + result, "g_" + second});
  std::string operands;
  int loaded = 0;
  auto operand = [&](const std::string& of, int parameter) {
    const std::string id = "%.v" + std::to_string(parameter);
    text.load(id, of, "%.p" + std::to_string(parameter), "%.id");
    operands += " " + id;
  };
  for (char letter : row.operands) {
    if (letter == 'f') operand(floats, loaded++);
    if (letter == 'k') operand(ints, 3);
    if (letter == 'u') operand(bits, 4);
    if (letter == 'F' || letter == 'K') operands += " " + text.element(second, "%.p6", "%.id");
  }
  text.line("%.r = OpExtInst " + text.type(result) + " %ocl " + row.name + operands);
  text.store("%.r", result, "%.p5", "%.id");
  text.end_kernel();
}

template <class T>
void OpenCLStd::check_floats(const char* type) {
  const std::vector<FloatRow> rows = float_rows<T>();
  SpirvText text;
  for (size_t i = 0; i < rows.size(); ++i) {
    for (unsigned lanes : lanes_of_row(i)) write_float_kernel(text, rows[i], type, lanes);
  }
  ze_module_handle_t module = build(text.words());
  ASSERT_TRUE(module);
  // 1. Triples of numbers: every one meets others of every kind.
  const size_t count = is_full() ? size_t{1} << 16 : 1 << 11;
  const std::vector<T> some = samples<T>(is_full() ? 1021 : 251, 7), wide = samples<T>(count, 8);
  std::vector<T> triples[3];
  for (size_t i = 0; i < count; ++i) {
    triples[0].push_back(i % 2 || i < some.size() ? some[i % some.size()] : wide[i]);
    triples[1].push_back(some[(i / some.size() * 7 + i * 5 + 3) % some.size()]);
    triples[2].push_back(some[(i * 11 + 2) % some.size()]);
  }
  if (is_full() && sizeof(T) == 2) {  // all halves that there are
    for (size_t i = 0; i < count; ++i) triples[0][i] = std::bit_cast<T>(static_cast<BitsOf<T>>(i));
  }
  T *x = shared(triples[0]), *y = shared(triples[1]), *z = shared(triples[2]);
  int32_t* k = shared(integer_samples(count));
  auto* out = static_cast<T*>(allocate(count * 8));
  auto* second = static_cast<T*>(allocate(count * 8));
  // 2. Each kernel against the same references.
  for (size_t i = 0; i < rows.size(); ++i) {
    FloatCheck<T> check{rows[i], x, y, z, k, count};
    check.expect();
    for (unsigned lanes : lanes_of_row(i)) {
      std::memset(out, 0x55, count * 8);
      std::memset(second, 0x55, count * 8);
      run(kernel(module, kernel_name(rows[i].name, lanes).c_str()),
          {static_cast<uint32_t>(count / stride(lanes) / 64), 1, 1}, {64, 1, 1}, x, y, z, k, static_cast<void*>(x), out,
          second);
      auto* ints = reinterpret_cast<int32_t*>(second);
      bool good = true;
      if (rows[i].has('=')) {
        good = check.compare(lanes, reinterpret_cast<int32_t*>(out), second);
      } else if (rows[i].has('K')) {
        good = check.compare(lanes, out, ints);
      } else {
        good = check.compare(lanes, out, second);
      }
      if (!good) break;
    }
    std::printf("%s %-16s worst %8.4Lf of %Lg %s\n", type, rows[i].name, check.worst, rows[i].bound,
                rows[i].measure == Measure::kUlp ? "ulp" : "absolute");
  }
}

TEST(OpenCLStdTable, HasEveryInstruction) {
  std::set<std::string> names = {
      // Those of opencl_std_vector_test, and printf, which program_test has.
      "vloadn",        "vstoren",         "prefetch",      "vload_half",     "vload_halfn",
      "vloada_halfn",  "vstore_half",     "vstore_half_r", "vstore_halfn",   "vstore_halfn_r",
      "vstorea_halfn", "vstorea_halfn_r", "shuffle",       "shuffle2",       "select",
      "s_upsample",    "u_upsample",      "length",        "distance",       "normalize",
      "cross",         "fast_length",     "fast_distance", "fast_normalize", "printf"};
#define STD_FLOAT(name, operands, h, f, d, where, value) names.insert(#name);
#define STD_PAIR(name, operands, h, f, d, where, value, second) names.insert(#name);
#define STD_EITHER(name, operands, where, value, other) names.insert(#name);
#define STD_NEAR(name, operands, h, f, d, where, value) names.insert(#name);
#define STD_INTEGER(name, operands, where, value) names.insert(#name);
#include "tests/level_zero/opencl_std.def"
  EXPECT_EQ(names.size(), 162u);  // as many as the instruction set's specification lists
}

TEST_F(OpenCLStd, Halves) { check_floats<_Float16>("f16"); }
TEST_F(OpenCLStd, Floats) { check_floats<float>("f32"); }
TEST_F(OpenCLStd, Doubles) { check_floats<double>("f64"); }

// ---- integers
// ----------------------------------------------------------------------------------------------------------

template <class T>
using WideOf = std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>;

template <class T, class W>
std::make_unsigned_t<T> low(W x) {
  return static_cast<std::make_unsigned_t<T>>(x);
}

template <class T>
WideOf<T> saturated(WideOf<T> x) {
  using Limits = std::numeric_limits<T>;
  return std::min<WideOf<T>>(std::max<WideOf<T>>(x, Limits::min()), Limits::max());
}

template <class T>
bool is_of_24_bits(WideOf<T> x) {
  return std::is_signed_v<T> ? x >= -(1 << 23) && x < 1 << 23 : x < 1 << 24;
}

template <class T>
struct IntegerRow {
  std::string name;
  std::string operands;
  bool (*defined)(WideOf<T>, WideOf<T>, WideOf<T>);
  WideOf<T> (*value)(WideOf<T>, WideOf<T>, WideOf<T>);
};

/// The rows of signed or of unsigned integers; those whose names do not say belong to both.
template <class T>
std::vector<IntegerRow<T>> integer_rows() {
  using W = WideOf<T>;
  [[maybe_unused]] constexpr int bits = 8 * sizeof(T);
#define INTEGER_FUNCTION_OF(type, expression)            \
  [](W x, W y, W z) -> type {                            \
    [[maybe_unused]] constexpr int bits = 8 * sizeof(T); \
    (void)x, (void)y, (void)z;                           \
    return static_cast<type>(expression);                \
  }
#define STD_FLOAT(name, operands, h, f, d, where, value)
#define STD_PAIR(name, operands, h, f, d, where, value, second)
#define STD_EITHER(name, operands, where, value, other)
#define STD_NEAR(name, operands, h, f, d, where, value)
#define STD_INTEGER(name, operands, where, value) \
  {#name, operands, INTEGER_FUNCTION_OF(bool, where), INTEGER_FUNCTION_OF(W, value)},
  std::vector<IntegerRow<T>> rows = {
#include "tests/level_zero/opencl_std.def"
  };
  std::erase_if(rows, [](const IntegerRow<T>& row) {
    return row.name.starts_with(std::is_signed_v<T> ? "u_" : "s_") || (sizeof(T) != 4 && row.name.ends_with("24"));
  });
  return rows;
}

template <class T>
std::vector<T> integers(size_t count, unsigned seed) {
  using Limits = std::numeric_limits<T>;
  std::vector<T> values = {T(0),
                           T(1),
                           T(-1),
                           T(2),
                           T(7),
                           T(100),
                           Limits::max(),
                           Limits::min(),
                           T(Limits::max() - 1),
                           T(Limits::min() + 1),
                           T(Limits::max() / 2 + 1)};
  std::mt19937_64 random(seed);
  while (values.size() < count) {
    const uint64_t bits = random() >> random() % 64;
    values.push_back(static_cast<T>(random() & 1 ? bits : ~bits));
  }
  return values;
}

/// `T` says by its sign how operands are read.
template <class T>
void OpenCLStd::check_integers(const std::string& type) {
  const std::vector<IntegerRow<T>> rows = integer_rows<T>();
  SpirvText text;
  for (size_t i = 0; i < rows.size(); ++i) {
    for (unsigned lanes : lanes_of_row(i)) {
      const std::string ints = SpirvText::vector(type, lanes);
      text.begin_kernel(kernel_name(rows[i].name.c_str(), lanes), {"g_" + ints, "g_" + ints, "g_" + ints, "g_" + ints});
      std::string operands;
      for (size_t k = 0; k < rows[i].operands.size(); ++k) {
        const std::string id = "%.v" + std::to_string(k);
        text.load(id, ints, "%.p" + std::to_string(k), "%.id");
        operands += " " + id;
      }
      text.line("%.r = OpExtInst " + text.type(ints) + " %ocl " + rows[i].name + operands);
      text.store("%.r", ints, "%.p3", "%.id");
      text.end_kernel();
    }
  }
  ze_module_handle_t module = build(text.words());
  ASSERT_TRUE(module);
  const size_t count = is_full() ? 1 << 15 : 1 << 11;
  const std::vector<T> some = integers<T>(179, 4);
  std::vector<T> triples[3];
  for (size_t i = 0; i < count; ++i) {
    triples[0].push_back(some[i % some.size()]);
    triples[1].push_back(some[(i / some.size() * 7 + i * 5 + 3) % some.size()]);
    triples[2].push_back(some[(i * 11 + 2) % some.size()]);
  }
  T *x = shared(triples[0]), *y = shared(triples[1]), *z = shared(triples[2]), *out = shared<T>(count);
  for (size_t row = 0; row < rows.size(); ++row) {
    for (unsigned lanes : lanes_of_row(row)) {
      run(kernel(module, kernel_name(rows[row].name.c_str(), lanes).c_str()),
          {static_cast<uint32_t>(count / stride(lanes) / 64), 1, 1}, {64, 1, 1}, x, y, z, out);
      for (size_t i = 0; i < count; ++i) {
        if (i % stride(lanes) >= lanes || !rows[row].defined(x[i], y[i], z[i])) continue;
        ASSERT_EQ(+static_cast<T>(out[i]), +static_cast<T>(rows[row].value(x[i], y[i], z[i])))
            << rows[row].name << " of " << +x[i] << ", " << +y[i] << ", " << +z[i] << " with " << lanes << " lanes of "
            << type;
      }
    }
  }
}

TEST_F(OpenCLStd, Integers) {
  check_integers<int8_t>("i8");
  check_integers<uint8_t>("i8");
  check_integers<int16_t>("i16");
  check_integers<uint16_t>("i16");
  check_integers<int32_t>("i32");
  check_integers<uint32_t>("i32");
  check_integers<int64_t>("i64");
  check_integers<uint64_t>("i64");
}

}  // namespace
}  // namespace metate::test
