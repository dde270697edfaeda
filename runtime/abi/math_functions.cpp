#include "runtime/abi/math_functions.h"

#include <math.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "runtime/base/assert.h"

// Only addresses are taken of these, so one prototype does for all signatures; the table says the real one.
#define DECLARE_SLEEF(family, prefix, suffix, lanes64, lanes32, features, sleef, accuracy) \
  void Sleef_##prefix##_##sleef##d##lanes64##_##accuracy##suffix();                        \
  void Sleef_##prefix##_##sleef##f##lanes32##_##accuracy##suffix();
#define DECLARE_FULL_RANGE(family, prefix, suffix, lanes64, lanes32, features, name) \
  void metate_##name##_f64x##lanes64##_##suffix();                                   \
  void metate_##name##_f32x##lanes32##_##suffix();

extern "C" {
#define MATH_SLEEF(name, signature, sleef, accuracy, ulp64, ulp32) METATE_MATH_FORMS(DECLARE_SLEEF, sleef, accuracy)
#define MATH_FAST_SLEEF(name, signature, sleef, accuracy, ulp64, ulp32) \
  METATE_MATH_FAST_FORMS(DECLARE_SLEEF, sleef, accuracy)
#define MATH_FULL_RANGE(name, signature, ulp64, ulp32) METATE_MATH_FORMS(DECLARE_FULL_RANGE, name)
#include "runtime/abi/math_symbols.def"

double metate_lgamma_f64(double x);
float metate_lgamma_f32(float x);
}  // extern "C"

