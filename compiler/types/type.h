// type.h – the types of IR values, interned.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/support/ids.h"
#include "compiler/types/constant.h"
#include "compiler/types/dtype.h"
#include "runtime/base/api.h"

namespace metate::types {

using TypeId = support::Id<struct TypeTag>;

enum class TypeKind : uint8_t {
  kUnknown,   // before inference
  kScalar,    // `dtype`; `weak` marks a Python bool, int, float or complex (NEP 50), always bool, i64, f64 or c128
  kArray,     // `dtype`, `ndim`, `layout`, `writable`, `space`
  kTuple,     // `elements`
  kConstant,  // fully known when compiled: None, strings, modules, functions, dtypes, classes … (`constant`)
  kView,      // an indexable iterable without storage of its own: range, enumerate, zip … (`view`, `elements`)
  kSlice,     // slice(start, stop, step); `elements` are the three part types (None where not given)
  kClosure,   // an inner function with the values it captured: `constant` is the callee, `elements` the captures; or
              // an object of a class that compiled code knows by name, and its parts
  kKernelObject,  // Item, NdItem, Group of a kernel (`detail`) over an index space of `ndim` dimensions; has no value
};

enum class Layout : uint8_t {
  kC,    // row-major, contiguous and aligned: strides follow from the shape
  kF,    // column-major, contiguous and aligned
  kAny,  // strides are run-time values, in bytes
};

/// Where the elements of an array lie. Only kernels know more than one place.
enum class MemorySpace : uint8_t {
  kGlobal,
  kGroup,    // one array for each work-group
  kPrivate,  // one for each work-item, or call
};

enum class View : uint8_t { kRange, kEnumerate, kZip, kReversed, kNdIndex, kNdEnumerate, kFlat };
enum class KernelObject : uint8_t { kItem, kNdItem, kGroup, kSubGroup };

struct Type {
  TypeKind kind = TypeKind::kUnknown;
  DType dtype = DType::kBool;
  bool weak = false;
  uint8_t ndim = 0;
  Layout layout = Layout::kC;
  bool writable = true;
  MemorySpace space = MemorySpace::kGlobal;
  uint8_t detail = 0;  // View or KernelObject
  ConstantId constant;
  std::vector<TypeId> elements;

  bool operator==(const Type&) const = default;
  View view() const { return static_cast<View>(detail); }
  KernelObject kernel_object() const { return static_cast<KernelObject>(detail); }
};

class METATE_API TypeTable {
 public:
  TypeTable();

  TypeId intern(Type type);
  const Type& operator[](TypeId id) const { return types_[id.index()]; }
  size_t size() const { return types_.size(); }

  TypeId unknown() const { return unknown_; }
  TypeId scalar(DType dtype) { return intern({.kind = TypeKind::kScalar, .dtype = dtype}); }
  TypeId weak_bool() { return weak(DType::kBool); }
  TypeId weak_int() { return weak(DType::kI64); }
  TypeId weak_float() { return weak(DType::kF64); }
  TypeId weak_complex() { return weak(DType::kC128); }
  TypeId weak(DType dtype) { return intern({.kind = TypeKind::kScalar, .dtype = dtype, .weak = true}); }
  TypeId array(DType dtype, int ndim, Layout layout, bool writable = true, MemorySpace space = MemorySpace::kGlobal);
  /// An array of the same elements in the same place.
  TypeId view_of(const Type& array, size_t ndim, Layout layout) {
    return this->array(array.dtype, static_cast<int>(ndim), layout, array.writable, array.space);
  }
  TypeId tuple(std::vector<TypeId> elements) {
    return intern({.kind = TypeKind::kTuple, .elements = std::move(elements)});
  }
  TypeId constant(ConstantId id) { return intern({.kind = TypeKind::kConstant, .constant = id}); }
  TypeId view(View view, std::vector<TypeId> elements);
  TypeId slice(std::vector<TypeId> parts) { return intern({.kind = TypeKind::kSlice, .elements = std::move(parts)}); }
  TypeId closure(ConstantId callee, std::vector<TypeId> captures) {
    return intern({.kind = TypeKind::kClosure, .constant = callee, .elements = std::move(captures)});
  }
  TypeId kernel_object(KernelObject object, int ndim) {
    return intern(
        {.kind = TypeKind::kKernelObject, .ndim = static_cast<uint8_t>(ndim), .detail = static_cast<uint8_t>(object)});
  }

  bool is_scalar(TypeId id) const { return (*this)[id].kind == TypeKind::kScalar; }
  bool is_array(TypeId id) const { return (*this)[id].kind == TypeKind::kArray; }
  bool is_weak(TypeId id) const { return is_scalar(id) && (*this)[id].weak; }

 private:
  static size_t hash(const Type& type);

  std::deque<Type> types_;
  std::unordered_multimap<size_t, TypeId> index_;
  TypeId unknown_;
};

/// The type of a constant: weak scalars for Python numbers, scalars for NumPy's, tuples of these, else kConstant.
METATE_API TypeId type_of(ConstantId id, const ConstantTable& constants, TypeTable& types);

/// "array<f64,2,C>", "weak_int", "tuple<i32,weak_float>", "const[numpy.sqrt]" – what IR text and `inspect_ir` print.
METATE_API std::string to_text(TypeId id, const TypeTable& types, const ConstantTable& constants,
                               const support::SymbolTable& symbols);
/// The names that `to_text` gives them; for the IR parser.
std::optional<View> view_from_name(std::string_view name);
std::optional<KernelObject> kernel_object_from_name(std::string_view name);
/// "a 2-d float64 array", "int", "np.float32" – what messages say.
METATE_API std::string describe(TypeId id, const TypeTable& types, const ConstantTable& constants,
                                const support::SymbolTable& symbols);

}  // namespace metate::types
