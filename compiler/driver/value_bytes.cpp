#include "compiler/driver/value_bytes.h"

#include <algorithm>

namespace metate::driver {
namespace {

using types::Constant;
using types::ConstantId;
using types::ConstantKind;
using types::TypeId;

constexpr int kDeepest = 100;  // of tuples in tuples: what reads damaged bytes must not run out of stack

constexpr auto kLastDType = static_cast<types::DType>(types::kDTypeCount - 1);

constexpr uint8_t kInvalid = 255;  // in the place of a kind
constexpr uint8_t kReference = 254;

/// Whether a constant means something in the process that has it alone.
bool is_reference(const Constant& constant) {
  switch (constant.kind) {
    case ConstantKind::kModule:
    case ConstantKind::kCallee:
    case ConstantKind::kArray:
      return true;
    case ConstantKind::kException:
      return constant.integer != 0;  // not a built-in one
    case ConstantKind::kNone:
    case ConstantKind::kBool:
    case ConstantKind::kInt:
    case ConstantKind::kLargeInt:
    case ConstantKind::kFloat:
    case ConstantKind::kComplex:
    case ConstantKind::kString:
    case ConstantKind::kEllipsis:
    case ConstantKind::kTuple:
    case ConstantKind::kScalar:
    case ConstantKind::kDType:
    case ConstantKind::kEntity:
    case ConstantKind::kForeign:
    case ConstantKind::kObject:
      return false;
  }
}

bool is_kind(uint8_t kind) { return kind <= static_cast<uint8_t>(ConstantKind::kObject); }

bool has_no_bytes(ConstantKind kind) { return kind == ConstantKind::kForeign || kind == ConstantKind::kObject; }

}  // namespace

uint64_t References::add(ConstantId constant) {
  auto [entry, is_new] = numbers_.emplace(constant, constants_.size());
  if (is_new) constants_.push_back(constant);
  return entry->second;
}

std::optional<uint64_t> References::number_of(ConstantId constant) const {
  auto found = numbers_.find(constant);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ConstantId> References::constant(uint64_t number) const {
  return number < constants_.size() ? std::optional(constants_[number]) : std::nullopt;
}

uint64_t References::add_file(support::Symbol file) {
  if (std::optional<uint64_t> known = number_of_file(file)) return *known;
  files_.push_back(file);
  return files_.size() - 1;
}

std::optional<uint64_t> References::number_of_file(support::Symbol file) const {
  auto found = std::ranges::find(files_, file);
  return found == files_.end() ? std::nullopt : std::optional(static_cast<uint64_t>(found - files_.begin()));
}

std::optional<support::Symbol> References::file(uint64_t number) const {
  return number < files_.size() ? std::optional(files_[number]) : std::nullopt;
}

void ValueWriter::symbol(support::Symbol symbol) {
  bytes_.number(symbol.valid());
  if (symbol) bytes_.text(universe_.symbols.name(symbol));
}

void ValueWriter::constant(ConstantId id) {
  if (!id) return bytes_.number(kInvalid);
  const Constant& constant = universe_.constants[id];
  if (is_reference(constant)) {
    std::optional<uint64_t> number = refer_(id);
    if (!number) return fail();
    bytes_.number(kReference);
    return bytes_.number(*number);
  }
  const bool is_named_tuple = constant.kind == ConstantKind::kTuple && constant.integer != 0;
  if (has_no_bytes(constant.kind) || is_named_tuple) return fail();
  bytes_.number(constant.kind);
  bytes_.number(constant.dtype);
  symbol(constant.symbol);
  bytes_.number(constant.integer);
  bytes_.number(constant.number.real());
  bytes_.number(constant.number.imag());
  bytes_.list(constant.elements, [&](ConstantId element) { this->constant(element); });
}

void ValueWriter::type(TypeId id) {
  if (!id) return bytes_.number(kInvalid);
  const types::Type& type = universe_.types[id];
  bytes_.number(type.kind);
  bytes_.number(type.dtype);
  bytes_.number(type.weak);
  bytes_.number(type.ndim);
  bytes_.number(type.layout);
  bytes_.number(type.writable);
  bytes_.number(type.space);
  bytes_.number(type.detail);
  constant(type.constant);
  bytes_.list(type.elements, [&](TypeId element) { this->type(element); });
}

support::Symbol ValueReader::symbol() {
  return bytes_.flag() ? universe_.symbols.intern(bytes_.text()) : support::Symbol();
}

ConstantId ValueReader::constant(int depth) {
  const uint8_t kind = bytes_.number<uint8_t>();
  if (kind == kInvalid || bytes_.failed()) return {};
  if (kind == kReference) {
    std::optional<ConstantId> found = references_.constant(bytes_.number<uint64_t>());
    if (!found) bytes_.fail();
    return found.value_or(ConstantId());
  }
  Constant constant;
  if (is_kind(kind)) constant.kind = static_cast<ConstantKind>(kind);
  if (!is_kind(kind) || has_no_bytes(constant.kind) || depth == kDeepest) bytes_.fail();
  constant.dtype = bytes_.enumerator(kLastDType);
  constant.symbol = symbol();
  constant.integer = bytes_.number<int64_t>();
  const double real = bytes_.number<double>(), imaginary = bytes_.number<double>();
  constant.number = {real, imaginary};
  bytes_.list([&] { constant.elements.push_back(this->constant(depth + 1)); });
  if (is_reference(constant)) bytes_.fail();
  return bytes_.failed() ? ConstantId() : universe_.constants.intern(std::move(constant));
}

TypeId ValueReader::type(int depth) {
  const uint8_t kind = bytes_.number<uint8_t>();
  if (kind == kInvalid || bytes_.failed()) return {};
  if (kind > static_cast<uint8_t>(types::TypeKind::kKernelObject) || depth == kDeepest) bytes_.fail();
  types::Type type;
  if (!bytes_.failed()) type.kind = static_cast<types::TypeKind>(kind);
  type.dtype = bytes_.enumerator(kLastDType);
  type.weak = bytes_.flag();
  type.ndim = bytes_.number<uint8_t>();
  type.layout = bytes_.enumerator(types::Layout::kAny);
  type.writable = bytes_.flag();
  type.space = bytes_.enumerator(types::MemorySpace::kPrivate);
  type.detail = bytes_.number<uint8_t>();
  type.constant = constant(depth + 1);
  bytes_.list([&] { type.elements.push_back(this->type(depth + 1)); });
  return bytes_.failed() ? TypeId() : universe_.types.intern(std::move(type));
}

}  // namespace metate::driver
