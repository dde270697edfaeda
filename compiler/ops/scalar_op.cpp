#include "compiler/ops/scalar_op.h"

#include <iterator>
#include <limits>

#include "runtime/base/assert.h"

namespace metate::ops {
namespace {

using types::DType;
using types::Scalar;

constexpr auto kNone = Neutral::kNone, kZero = Neutral::kZero, kOne = Neutral::kOne, kAllOnes = Neutral::kAllOnes,
               kNegativeInfinity = Neutral::kNegativeInfinity, kLowest = Neutral::kLowest, kHighest = Neutral::kHighest;

constexpr ScalarOpInfo kRows[] = {
#define ROW(enumerator, name, arity, types, neutral, flags, ulp64, ulp32, samples, ...) \
  {name, arity, types, neutral, flags, ulp64, ulp32, samples},
#include "compiler/ops/rows.def"
};

constexpr std::string_view kUfuncSignatures[] = {
    "x, /, out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True",
    "x1, x2, /, out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True",
};
constexpr std::string_view ufunc_signature(ScalarOp op) {
  return kUfuncSignatures[kRows[static_cast<size_t>(op)].arity == 1 ? 0 : 1];
}

constexpr NumpyFunction kNumpyFunctions[] = {
#define UFUNC_ROW(name, op, second) {name, ScalarOp::op, second, true, ufunc_signature(ScalarOp::op)},
#define UFUNC(enumerator, name, ...) UFUNC_ROW(name, enumerator, std::nullopt)
#define UFUNC_ALIAS(name, enumerator) UFUNC_ROW(name, enumerator, std::nullopt)
#define UFUNC_PAIR(name, first, second) UFUNC_ROW(name, first, ScalarOp::second)
#define NUMPY_OP(signature, enumerator, name, ...) {name, ScalarOp::enumerator, {}, false, signature},
#include "compiler/ops/ufuncs.def"
};

Scalar extreme(DType dtype, bool highest) {
  double infinity = std::numeric_limits<double>::infinity();
  int bits = 8 * size(dtype);
  switch (kind(dtype)) {
    case types::Kind::kBool:
      return Scalar::boolean(highest);
    case types::Kind::kUnsigned:
      return Scalar::integer(dtype, highest ? -1 : 0);
    case types::Kind::kSigned: {
      int64_t lowest = std::numeric_limits<int64_t>::min() >> (64 - bits);
      return Scalar::integer(dtype, highest ? ~lowest : lowest);
    }
    case types::Kind::kFloat:
      return Scalar::real(dtype, highest ? infinity : -infinity);
    case types::Kind::kComplex:
      return highest ? Scalar::complex(dtype, infinity, infinity) : Scalar::complex(dtype, -infinity, -infinity);
  }
  METATE_UNREACHABLE();
}

}  // namespace

const ScalarOpInfo& info(ScalarOp op) { return kRows[static_cast<size_t>(op)]; }

std::optional<ScalarOp> scalar_op_from_name(std::string_view name) {
  for (size_t i = 0; i < std::size(kRows); ++i)
    if (kRows[i].name == name) return static_cast<ScalarOp>(i);
  return std::nullopt;
}

std::optional<Scalar> neutral(ScalarOp op, DType dtype) {
  switch (info(op).neutral) {
    case Neutral::kNone:
      return std::nullopt;
    case Neutral::kZero:
      if (is_float(dtype)) return Scalar::real(dtype, -0.0);
      if (is_complex(dtype)) return Scalar::complex(dtype, -0.0, -0.0);
      return Scalar::of(dtype, 0);
    case Neutral::kOne:
      return Scalar::of(dtype, 1);
    case Neutral::kAllOnes:
      return Scalar::of(dtype, -1);
    case Neutral::kNegativeInfinity:
    case Neutral::kLowest:
      return extreme(dtype, false);
    case Neutral::kHighest:
      return extreme(dtype, true);
  }
  METATE_UNREACHABLE();
}

std::span<const NumpyFunction> numpy_functions() { return kNumpyFunctions; }

}  // namespace metate::ops
