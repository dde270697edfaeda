#include "compiler/ir/text/parse_types.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <complex>

#include "compiler/types/c_pointer.h"
#include "compiler/types/scalar.h"

namespace metate::ir {
namespace {

using types::Constant;
using types::ConstantKind;
using types::DType;

class Parser {
 public:
  Parser(Cursor& cursor, Universe& universe) : cursor_(cursor), universe_(universe) {}

  TypeId type();
  ConstantId constant();

 private:
  DType dtype();
  TypeId array_type();
  std::vector<TypeId> type_list();
  ConstantId bracketed_constant();

  Constant number(const Token& token);
  Constant scalar(DType dtype);
  Constant parenthesised();
  Constant named_constant(const Token& token);
  Constant frozen_array();
  Symbol symbol();
  int64_t integer(const Token& token);
  double real(const Token& token);
  std::complex<double> complex_rest(double real);

  Cursor& cursor_;
  Universe& universe_;
};

constexpr int kMaxDimensions = 64;  // NumPy's own limit

// Types.

TypeId Parser::type() {
  Cursor::Level level(cursor_);
  types::TypeTable& types = universe_.types;
  if (cursor_.accept('?')) return types.unknown();
  Token token = cursor_.expect(TokenKind::kName, "a type");
  std::string_view name = token.raw;
  if (name == "weak_bool") return types.weak_bool();
  if (name == "weak_int") return types.weak_int();
  if (name == "weak_float") return types.weak_float();
  if (name == "weak_complex") return types.weak_complex();
  if (auto dtype = types::dtype_from_ir_name(name)) return types.scalar(*dtype);
  if (name == "array") return array_type();
  if (name == "tuple") return types.tuple(type_list());
  if (name == "slice") return types.slice(type_list());
  if (auto view = types::view_from_name(name)) return types.view(*view, type_list());
  if (auto object = types::kernel_object_from_name(name)) {
    cursor_.expect('<');
    auto ndim = static_cast<int>(cursor_.expect_number("the number of dimensions", kMaxDimensions));
    cursor_.expect('>');
    return types.kernel_object(*object, ndim);
  }
  if (name == "const") return types.constant(bracketed_constant());
  if (name == "closure") {
    ConstantId callee = bracketed_constant();
    return types.closure(callee, type_list());
  }
  cursor_.fail_at(token.offset, "there is no type " + std::string(name));
  return types.unknown();
}

DType Parser::dtype() {
  Token token = cursor_.expect(TokenKind::kName, "a dtype");
  if (auto dtype = types::dtype_from_ir_name(token.raw)) return *dtype;
  cursor_.fail_at(token.offset, "there is no dtype " + std::string(token.raw));
  return DType::kBool;
}

TypeId Parser::array_type() {
  cursor_.expect('<');
  DType element = dtype();
  cursor_.expect(',');
  auto ndim = static_cast<int>(cursor_.expect_number("the number of dimensions", kMaxDimensions));
  cursor_.expect(',');
  types::Layout layout = types::Layout::kAny;
  if (cursor_.accept("C"))
    layout = types::Layout::kC;
  else if (cursor_.accept("F"))
    layout = types::Layout::kF;
  else if (!cursor_.accept("A"))
    cursor_.fail("expected a layout: C, F or A");
  bool writable = true;
  types::MemorySpace space = types::MemorySpace::kGlobal;
  while (cursor_.accept(',')) {
    if (cursor_.accept("readonly")) {
      writable = false;
    } else if (cursor_.accept("group")) {
      space = types::MemorySpace::kGroup;
    } else if (ndim == 0 && layout == types::Layout::kC && cursor_.accept("pointer")) {
      cursor_.expect('>');
      return types::c_pointer(universe_.types, element, writable);
    } else {
      cursor_.expect("private");
      space = types::MemorySpace::kPrivate;
    }
  }
  cursor_.expect('>');
  return universe_.types.array(element, ndim, layout, writable, space);
}

std::vector<TypeId> Parser::type_list() {
  std::vector<TypeId> list;
  cursor_.expect('<');
  cursor_.list('>', [&] { list.push_back(type()); });
  return list;
}

ConstantId Parser::bracketed_constant() {
  cursor_.expect('[');
  ConstantId id = constant();
  cursor_.expect(']');
  return id;
}

// Constants.

ConstantId Parser::constant() {
  Cursor::Level level(cursor_);
  Token token = cursor_.peek();
  Constant result;
  if (cursor_.accept('?')) {
    result = {.kind = ConstantKind::kString};
  } else if (cursor_.accept('(')) {
    result = parenthesised();
  } else if (token.kind == TokenKind::kNumber) {
    result = number(cursor_.take());
  } else if (token.kind == TokenKind::kString) {
    result = {.kind = ConstantKind::kString, .symbol = universe_.symbols.intern(cursor_.take().text)};
  } else {
    result = named_constant(cursor_.expect(TokenKind::kName, "a constant"));
  }
  return universe_.constants.intern(std::move(result));
}

Constant Parser::named_constant(const Token& token) {
  struct Named {
    std::string_view name;
    ConstantKind kind;
    bool numbered;
  };
  static constexpr Named kNamed[] = {
      {"module", ConstantKind::kModule, false},      {"entity", ConstantKind::kEntity, false},
      {"object", ConstantKind::kObject, false},      {"callee", ConstantKind::kCallee, true},
      {"exception", ConstantKind::kException, true}, {"foreign", ConstantKind::kForeign, true},
  };
  if (token.raw == "None") return {};
  if (token.raw == "True") return {.kind = ConstantKind::kBool, .integer = 1};
  if (token.raw == "False") return {.kind = ConstantKind::kBool, .integer = 0};
  if (token.raw == "Ellipsis") return {.kind = ConstantKind::kEllipsis};

  Constant result;
  if (auto scalar_dtype = types::dtype_from_ir_name(token.raw)) {
    cursor_.expect('(');
    result = scalar(*scalar_dtype);
  } else if (token.raw == "dtype") {
    cursor_.expect('(');
    result = {.kind = ConstantKind::kDType, .dtype = dtype()};
  } else if (token.raw == "array") {
    cursor_.expect('(');
    result = frozen_array();
  } else {
    const Named* named = nullptr;
    for (const Named& candidate : kNamed)
      if (candidate.name == token.raw) named = &candidate;
    if (!named) {
      cursor_.fail_at(token.offset, "there is no constant " + std::string(token.raw));
      return {};
    }
    cursor_.expect('(');
    result = {.kind = named->kind, .symbol = symbol()};
    if (named->numbered) {
      cursor_.expect(',');
      result.integer = integer(cursor_.expect(TokenKind::kNumber, "a number"));
    }
    if (named->kind == ConstantKind::kForeign) {
      cursor_.expect(',');
      result.elements.push_back(constant());
    }
  }
  cursor_.expect(')');
  return result;
}

/// "f64, C, (2, 2), (1.0, 2.0, 3.0, 4.0)", or "f64, 12" for an array that is in the table of constants.
Constant Parser::frozen_array() {
  Constant numbered{.kind = ConstantKind::kArray, .dtype = dtype()};
  cursor_.expect(',');
  if (cursor_.at(TokenKind::kNumber)) {
    Token number = cursor_.take();
    numbered.integer = integer(number);
    auto count = static_cast<int64_t>(universe_.constants.frozen_count());
    bool good = numbered.integer >= 0 && numbered.integer < count &&
                universe_.constants.frozen(numbered).dtype == numbered.dtype;
    if (good) return numbered;
    cursor_.fail_at(number.offset, "there is no such array");
    return {};
  }
  bool column_major = cursor_.accept("F");
  if (!column_major) cursor_.expect("C");
  cursor_.expect(',');
  std::vector<int64_t> shape;
  cursor_.expect('(');
  cursor_.list(')', [&] { shape.push_back(cursor_.expect_number("an extent")); });
  cursor_.expect(',');
  std::vector<Constant> elements;
  cursor_.expect('(');
  cursor_.list(')', [&] { elements.push_back(scalar(numbered.dtype)); });

  auto given = static_cast<int64_t>(elements.size()), count = int64_t{1};
  for (int64_t extent : shape) {
    if (extent == 0 || count <= given) count *= extent;  // stays far below an overflow
  }
  if (cursor_.failed() || count != given) {
    cursor_.fail("the elements do not fill the shape");
    return {};
  }
  types::FrozenArray array = types::FrozenArray::of(numbered.dtype, std::move(shape), column_major);
  auto step = static_cast<size_t>(size(numbered.dtype));
  for (size_t i = 0; i < elements.size(); ++i) types::store(*types::to_scalar(elements[i]), array.data() + i * step);
  return universe_.constants[universe_.constants.array(std::move(array))];
}

Symbol Parser::symbol() {
  if (cursor_.accept('?')) return {};
  return universe_.symbols.intern(cursor_.expect_name("a name"));
}

/// A tuple, or a complex number, after its "(".
Constant Parser::parenthesised() {
  Constant tuple{.kind = ConstantKind::kTuple};
  if (cursor_.accept(')')) return tuple;
  if (cursor_.at(TokenKind::kNumber)) {
    Token first = cursor_.take();
    if (cursor_.at(TokenKind::kNumber)) return {.kind = ConstantKind::kComplex, .number = complex_rest(real(first))};
    tuple.elements.push_back(universe_.constants.intern(number(first)));
  } else {
    tuple.elements.push_back(constant());
  }
  cursor_.expect(',');  // also behind the only element
  cursor_.list(')', [&] { tuple.elements.push_back(constant()); });
  return tuple;
}

/// "+2.0j)" after "(1.0".
std::complex<double> Parser::complex_rest(double real_part) {
  Token token = cursor_.expect(TokenKind::kNumber, "an imaginary part");
  if (!token.raw.ends_with('j')) cursor_.fail_at(token.offset, "an imaginary part ends in j");
  if (!token.raw.empty()) token.raw.remove_suffix(1);
  double imaginary = real(token);
  cursor_.expect(')');
  return {real_part, imaginary};
}

Constant Parser::number(const Token& token) {
  if (token.raw.find_first_of(".einx") == std::string_view::npos) {
    // What is too large for both is an error of the second.
    uint64_t large = 0;
    auto [rest, problem] = std::from_chars(token.raw.data(), token.raw.data() + token.raw.size(), large);
    if (problem == std::errc() && rest == token.raw.data() + token.raw.size() && large >> 63)
      return {.kind = ConstantKind::kLargeInt, .dtype = DType::kU64, .integer = static_cast<int64_t>(large)};
    return {.kind = ConstantKind::kInt, .integer = integer(token)};
  }
  return {.kind = ConstantKind::kFloat, .number = real(token)};
}

Constant Parser::scalar(DType dtype) {
  Constant result{.kind = ConstantKind::kScalar, .dtype = dtype};
  if (types::is_complex(dtype)) {
    cursor_.expect('(');
    result.number = complex_rest(real(cursor_.expect(TokenKind::kNumber, "a real part")));
    return result;
  }
  Token token = cursor_.expect(TokenKind::kNumber, "a number");
  if (types::is_float(dtype)) {
    result.number = real(token);
    return result;
  }
  if (dtype == DType::kU64) {
    uint64_t value = 0;
    auto [rest, problem] = std::from_chars(token.raw.data(), token.raw.data() + token.raw.size(), value);
    if (problem != std::errc() || rest != token.raw.data() + token.raw.size())
      cursor_.fail_at(token.offset, "not a u64: " + std::string(token.raw));
    result.integer = static_cast<int64_t>(value);
    return result;
  }
  result.integer = integer(token);
  int bits = dtype == DType::kBool ? 1 : 8 * types::size(dtype);
  int64_t high = types::is_signed(dtype) ? static_cast<int64_t>((uint64_t{1} << (bits - 1)) - 1)
                                         : static_cast<int64_t>((uint64_t{1} << bits) - 1);
  int64_t low = types::is_signed(dtype) ? -high - 1 : 0;
  if (result.integer < low || result.integer > high)
    cursor_.fail_at(token.offset, std::string(token.raw) + " does not fit " + std::string(types::ir_name(dtype)));
  return result;
}

int64_t Parser::integer(const Token& token) {
  int64_t value = 0;
  std::string_view digits = token.raw.starts_with('+') ? token.raw.substr(1) : token.raw;
  auto [rest, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (problem != std::errc() || rest != digits.data() + digits.size())
    cursor_.fail_at(token.offset, "not a 64-bit integer: " + std::string(token.raw));
  return value;
}

double Parser::real(const Token& token) {
  std::string_view digits = token.raw;
  if (size_t payload = digits.find("(0x"); payload != std::string_view::npos) {
    uint64_t bits = 0;
    const char* end = digits.data() + digits.size() - 1;  // the ")"
    auto [rest, problem] = std::from_chars(digits.data() + payload + 3, end, bits, 16);
    double value = std::bit_cast<double>(bits);
    if (problem == std::errc() && rest == end && *end == ')' && std::isnan(value)) return value;
    cursor_.fail_at(token.offset, "not the bits of a NaN: " + std::string(digits));
    return 0.0;
  }
  bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  double value = 0.0;
  auto [rest, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (problem != std::errc() || rest != digits.data() + digits.size())
    cursor_.fail_at(token.offset, "not a float64: " + std::string(token.raw));
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return negative ? -value : value;
}

template <class F>
auto whole(std::string_view text, F&& parse) -> std::optional<decltype(parse(std::declval<Cursor&>()))> {
  Cursor cursor(text);
  auto result = parse(cursor);
  if (!cursor.at(TokenKind::kEnd)) cursor.fail("more text than one");
  return cursor.failed() ? std::nullopt : std::optional(result);
}

}  // namespace

TypeId parse_type(Cursor& cursor, Universe& universe) { return Parser(cursor, universe).type(); }
ConstantId parse_constant(Cursor& cursor, Universe& universe) { return Parser(cursor, universe).constant(); }

std::optional<TypeId> parse_type(std::string_view text, Universe& universe) {
  return whole(text, [&](Cursor& cursor) { return parse_type(cursor, universe); });
}
std::optional<ConstantId> parse_constant(std::string_view text, Universe& universe) {
  return whole(text, [&](Cursor& cursor) { return parse_constant(cursor, universe); });
}

}  // namespace metate::ir
