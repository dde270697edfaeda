// math_functions – the rows of math_symbols.def as data: what computes a function, on which machine, how exactly.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace metate::abi {

enum class MathSignature : uint8_t {
  kUnary,   // T(T)
  kBinary,  // T(T, T)
  kScale,   // T(T, int32_t)
};

/// Routines of one family agree bit for bit between scalar and vector forms; different families do not.
enum class MathFamily : uint8_t {
  kFused,  // needs fused multiply-add
  kPlain,
};

/// One routine: `lanes` values of the row's type at a time.
struct MathForm {
  const char* symbol;
  const void* address;
  MathFamily family;
  int lanes;
  const char* features;  // what the CPU must have, in LLVM's names, "avx2,fma"; empty: nothing
};

struct MathFunction {
  std::string_view name;  // "sin"
  MathSignature signature;
  bool is_f32;
  bool is_fast;      // only where the program allows approximations
  bool is_of_sleef;  // its routines are SLEEF's, or call them
  double max_ulp;    // bound over all finite arguments
  std::span<const MathForm> forms;

  /// The form of one lane; null if the row has none of that family.
  const MathForm* scalar(MathFamily family) const;
};

std::span<const MathFunction> math_functions();

/// The family that this machine's compiled code, constant folding and the interpreter share.
MathFamily host_math_family();

/// The row of `name`; with `fast` the approximate row where there is one. Null if no row has that name. The row has a
/// scalar form of `family`.
const MathFunction* find_math_function(std::string_view name, bool is_f32, MathFamily family = host_math_family(),
                                       bool fast = false);

/// Address of any routine of the table by its symbol; null if there is none.
const void* find_math_symbol(std::string_view symbol);

/// The row that it is of.
const MathFunction* find_math_function_of(std::string_view symbol);

/// The value that compiled code on this machine computes: f32 rows round their arguments to float first. For a kScale
/// row `y` is the (integer) exponent; for a unary one it is not looked at.
double evaluate_math(const MathFunction& function, double x, double y = 0);

}  // namespace metate::abi
