#include "compiler/driver/library_interface.h"

#include <algorithm>
#include <climits>
#include <string>

#include "compiler/types/slots.h"
#include "runtime/abi/standalone.h"

namespace metate::driver {
namespace {

using types::TypeId;
using types::TypeKind;

constexpr char kRule[] = "only numbers, arrays and tuples of these go in and out of a library";

/// Of a value that has no place outside: its type, and what would do.
struct Misfit {
  TypeId type;
  const char* instead;
};

class Checker {
 public:
  Checker(const LibraryExport& exported, const Specialisation& root, const ir::Universe& universe)
      : exported_(exported), root_(root), universe_(universe) {}

  std::optional<base::Error> check_types() const {
    for (size_t i = 0; i < root_.arguments.size(); ++i)
      if (auto misfit = find_misfit(root_.arguments[i], false))
        return refuse("parameter " + exported_.parameters[i], root_.arguments[i], *misfit);
    if (auto misfit = find_misfit(root_.return_type, true)) return refuse("its result", root_.return_type, *misfit);
    return std::nullopt;
  }

  /// What every caller has room for.
  std::optional<base::Error> check_result() const {
    if (const int axes = most_axes(root_.return_type); axes > abi::kMostResultAxes)
      return refuse("its result has " + std::to_string(axes) +
                    " axes, and an array that goes out of a library has at most " +
                    std::to_string(abi::kMostResultAxes) + "; reshape it");
    if (const int slots = types::slot_count(root_.return_type, universe_.types); slots > abi::kMostResultSlots)
      return refuse("its result has " + std::to_string(slots) +
                    " words, with the extents and strides of its arrays, and at most " +
                    std::to_string(abi::kMostResultSlots) + " go out of a library; return an array");
    return std::nullopt;
  }

  /// What a Python module has room for.
  std::optional<base::Error> check_arguments() const {
    int values = 0, slots = 0;
    for (TypeId argument : root_.arguments) {
      values += std::max(1, count_values(argument));
      slots += types::slot_count(argument, universe_.types);
    }
    if (values > abi::kMostModuleParameters)
      return refuse("it takes " + std::to_string(values) +
                    " numbers and arrays, and a function of a Python module at most " +
                    std::to_string(abi::kMostModuleParameters) + "; give it arrays of numbers");
    if (slots > abi::kMostModuleSlots)
      return refuse("the extents and strides of its arrays, and its numbers, are " + std::to_string(slots) +
                    " words, and a function of a Python module takes at most " + std::to_string(abi::kMostModuleSlots) +
                    "; give it fewer arrays, or arrays of fewer axes");
    return std::nullopt;
  }

 private:
  base::Error refuse(const std::string& reason) const {
    return {base::ErrorCode::kInvalidArgument, exported_.name + "() cannot be exported: " + reason};
  }

  base::Error refuse(const std::string& what, TypeId whole, const Misfit& misfit) const {
    std::string text = what + " is " + universe_.describe(whole);
    if (misfit.type != whole) text += " with " + universe_.describe(misfit.type) + " in it";
    return refuse(text + (misfit.instead == kRule ? ", and " : "; ") + misfit.instead);
  }

  std::optional<Misfit> find_misfit(TypeId id, bool is_result) const {
    const types::Type& type = universe_.types[id];
    switch (type.kind) {
      case TypeKind::kScalar:
        return std::nullopt;
      case TypeKind::kArray:
        if (type.space == types::MemorySpace::kGlobal) return std::nullopt;
        return Misfit{id, kRule};
      case TypeKind::kConstant:
        return find_misfit_of_constant(id, is_result);
      case TypeKind::kTuple:
        if (type.constant)
          return Misfit{id, "declare it as Tuple((…)) in the signature, which makes a plain tuple of it"};
        if (type.elements.size() > UCHAR_MAX) return Misfit{id, "give an array"};
        for (TypeId element : type.elements)
          if (auto misfit = find_misfit(element, is_result)) return misfit;
        return std::nullopt;
      case TypeKind::kClosure:
      case TypeKind::kUnknown:
      case TypeKind::kView:
      case TypeKind::kSlice:
      case TypeKind::kKernelObject:
        return Misfit{id, kRule};
    }
    METATE_UNREACHABLE();
  }

  std::optional<Misfit> find_misfit_of_constant(TypeId id, bool is_result) const {
    const types::ConstantKind kind = universe_.constants[universe_.types[id].constant].kind;
    if (kind != types::ConstantKind::kNone) return Misfit{id, kRule};
    if (is_result) return std::nullopt;
    return Misfit{id, "leave the parameter to its default, by a signature with fewer types"};
  }

  /// Numbers and arrays in a value.
  int count_values(TypeId id) const {
    const types::Type& type = universe_.types[id];
    if (type.kind != TypeKind::kTuple) return 1;
    int count = 0;
    for (TypeId element : type.elements) count += count_values(element);
    return count;
  }

  /// Of the arrays in a value.
  int most_axes(TypeId id) const {
    const types::Type& type = universe_.types[id];
    int most = type.kind == TypeKind::kArray ? type.ndim : 0;
    if (type.kind == TypeKind::kTuple)
      for (TypeId element : type.elements) most = std::max(most, most_axes(element));
    return most;
  }

  const LibraryExport& exported_;
  const Specialisation& root_;
  const ir::Universe& universe_;
};

}  // namespace

std::optional<base::Error> check_interface(const LibraryExport& exported, const Specialisation& root,
                                           codegen::StandaloneInterface interface, const ir::Universe& universe) {
  const Checker checker(exported, root, universe);
  std::optional<base::Error> error = checker.check_types();
  if (!error) error = checker.check_result();
  if (!error && interface == codegen::StandaloneInterface::kPython) error = checker.check_arguments();
  return error;
}

}  // namespace metate::driver
