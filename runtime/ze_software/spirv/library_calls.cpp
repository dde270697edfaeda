// library_calls – OpenCL C functions that compilers leave as calls by their C++ names, for a library to define.
//
// LLVM 22 has no instruction for them, or forgets it: minima and exchanges of OpenCL 1.x atomics, conversions to
// half and double, OpenCL 1.x fences, barriers of sub-groups.
#include <charconv>

#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/spirv/reader.h"
#include "runtime/ze_software/spirv/rounding.h"

namespace metate::ze_software::spirv {
namespace {

/// "_Z10atomic_minPU3AS1Vij" is atomic_min with parameters that end in an unsigned int.
struct LibraryName {
  std::string_view function;
  std::string_view parameters;

  static std::optional<LibraryName> parse(std::string_view mangled) {
    if (!mangled.starts_with("_Z")) return std::nullopt;
    mangled.remove_prefix(2);
    size_t length = 0;
    auto [end, error] = std::from_chars(mangled.data(), mangled.data() + mangled.size(), length);
    mangled.remove_prefix(static_cast<size_t>(end - mangled.data()));
    if (error != std::errc() || length == 0 || length > mangled.size()) return std::nullopt;
    LibraryName name{mangled.substr(0, length), mangled.substr(length)};
    for (std::string_view tail : {"12memory_scope", "12memory_order"}) {
      if (name.parameters.ends_with(tail)) name.parameters.remove_suffix(tail.size());
    }
    return name;
  }

  /// Of the last value among the parameters: Itanium's letters of unsigned char, short, int, long and long long.
  bool is_signed() const {
    return parameters.empty() || std::string_view("htjmy").find(parameters.back()) == std::string_view::npos;
  }
};

struct LibraryCall {
  Reader& reader;
  const Instruction& instruction;
  LibraryName name;
  std::span<const uint32_t> arguments = instruction.operands.subspan(1);
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Type* type = reader.type(instruction.type);

  bool done(llvm::Value* result) {
    reader.define(instruction, result);
    return true;
  }

  /// OpenCL C's memory_order at that argument; what is no constant is taken as the strongest.
  llvm::AtomicOrdering order(size_t argument) {
    switch (reader.constant(arguments[argument]).value_or(__ATOMIC_SEQ_CST)) {
      case __ATOMIC_RELAXED:
        return llvm::AtomicOrdering::Monotonic;
      case __ATOMIC_ACQUIRE:
        return llvm::AtomicOrdering::Acquire;
      case __ATOMIC_RELEASE:
        return llvm::AtomicOrdering::Release;
      case __ATOMIC_ACQ_REL:
        return llvm::AtomicOrdering::AcquireRelease;
      default:
        return llvm::AtomicOrdering::SequentiallyConsistent;
    }
  }

  bool read_modify_write(llvm::AtomicRMWInst::BinOp operation, llvm::AtomicOrdering ordering) {
    if (arguments.empty()) return false;
    llvm::Value* pointer = reader.value(arguments[0]);
    llvm::Value* value = nullptr;
    if (arguments.size() > 1) {
      value = reader.value(arguments[1]);
    } else if (type->isIntegerTy()) {
      value = llvm::ConstantInt::get(type, 1);
    }
    const bool exchange = operation == llvm::AtomicRMWInst::Xchg;
    const bool fits = pointer->getType()->isPointerTy() && value && value->getType() == type &&
                      (type->isIntegerTy() || (exchange && type->isFloatingPointTy())) && !type->isIntegerTy(1);
    if (!fits) return false;
    return done(b.CreateAtomicRMW(operation, pointer, value, llvm::MaybeAlign(), ordering));
  }

  /// atomic_min, atom_min (OpenCL 1.x: relaxed), atomic_fetch_min, atomic_fetch_min_explicit …
  bool atomic() {
    std::string_view rest = name.function;
    const bool old = rest.starts_with("atom_") || (rest.starts_with("atomic_") && !rest.starts_with("atomic_fetch_"));
    rest.remove_prefix(std::min(rest.find('_'), rest.size() - 1) + 1);
    if (!old) rest.remove_prefix(std::string_view("fetch_").size());
    llvm::AtomicOrdering ordering =
        old ? llvm::AtomicOrdering::Monotonic : llvm::AtomicOrdering::SequentiallyConsistent;
    if (!old && rest.ends_with("_explicit")) {
      rest.remove_suffix(std::string_view("_explicit").size());
      if (arguments.size() > 2) ordering = order(2);
    }
    using Rmw = llvm::AtomicRMWInst;
    const bool is_signed = name.is_signed();
    if (rest == "min") return read_modify_write(is_signed ? Rmw::Min : Rmw::UMin, ordering);
    if (rest == "max") return read_modify_write(is_signed ? Rmw::Max : Rmw::UMax, ordering);
    if (old && rest == "inc") return read_modify_write(Rmw::Add, ordering);
    if (old && rest == "dec") return read_modify_write(Rmw::Sub, ordering);
    if (old && rest == "xchg") return read_modify_write(Rmw::Xchg, ordering);
    return false;
  }

  bool conversion() {
    if (arguments.size() != 1) return false;
    llvm::Value* x = reader.value(arguments[0]);
    if (!type->isFPOrFPVectorTy() || !same_lanes(type, x->getType())) return false;
    auto mode = spv::FPRoundingMode::RTE;
    if (name.function.ends_with("_rtz")) mode = spv::FPRoundingMode::RTZ;
    if (name.function.ends_with("_rtp")) mode = spv::FPRoundingMode::RTP;
    if (name.function.ends_with("_rtn")) mode = spv::FPRoundingMode::RTN;
    if (x->getType()->isFPOrFPVectorTy()) return done(float_to_float(b, x, type, mode));
    if (!x->getType()->isIntOrIntVectorTy()) return false;
    return done(integer_to_float(b, x, type, name.is_signed(), mode));
  }

  bool barrier_of(ItemSet set) {
    const std::optional<uint64_t> flags = arguments.empty() ? std::nullopt : reader.constant(arguments[0]);
    call_barrier(b, set, static_cast<uint32_t>(flags.value_or(kAllMemory)) & kAllMemory);
    return true;
  }

  bool fence(llvm::AtomicOrdering ordering) {
    b.CreateFence(ordering);
    return true;
  }
};

}  // namespace

bool read_library_call(Reader& reader, const Instruction& instruction, std::string_view mangled) {
  const std::optional<LibraryName> name = LibraryName::parse(mangled);
  if (!name) return false;
  LibraryCall call{reader, instruction, *name};
  const std::string_view function = name->function;
  if (function.starts_with("atomic_") || function.starts_with("atom_")) return call.atomic();
  for (std::string_view conversion : {"convert_double", "convert_float", "convert_half"}) {
    if (function.starts_with(conversion)) return call.conversion();
  }
  if (function == "sub_group_barrier") return call.barrier_of(ItemSet::kSubGroup);
  if (function == "mem_fence") return call.fence(llvm::AtomicOrdering::AcquireRelease);
  if (function == "read_mem_fence") return call.fence(llvm::AtomicOrdering::Acquire);
  if (function == "write_mem_fence") return call.fence(llvm::AtomicOrdering::Release);
  return false;
}

}  // namespace metate::ze_software::spirv
