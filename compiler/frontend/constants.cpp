#include "compiler/frontend/constants.h"

#include <charconv>

namespace metate::frontend {
namespace {

using bytecode::Const;
using Converted = std::variant<types::ConstantId, BadConstant>;

struct Converter {
  ir::Universe& universe;
  bool allow_set;

  types::ConstantTable& constants() const { return universe.constants; }

  Converted operator()(const Const::None&) const { return constants().none(); }
  Converted operator()(const Const::Ellipsis&) const {
    return constants().intern({.kind = types::ConstantKind::kEllipsis});
  }
  Converted operator()(bool value) const { return constants().boolean(value); }
  Converted operator()(int64_t value) const { return constants().integer(value); }
  Converted operator()(double value) const { return constants().real(value); }
  Converted operator()(std::complex<double> value) const { return constants().complex(value); }
  Converted operator()(const std::string& value) const { return constants().string(universe.symbols.intern(value)); }
  Converted operator()(const Const::Tuple& value) const { return items(value.items); }
  Converted operator()(const Const::FrozenSet& value) const {
    if (!allow_set) return BadConstant{false, "a set"};
    return items(value.items);
  }
  Converted operator()(const Const::BigInt& value) const {
    uint64_t number = 0;
    const char* end = value.digits.data() + value.digits.size();
    auto [rest, problem] = std::from_chars(value.digits.data(), end, number);
    if (problem == std::errc() && rest == end) return constants().large_integer(number);
    return BadConstant{true, value.digits};
  }
  Converted operator()(const Const::Bytes&) const { return BadConstant{false, "a bytes literal"}; }
  Converted operator()(const Const::Code&) const { return BadConstant{false, "a code object as a value"}; }
  Converted operator()(const Const::Other& value) const { return BadConstant{false, "the constant " + value.repr}; }

  Converted items(const std::vector<Const>& items) const {
    std::vector<types::ConstantId> elements;
    for (const Const& item : items) {
      Converted element = std::visit(Converter{universe, false}, item.value);
      if (std::holds_alternative<BadConstant>(element)) return element;
      elements.push_back(std::get<types::ConstantId>(element));
    }
    return constants().tuple(std::move(elements));
  }
};

}  // namespace

Converted convert_constant(const Const& value, bool allow_set, ir::Universe& universe) {
  return std::visit(Converter{universe, allow_set}, value.value);
}

}  // namespace metate::frontend
