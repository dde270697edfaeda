// constant.h – values known when a function is compiled, interned.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/support/ids.h"
#include "compiler/support/symbol_table.h"
#include "compiler/types/dtype.h"
#include "runtime/base/api.h"

namespace metate::types {

using ConstantId = support::Id<struct ConstantTag>;

enum class ConstantKind : uint8_t {
  kNone,
  kBool,      // Python bool: `integer`
  kInt,       // Python int that fits int64: `integer`
  kLargeInt,  // Python int from 2**63 to 2**64 - 1: `integer` has its bits, `dtype` is kU64
  kFloat,     // Python float: `number.real()`
  kComplex,   // Python complex: `number`
  kString,    // `symbol`
  kEllipsis,
  kTuple,   // `elements`
  kScalar,  // a NumPy scalar: `dtype`, `integer` (bool, integers) or `number` (float, complex)
  kDType,   // np.float32, np.dtype("f4"): `dtype`
  kModule,  // an imported module: `symbol` is its name
  kEntity,  // a function or class that the compiler knows by name: `symbol` is "numpy.sqrt", "builtins.len" …
  kCallee,  // a Python function to be compiled on demand: `integer` is the CalleeProvider's number, `symbol` its name
  kException,  // an exception class: `symbol` is its qualified name, `integer` the host's handle
  kArray,      // a frozen array of the host: `integer` is its number in ConstantTable::frozen
  kForeign,    // a C function: `symbol` is its name, `integer` its address, the element a tuple: what it gives, what it
               // takes; each a dtype, None (nothing), a tuple of a dtype (a pointer to it) or of nothing (any pointer)
  kObject,     // anything else, useful in messages only: `symbol` describes it
};

struct Constant {
  ConstantKind kind = ConstantKind::kNone;
  DType dtype = DType::kBool;
  support::Symbol symbol;
  int64_t integer = 0;
  std::complex<double> number;
  std::vector<ConstantId> elements;

  bool operator==(const Constant& other) const;
};

/// A copy of an array that the host had when a function was compiled. Nothing writes to it any more.
struct METATE_API FrozenArray {
  DType dtype = DType::kBool;
  bool column_major = false;
  std::vector<int64_t> shape;
  std::vector<std::max_align_t> storage;  // the elements, in the order that `column_major` says

  static FrozenArray of(DType dtype, std::vector<int64_t> shape, bool column_major);
  size_t bytes() const;
  const std::byte* data() const { return reinterpret_cast<const std::byte*>(storage.data()); }
  std::byte* data() { return reinterpret_cast<std::byte*>(storage.data()); }
};

/// Owns every constant once, so equal constants have equal ids. Floats are compared by their bits: 0.0 and -0.0 differ.
class METATE_API ConstantTable {
 public:
  ConstantId intern(Constant constant);
  const Constant& operator[](ConstantId id) const { return constants_[id.index()]; }
  size_t size() const { return constants_.size(); }

  ConstantId none() { return intern({}); }
  ConstantId boolean(bool value) { return intern({.kind = ConstantKind::kBool, .integer = value}); }
  ConstantId integer(int64_t value) { return intern({.kind = ConstantKind::kInt, .integer = value}); }
  ConstantId large_integer(uint64_t value) {
    return intern({.kind = ConstantKind::kLargeInt, .dtype = DType::kU64, .integer = static_cast<int64_t>(value)});
  }
  ConstantId real(double value) { return intern({.kind = ConstantKind::kFloat, .number = value}); }
  ConstantId complex(std::complex<double> value) { return intern({.kind = ConstantKind::kComplex, .number = value}); }
  ConstantId string(support::Symbol text) { return intern({.kind = ConstantKind::kString, .symbol = text}); }
  ConstantId dtype(DType d) { return intern({.kind = ConstantKind::kDType, .dtype = d}); }
  ConstantId entity(support::Symbol name) { return intern({.kind = ConstantKind::kEntity, .symbol = name}); }
  ConstantId scalar(DType d, int64_t value) {
    return intern({.kind = ConstantKind::kScalar, .dtype = d, .integer = value});
  }
  ConstantId scalar(DType d, std::complex<double> value) {
    return intern({.kind = ConstantKind::kScalar, .dtype = d, .number = value});
  }
  ConstantId tuple(std::vector<ConstantId> elements) {
    return intern({.kind = ConstantKind::kTuple, .elements = std::move(elements)});
  }
  ConstantId array(FrozenArray array);
  /// The array of a constant of kind kArray; it stays where it is.
  const FrozenArray& frozen(const Constant& constant) const { return frozen_[static_cast<size_t>(constant.integer)]; }
  size_t frozen_count() const { return frozen_.size(); }

 private:
  static size_t hash(const Constant& constant);

  std::deque<Constant> constants_;
  std::deque<FrozenArray> frozen_;
  std::unordered_multimap<size_t, size_t> frozen_index_;  // numbers by the hash of the bytes
  std::unordered_multimap<size_t, ConstantId> index_;
};

/// The constant as Python source would write it ("1.5", "'text'", "numpy.sqrt"); for messages and IR text.
METATE_API std::string to_text(const Constant& constant, const ConstantTable& constants,
                               const support::SymbolTable& symbols);

}  // namespace metate::types
