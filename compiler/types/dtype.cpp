#include "compiler/types/dtype.h"

#include <algorithm>
#include <array>

#include "runtime/base/assert.h"

namespace metate::types {
namespace {

struct Row {
  std::string_view ir, numpy;
  char character;
  Kind kind;
  int size;
};

constexpr std::array<Row, kDTypeCount> kRows = {{
#define DTYPE(name, ir, numpy, character, kind, size) {ir, numpy, character, Kind::kind, size},
#include "compiler/types/dtype.def"
#undef DTYPE
}};

const Row& row(DType dtype) { return kRows[static_cast<size_t>(dtype)]; }

/// The dtype of a kind with a size; the caller knows that it exists.
DType of(Kind kind, int size) {
  for (int i = 0; i < kDTypeCount; ++i)
    if (kRows[static_cast<size_t>(i)].kind == kind && kRows[static_cast<size_t>(i)].size == size)
      return static_cast<DType>(i);
  METATE_UNREACHABLE();
}

/// The smallest float that holds every value of an integer or bool (NumPy: int8 -> float16, int32 -> float64).
int float_size_for(DType d) {
  if (is_float(d)) return size(d);
  if (is_complex(d)) return size(d) / 2;
  return std::min(8, 2 * size(d));
}

}  // namespace

std::string_view ir_name(DType dtype) { return row(dtype).ir; }
std::string_view numpy_name(DType dtype) { return row(dtype).numpy; }
char numpy_char(DType dtype) { return row(dtype).character; }
Kind kind(DType dtype) { return row(dtype).kind; }
int size(DType dtype) { return row(dtype).size; }

std::optional<DType> dtype_from_ir_name(std::string_view name) {
  for (int i = 0; i < kDTypeCount; ++i)
    if (kRows[static_cast<size_t>(i)].ir == name) return static_cast<DType>(i);
  return std::nullopt;
}

std::optional<DType> dtype_from_numpy_name(std::string_view name) {
  for (int i = 0; i < kDTypeCount; ++i)
    if (kRows[static_cast<size_t>(i)].numpy == name) return static_cast<DType>(i);
  struct Alias {
    std::string_view name;
    DType dtype;
  };
  static constexpr Alias kAliases[] = {
      {"bool_", DType::kBool}, {"boolean", DType::kBool}, {"intp", DType::kI64},      {"int_", DType::kI64},
      {"uintp", DType::kU64},  {"uint", DType::kU64},     {"half", DType::kF16},      {"single", DType::kF32},
      {"double", DType::kF64}, {"longlong", DType::kI64}, {"ulonglong", DType::kU64}, {"intc", DType::kI32},
      {"uintc", DType::kU32},  {"short", DType::kI16},    {"ushort", DType::kU16},    {"byte", DType::kI8},
      {"ubyte", DType::kU8},   {"csingle", DType::kC64},  {"cdouble", DType::kC128}};
  for (const Alias& alias : kAliases)
    if (alias.name == name) return alias.dtype;
  return std::nullopt;
}

DType real_part(DType complex) {
  METATE_ASSERT(is_complex(complex));
  return of(Kind::kFloat, size(complex) / 2);
}

DType complex_of(DType real) { return of(Kind::kComplex, std::max(8, 2 * size(real))); }

DType promote(DType a, DType b) {
  if (a == b) return a;
  if (kind(a) > kind(b)) std::swap(a, b);
  if (kind(a) == Kind::kBool) return b;
  if (kind(b) == Kind::kComplex) return of(Kind::kComplex, std::max({8, 2 * float_size_for(a), 2 * float_size_for(b)}));
  if (kind(b) == Kind::kFloat) return of(Kind::kFloat, std::max(float_size_for(a), size(b)));
  if (kind(a) == kind(b)) return of(kind(a), std::max(size(a), size(b)));
  // Unsigned with signed: the smallest signed type that holds both, or float64 where there is none.
  int needed = std::max(size(b), 2 * size(a));
  return needed > 8 ? DType::kF64 : of(Kind::kSigned, needed);
}

bool can_cast(DType from, DType to, Casting casting) {
  switch (casting) {
    case Casting::kUnsafe:
      return true;
    case Casting::kSafe:
      return promote(from, to) == to;
    case Casting::kSameKind:
      // NumPy orders the kinds bool < unsigned < signed < float < complex and allows equal or rising kinds.
      return kind(from) <= kind(to);
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::types
