// dtype.h – element types: their facts, NumPy's promotion and casting rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace metate::types {

enum class DType : uint8_t {
#define DTYPE(name, ...) name,
#include "compiler/types/dtype.def"
#undef DTYPE
};

inline constexpr int kDTypeCount = 0
#define DTYPE(...) +1
#include "compiler/types/dtype.def"
#include "runtime/base/api.h"
#undef DTYPE
    ;

/// In NumPy's order: a higher kind never casts safely to a lower one.
enum class Kind : uint8_t { kBool, kUnsigned, kSigned, kFloat, kComplex };

METATE_API std::string_view ir_name(DType dtype);
METATE_API std::string_view numpy_name(DType dtype);
char numpy_char(DType dtype);
METATE_API Kind kind(DType dtype);
METATE_API int size(DType dtype);

std::optional<DType> dtype_from_ir_name(std::string_view name);
std::optional<DType> dtype_from_numpy_name(std::string_view name);  // also "float", "intp", "bool_" …

inline bool is_integer(DType d) { return kind(d) == Kind::kSigned || kind(d) == Kind::kUnsigned; }
inline bool is_float(DType d) { return kind(d) == Kind::kFloat; }
inline bool is_complex(DType d) { return kind(d) == Kind::kComplex; }
inline bool is_signed(DType d) { return kind(d) == Kind::kSigned; }

/// The real dtype of a complex one's parts, and back. Requires the right kind.
DType real_part(DType complex);
DType complex_of(DType real);

/// np.promote_types(a, b).
DType promote(DType a, DType b);

enum class Casting : uint8_t { kSafe, kSameKind, kUnsafe };
/// np.can_cast(from, to, casting).
bool can_cast(DType from, DType to, Casting casting);

}  // namespace metate::types