namespace metate::abi {
namespace {

template <class T, class... Arguments>
using Routine = T (*)(Arguments...);

template <class Function>
const void* address_of(Function* function) {
  return reinterpret_cast<const void*>(function);
}

// Picks the C overload of libm's name by signature: <math.h> of C++ overloads some of them.
template <MathSignature signature, class T>
struct RoutineOf;
template <class T>
struct RoutineOf<MathSignature::kUnary, T> {
  using Type = T (*)(T);
};
template <class T>
struct RoutineOf<MathSignature::kBinary, T> {
  using Type = T (*)(T, T);
};
template <class T>
struct RoutineOf<MathSignature::kScale, T> {
  using Type = T (*)(T, int);
};
template <MathSignature signature, class T>
const void* address_of_routine(typename RoutineOf<signature, T>::Type function) {
  return address_of(function);
}

#define SLEEF_F64(family, prefix, suffix, lanes64, lanes32, features, sleef, accuracy)                         \
  MathForm{"Sleef_" #prefix "_" #sleef "d" #lanes64 "_" #accuracy #suffix,                                     \
           address_of(Sleef_##prefix##_##sleef##d##lanes64##_##accuracy##suffix), MathFamily::family, lanes64, \
           features},
#define SLEEF_F32(family, prefix, suffix, lanes64, lanes32, features, sleef, accuracy)                         \
  MathForm{"Sleef_" #prefix "_" #sleef "f" #lanes32 "_" #accuracy #suffix,                                     \
           address_of(Sleef_##prefix##_##sleef##f##lanes32##_##accuracy##suffix), MathFamily::family, lanes32, \
           features},
#define FULL_RANGE_F64(family, prefix, suffix, lanes64, lanes32, features, name)                               \
  MathForm{"metate_" #name "_f64x" #lanes64 "_" #suffix, address_of(metate_##name##_f64x##lanes64##_##suffix), \
           MathFamily::family, lanes64, features},
#define FULL_RANGE_F32(family, prefix, suffix, lanes64, lanes32, features, name)                               \
  MathForm{"metate_" #name "_f32x" #lanes32 "_" #suffix, address_of(metate_##name##_f32x##lanes32##_##suffix), \
           MathFamily::family, lanes32, features},

struct Symbol {
  std::string_view name;
  const void* address;
  const MathFunction* function;
};

// Rows and their forms, in the order of the table; the spans are set once all forms are in place.
struct Table {
  std::vector<MathForm> forms;
  std::vector<MathFunction> functions;
  std::vector<Symbol> symbols;  // sorted

  Table() {
    std::vector<size_t> starts;
    auto add = [&](std::string_view name, MathSignature signature, bool is_f32, bool is_fast, bool is_of_sleef,
                   double max_ulp, std::initializer_list<MathForm> row) {
      starts.push_back(forms.size());
      forms.insert(forms.end(), row);
      functions.push_back({name, signature, is_f32, is_fast, is_of_sleef, max_ulp, {}});
    };
#define ADD_SLEEF(name, signature, sleef, accuracy, ulp64, ulp32, fast, FORMS)                         \
  add(#name, MathSignature::signature, false, fast, true, ulp64, {FORMS(SLEEF_F64, sleef, accuracy)}); \
  add(#name, MathSignature::signature, true, fast, true, ulp32, {FORMS(SLEEF_F32, sleef, accuracy)});
#define MATH_SLEEF(...) ADD_SLEEF(__VA_ARGS__, false, METATE_MATH_FORMS)
#define MATH_FAST_SLEEF(...) ADD_SLEEF(__VA_ARGS__, true, METATE_MATH_FAST_FORMS)
#define MATH_FULL_RANGE(name, signature, ulp64, ulp32)                                                        \
  add(#name, MathSignature::signature, false, false, true, ulp64, {METATE_MATH_FORMS(FULL_RANGE_F64, name)}); \
  add(#name, MathSignature::signature, true, false, true, ulp32, {METATE_MATH_FORMS(FULL_RANGE_F32, name)});
#define ADD_SCALAR(name, signature, symbol, type, is_f32, ulp)                                                     \
  add(#name, MathSignature::signature, is_f32, false, false, ulp,                                                  \
      {MathForm{#symbol, address_of_routine<MathSignature::signature, type>(::symbol), MathFamily::kFused, 1, ""}, \
       MathForm{#symbol, address_of_routine<MathSignature::signature, type>(::symbol), MathFamily::kPlain, 1, ""}});
#define MATH_SCALAR(name, signature, symbol64, symbol32, ulp64, ulp32) \
  ADD_SCALAR(name, signature, symbol64, double, false, ulp64)          \
  ADD_SCALAR(name, signature, symbol32, float, true, ulp32)
#include "runtime/abi/math_symbols.def"
    starts.push_back(forms.size());
    for (size_t i = 0; i < functions.size(); ++i) {
      functions[i].forms = {forms.data() + starts[i], forms.data() + starts[i + 1]};
    }
    for (const MathFunction& function : functions)
      for (const MathForm& form : function.forms) symbols.push_back({form.symbol, form.address, &function});
    std::ranges::sort(symbols, {}, &Symbol::name);
  }
};

const Table& table() {
  static const Table kTable;
  return kTable;
}

const Symbol* find(std::string_view name) {
  const std::vector<Symbol>& symbols = table().symbols;
  const auto at = std::ranges::lower_bound(symbols, name, {}, &Symbol::name);
  return at != symbols.end() && at->name == name ? &*at : nullptr;
}

template <class T>
T evaluate_as(MathSignature signature, const void* address, double x, double y) {
  switch (signature) {
    case MathSignature::kUnary:
      return reinterpret_cast<Routine<T, T>>(const_cast<void*>(address))(static_cast<T>(x));
    case MathSignature::kBinary:
      return reinterpret_cast<Routine<T, T, T>>(const_cast<void*>(address))(static_cast<T>(x), static_cast<T>(y));
    case MathSignature::kScale:
      return reinterpret_cast<Routine<T, T, int32_t>>(const_cast<void*>(address))(static_cast<T>(x),
                                                                                  static_cast<int32_t>(y));
  }
  METATE_UNREACHABLE();
}

}  // namespace

const MathForm* MathFunction::scalar(MathFamily family) const {
  for (const MathForm& form : forms) {
    if (form.family == family && form.lanes == 1) return &form;
  }
  return nullptr;
}

std::span<const MathFunction> math_functions() { return table().functions; }

const MathFunction* find_math_function(std::string_view name, bool is_f32, MathFamily family, bool fast) {
  const MathFunction* exact = nullptr;
  for (const MathFunction& function : table().functions) {
    if (function.name != name || function.is_f32 != is_f32 || !function.scalar(family)) continue;
    if (function.is_fast == fast) return &function;
    if (!function.is_fast) exact = &function;
  }
  return exact;
}

MathFamily host_math_family() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("fma") ? MathFamily::kFused : MathFamily::kPlain;
#elif defined(__aarch64__)
  return MathFamily::kFused;
#else
  return MathFamily::kPlain;
#endif
}

const void* find_math_symbol(std::string_view symbol) {
  const Symbol* found = find(symbol);
  return found ? found->address : nullptr;
}

const MathFunction* find_math_function_of(std::string_view symbol) {
  const Symbol* found = find(symbol);
  return found ? found->function : nullptr;
}

double evaluate_math(const MathFunction& function, double x, double y) {
  const void* address = function.scalar(host_math_family())->address;
  return function.is_f32 ? evaluate_as<float>(function.signature, address, x, y)
                         : evaluate_as<double>(function.signature, address, x, y);
}

}  // namespace metate::abi
