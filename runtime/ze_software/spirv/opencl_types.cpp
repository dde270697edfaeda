// opencl_types – whether a call of an OpenCL.std function has the types that its row names.
#include "runtime/ze_software/spirv/opencl.h"

namespace metate::ze_software::spirv {
namespace {

/// Compares letter by letter; the first type of a kind is what the others of that kind must be.
struct Matcher {
  const OpenCLCall& call;
  llvm::Type* floats = nullptr;
  llvm::Type* integers = nullptr;
  llvm::Type* numbers = nullptr;

  static bool is_first_or_same(llvm::Type*& known, llvm::Type* type) {
    if (!known) known = type;
    return known == type;
  }

  bool matches(char letter, llvm::Type* type) {
    switch (letter) {
      case 'f':
        return type->isFPOrFPVectorTy() && is_first_or_same(floats, type);
      case 's':
        return type->isFloatingPointTy();
      case 'i':
        return type->isIntOrIntVectorTy() && !type->isIntOrIntVectorTy(1) && is_first_or_same(integers, type);
      case 'w':
      case 'm':
        return type->isIntOrIntVectorTy();
      case 'x':
        return type->isFPOrFPVectorTy() || (type->isIntOrIntVectorTy() && !type->isIntOrIntVectorTy(1));
      case 'z':
        return type->isIntegerTy() && !type->isIntegerTy(1);
      case 'p':
        return type->isPointerTy();
      case 'v':
        return type->isVoidTy();
      default:
        return false;
    }
  }

  /// What one letter needs to know of the others.
  bool agree(std::string_view types) const {
    llvm::Type* first = call.arguments.empty() ? call.type : call.arguments[0]->getType();
    if (floats && integers && !same_lanes(floats, integers)) return false;
    switch (types[0]) {
      case 's':
        return call.type == floats->getScalarType();
      case 'w':
        return call.type->getScalarSizeInBits() == 2 * integers->getScalarSizeInBits() &&
               same_lanes(call.type, integers);
      default:
        break;
    }
    if (types.ends_with('m')) {
      llvm::Type* mask = call.arguments.back()->getType();
      return call.type->isVectorTy() && first->isVectorTy() && same_lanes(call.type, mask) &&
             call.type->getScalarType() == first->getScalarType() &&
             (call.arguments.size() < 3 || call.arguments[1]->getType() == first);
    }
    if (types == "xzp") return call.type->isVectorTy();
    if (types == "vxzp") return first->isVectorTy();
    for (size_t i = 1; i < types.size(); ++i) {
      if (types[i] == 'x' && call.arguments[i - 1]->getType() != call.type) return false;
    }
    return !types.starts_with("xxxi") || same_lanes(call.type, integers);
  }
};

}  // namespace

bool types_fit(const OpenCLCall& call, std::string_view types) {
  Matcher matcher{call};
  const bool open_end = types.ends_with('*');
  if (open_end) types.remove_suffix(1);
  const size_t count = types.size() - 1;
  if (open_end ? call.arguments.size() < count : call.arguments.size() != count) return false;
  if (!matcher.matches(types[0], call.type)) return false;
  for (size_t i = 0; i < count; ++i) {
    if (!matcher.matches(types[i + 1], call.arguments[i]->getType())) return false;
  }
  return matcher.agree(types);
}

}  // namespace metate::ze_software::spirv
