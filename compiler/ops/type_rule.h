// type_rule.h – which operand types a row computes: the loops of a ufunc, in a compact form.
#pragma once

#include <cstdint>
#include <string_view>

namespace metate::ops {

// Dtypes are NumPy's type characters, in the order in which NumPy searches the loops of a ufunc.
inline constexpr std::string_view kEverything = "?bBhHiIlLefdFD";
inline constexpr std::string_view kNumbers = "bBhHiIlLefdFD";
inline constexpr std::string_view kRealTypes = "?bBhHiIlLefd";
inline constexpr std::string_view kRealNumbers = "bBhHiIlLefd";
inline constexpr std::string_view kBits = "?bBhHiIlL";
inline constexpr std::string_view kIntegers = "bBhHiIlL";
inline constexpr std::string_view kFloats = "efd";
inline constexpr std::string_view kInexact = "efdFD";

struct TypeRule {
  enum class Shape : uint8_t {
    kSame,     // one loop for each of `types`: all operands and the result have it
    kNoBool,   // kSame, but TypeError for bools only: NumPy refuses to guess what they mean
    kToBool,   // operands alike, the result is bool
    kToReal,   // the result of a complex loop is real
    kDivide,   // kSame, but integers and bools only: float64
    kCompare,  // kToBool, and uint64 with int64 in either order
    kLogical,  // one loop, of bools; operands of any dtype are cast to it
    kSelect,   // bool, then operands alike; the result is like them
    kListed,   // `types` lists the loops: "ei->e fi->f"
  };
  Shape shape;
  std::string_view types;
};

constexpr TypeRule same(std::string_view types) { return {TypeRule::Shape::kSame, types}; }
constexpr TypeRule no_bool(std::string_view types) { return {TypeRule::Shape::kNoBool, types}; }
constexpr TypeRule to_bool(std::string_view types) { return {TypeRule::Shape::kToBool, types}; }
constexpr TypeRule to_real(std::string_view types) { return {TypeRule::Shape::kToReal, types}; }
constexpr TypeRule divide(std::string_view types) { return {TypeRule::Shape::kDivide, types}; }
constexpr TypeRule compare(std::string_view types) { return {TypeRule::Shape::kCompare, types}; }
constexpr TypeRule logical() { return {TypeRule::Shape::kLogical, "?"}; }
constexpr TypeRule choose(std::string_view types) { return {TypeRule::Shape::kSelect, types}; }
constexpr TypeRule listed(std::string_view loops) { return {TypeRule::Shape::kListed, loops}; }

}  // namespace metate::ops
