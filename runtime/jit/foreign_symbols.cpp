#include "runtime/jit/foreign_symbols.h"

#include <dlfcn.h>
#include <math.h>

#include <cstring>
#include <string>

#include "runtime/abi/complex_functions.h"
#include "runtime/abi/math_functions.h"

// Support routines of the C compiler; which of them there are depends on its version, so they are weak.
extern "C" {
#define COMPILER_ROUTINE(name) __attribute__((weak)) void name();
#include "runtime/jit/foreign_symbols.def"
}

namespace metate::jit {
namespace {

struct Symbol {
  std::string_view name;
  const void* address;
};

template <class Function>
const void* address_of(Function* function) {
  return reinterpret_cast<const void*>(function);
}

// Overload selection of <math.h> by an explicit C signature.
template <class T>
const void* unary(T (*function)(T)) {
  return address_of(function);
}

const Symbol kSymbols[] = {
    {"memcpy", address_of(static_cast<void* (*)(void*, const void*, size_t)>(memcpy))},
    {"memmove", address_of(static_cast<void* (*)(void*, const void*, size_t)>(memmove))},
    {"memset", address_of(static_cast<void* (*)(void*, int, size_t)>(memset))},
    {"memcmp", address_of(static_cast<int (*)(const void*, const void*, size_t)>(memcmp))},
    {"bcmp", address_of(static_cast<int (*)(const void*, const void*, size_t)>(memcmp))},
#define ROUNDING(name) \
  {#name, unary<double>(name)}, { #name "f", unary<float>(name##f) }
    ROUNDING(floor),
    ROUNDING(ceil),
    ROUNDING(trunc),
    ROUNDING(round),
    ROUNDING(rint),
    ROUNDING(nearbyint),
    ROUNDING(sqrt),
    {"fma", address_of(static_cast<double (*)(double, double, double)>(fma))},
    {"fmaf", address_of(static_cast<float (*)(float, float, float)>(fmaf))},
    // Minima and maxima that have no instruction, as those of halves in atomic operations.
    {"fmin", address_of(static_cast<double (*)(double, double)>(fmin))},
    {"fminf", address_of(static_cast<float (*)(float, float)>(fminf))},
    {"fmax", address_of(static_cast<double (*)(double, double)>(fmax))},
    {"fmaxf", address_of(static_cast<float (*)(float, float)>(fmaxf))},
#define COMPILER_ROUTINE(name) {#name, address_of(name)},
#include "runtime/jit/foreign_symbols.def"
};

}  // namespace

const void* find_foreign_symbol(std::string_view name) {
  if (const void* address = abi::find_math_symbol(name)) return address;
  if (const void* address = abi::find_complex_symbol(name)) return address;
  for (const Symbol& symbol : kSymbols) {
    if (symbol.name == name) return symbol.address;
  }
  // Instrumented code needs the sanitizer that the process runs under; there is one or there is none.
  if (name.starts_with("__asan_") || name.starts_with("__tsan_")) return dlsym(RTLD_DEFAULT, std::string(name).c_str());
  return nullptr;
}

}  // namespace metate::jit
