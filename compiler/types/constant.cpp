#include "compiler/types/constant.h"

#include <bit>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>

#include "compiler/support/hash.h"
#include "compiler/support/quote.h"
#include "compiler/types/scalar.h"

namespace metate::types {
namespace {

uint64_t bits(double value) { return std::bit_cast<uint64_t>(value); }

/// The shortest text that reads back as the same double; a NaN with a payload says its bits.
std::string real_text(double value) {
  char buffer[40];
  if (std::isnan(value)) {
    std::string text = std::signbit(value) ? "-nan" : "nan";
    if ((bits(value) << 1) == (bits(std::numeric_limits<double>::quiet_NaN()) << 1)) return text;
    std::snprintf(buffer, sizeof buffer, "(0x%llx)", static_cast<unsigned long long>(bits(value)));
    return text + buffer;
  }
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  for (int digits = 1; digits <= 17; ++digits) {
    std::snprintf(buffer, sizeof buffer, "%.*g", digits, value);
    if (bits(std::strtod(buffer, nullptr)) == bits(value)) break;
  }
  std::string text = buffer;
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string complex_text(std::complex<double> value) {
  std::string imaginary = real_text(value.imag());
  return "(" + real_text(value.real()) + (imaginary[0] == '-' ? "" : "+") + imaginary + "j)";
}

/// Small arrays with their elements as they lie in memory, others by their number.
std::string array_text(const Constant& constant, const FrozenArray& array) {
  constexpr size_t kMostBytes = 512;
  std::string text = "array(" + std::string(ir_name(array.dtype)) + ", ";
  if (array.bytes() > kMostBytes) return text + std::to_string(constant.integer) + ")";
  text += array.column_major ? "F, (" : "C, (";
  for (int64_t extent : array.shape) text += std::to_string(extent) + ", ";
  if (!array.shape.empty()) text.resize(text.size() - 2);
  text += "), (";
  auto step = static_cast<size_t>(size(array.dtype));
  for (size_t at = 0; at < array.bytes(); at += step) {
    std::string element = to_text(load(array.dtype, array.data() + at));  // "f64(1.5)"
    text += (at == 0 ? "" : ", ") + element.substr(element.find('(') + 1);
    text.pop_back();
  }
  return text + "))";
}

}  // namespace

bool Constant::operator==(const Constant& other) const {
  return kind == other.kind && dtype == other.dtype && symbol == other.symbol && integer == other.integer &&
         bits(number.real()) == bits(other.number.real()) && bits(number.imag()) == bits(other.number.imag()) &&
         elements == other.elements;
}

size_t ConstantTable::hash(const Constant& constant) {
  size_t seed = support::hash_combine(static_cast<size_t>(constant.kind), static_cast<uint64_t>(constant.dtype));
  seed = support::hash_combine(seed, constant.symbol.index());
  seed = support::hash_combine(seed, static_cast<uint64_t>(constant.integer));
  seed = support::hash_combine(seed, bits(constant.number.real()));
  seed = support::hash_combine(seed, bits(constant.number.imag()));
  for (ConstantId element : constant.elements) seed = support::hash_combine(seed, element.index());
  return seed;
}

ConstantId ConstantTable::intern(Constant constant) {
  size_t key = hash(constant);
  auto [first, last] = index_.equal_range(key);
  for (auto it = first; it != last; ++it)
    if (constants_[it->second.index()] == constant) return it->second;
  ConstantId id(static_cast<uint32_t>(constants_.size()));
  constants_.push_back(std::move(constant));
  index_.emplace(key, id);
  return id;
}

FrozenArray FrozenArray::of(DType dtype, std::vector<int64_t> shape, bool column_major) {
  FrozenArray array{.dtype = dtype, .column_major = column_major, .shape = std::move(shape), .storage = {}};
  array.storage.resize((array.bytes() + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t));
  return array;
}

size_t FrozenArray::bytes() const {
  auto bytes = static_cast<size_t>(size(dtype));
  for (int64_t extent : shape) bytes *= static_cast<size_t>(extent);
  return bytes;
}

ConstantId ConstantTable::array(FrozenArray array) {
  auto contents = [](const FrozenArray& of) {
    return std::string_view(reinterpret_cast<const char*>(of.data()), of.bytes());
  };
  size_t key = std::hash<std::string_view>()(contents(array));
  auto same = [&](const FrozenArray& other) {
    return other.dtype == array.dtype && other.column_major == array.column_major && other.shape == array.shape &&
           contents(other) == contents(array);
  };
  DType dtype = array.dtype;
  size_t number = frozen_.size();
  auto [first, last] = frozen_index_.equal_range(key);
  for (auto it = first; it != last; ++it)
    if (same(frozen_[it->second])) number = it->second;
  if (number == frozen_.size()) {
    frozen_.push_back(std::move(array));
    frozen_index_.emplace(key, number);
  }
  return intern({.kind = ConstantKind::kArray, .dtype = dtype, .integer = static_cast<int64_t>(number)});
}

std::string to_text(const Constant& c, const ConstantTable& constants, const support::SymbolTable& symbols) {
  // Bare or quoted, so that the IR parser reads any name back; "?" stands for none.
  auto name = [&] { return c.symbol ? support::bare_or_quoted(symbols.name(c.symbol), true) : std::string("?"); };
  switch (c.kind) {
    case ConstantKind::kNone:
      return "None";
    case ConstantKind::kBool:
      return c.integer ? "True" : "False";
    case ConstantKind::kInt:
      return std::to_string(c.integer);
    case ConstantKind::kLargeInt:
      return std::to_string(static_cast<uint64_t>(c.integer));
    case ConstantKind::kFloat:
      return real_text(c.number.real());
    case ConstantKind::kComplex:
      return complex_text(c.number);
    case ConstantKind::kString:
      return c.symbol ? support::quoted(symbols.name(c.symbol)) : "?";
    case ConstantKind::kEllipsis:
      return "Ellipsis";
    case ConstantKind::kTuple: {
      std::string text = "(";
      for (ConstantId element : c.elements) text += to_text(constants[element], constants, symbols) + ", ";
      if (c.elements.size() > 1) text.resize(text.size() - 2);
      if (c.elements.size() == 1) text.pop_back();
      return text + ")";
    }
    case ConstantKind::kScalar: {
      std::string value = is_complex(c.dtype)      ? complex_text(c.number)
                          : is_float(c.dtype)      ? real_text(c.number.real())
                          : c.dtype == DType::kU64 ? std::to_string(static_cast<uint64_t>(c.integer))
                                                   : std::to_string(c.integer);
      return std::string(ir_name(c.dtype)) + "(" + value + ")";
    }
    case ConstantKind::kDType:
      return "dtype(" + std::string(ir_name(c.dtype)) + ")";
    case ConstantKind::kModule:
      return "module(" + name() + ")";
    case ConstantKind::kEntity:
      return "entity(" + name() + ")";
    case ConstantKind::kCallee:
      return "callee(" + name() + ", " + std::to_string(c.integer) + ")";
    case ConstantKind::kException:
      return "exception(" + name() + ", " + std::to_string(c.integer) + ")";
    case ConstantKind::kArray:
      return array_text(c, constants.frozen(c));
    case ConstantKind::kForeign:
      return "foreign(" + name() + ", " + std::to_string(c.integer) + ", " +
             to_text(constants[c.elements[0]], constants, symbols) + ")";
    case ConstantKind::kObject:
      return "object(" + name() + ")";
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::types
