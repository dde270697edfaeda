// main.cpp – metate-ops: the tables of compiler/ops as text, and rows computed on given values.
#include <array>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/ops/fold.h"
#include "compiler/ops/python_function.h"
#include "compiler/ops/resolve.h"

namespace metate::tools {
namespace {

using ops::ScalarOp;
using types::DType;
using types::Scalar;

constexpr const char* kUsage =
    "usage: metate-ops list       one row a line: name, loops, ulp64, ulp32, then low and high of each operand's "
    "samples\n"
    "       metate-ops evaluate   reads lines `name operand…`, writes one result each; a value is its dtype's "
    "character\n"
    "                             and its bits in hexadecimal: d3ff0000000000000, F3f800000,0\n"
    "       metate-ops functions  Python's functions of numbers: name, loop\n"
    "       metate-ops call       reads lines `function operand…`, writes the result (or two), or the error it raises\n"
    "       metate-ops cast       reads lines `dtype value`, writes the value cast to it\n";

std::string loop_text(const ops::Loop& loop, int arity) {
  std::string text;
  for (int i = 0; i < arity; ++i) text += types::numpy_char(loop.operands[static_cast<size_t>(i)]);
  return text + "->" + types::numpy_char(loop.result);
}

void list() {
  for (int i = 0; i < ops::kScalarOpCount; ++i) {
    ScalarOp op = static_cast<ScalarOp>(i);
    const ops::ScalarOpInfo& row = info(op);
    std::string loops;
    for (const ops::Loop& loop : ops::loops(op)) loops += (loops.empty() ? "" : ",") + loop_text(loop, row.arity);
    std::printf("%s %s %g %g", std::string(row.name).c_str(), loops.c_str(), row.ulp64, row.ulp32);
    for (const ops::Domain& domain : row.samples.operands) std::printf(" %g %g", domain.low, domain.high);
    std::printf("\n");
  }
}

std::optional<DType> read_dtype(char character) {
  for (int i = 0; i < types::kDTypeCount; ++i)
    if (types::numpy_char(static_cast<DType>(i)) == character) return static_cast<DType>(i);
  return std::nullopt;
}

std::optional<Scalar> read_value(const std::string& text) {
  std::optional<DType> dtype = read_dtype(text[0]);
  if (!dtype) return std::nullopt;
  uint64_t bits = 0, imaginary = 0;
  const char* end = text.data() + text.size();
  auto [at, error] = std::from_chars(text.data() + 1, end, bits, 16);
  if (error != std::errc()) return std::nullopt;
  if (is_complex(*dtype) && (at == end || std::from_chars(at + 1, end, imaginary, 16).ec != std::errc()))
    return std::nullopt;
  if (types::is_integer(*dtype)) return Scalar::integer(*dtype, static_cast<int64_t>(bits));
  return Scalar{*dtype, bits, imaginary};
}

void print_value(const Scalar& value, const char* end = "\n") {
  uint64_t mask = ~uint64_t{0} >> (64 - 8 * std::min(8, size(value.dtype)));
  std::printf("%c%llx", types::numpy_char(value.dtype), static_cast<unsigned long long>(value.bits & mask));
  if (is_complex(value.dtype)) std::printf(",%llx", static_cast<unsigned long long>(value.imaginary_bits));
  std::printf("%s", end);
}

void list_functions() {
  for (const ops::PythonOverload& overload : ops::python_overloads())
    std::printf("%s %s\n", std::string(overload.name).c_str(), std::string(overload.loop).c_str());
}

/// Whether the operands are those of a loop of the row.
bool fits(ScalarOp op, const std::vector<Scalar>& operands) {
  if (static_cast<int>(operands.size()) != arity(op)) return false;
  for (const ops::Loop& loop : ops::loops(op)) {
    bool same = true;
    for (size_t i = 0; i < operands.size(); ++i) same &= loop.operands[i] == operands[i].dtype;
    if (same) return true;
  }
  return false;
}

bool evaluate_line(std::istringstream words) {
  std::string word;
  words >> word;
  std::optional<ScalarOp> op = ops::scalar_op_from_name(word);
  if (!op) return false;
  std::vector<Scalar> operands;
  while (words >> word) {
    std::optional<Scalar> value = read_value(word);
    if (!value) return false;
    operands.push_back(*value);
  }
  if (!fits(*op, operands)) return false;
  print_value(ops::evaluate(*op, operands));
  return true;
}

/// The first check of those before, or after, the operation that fails; null if all hold.
const ops::Check* failing_check(const ops::PythonOverload& overload, const std::vector<Scalar>& operands,
                                const Scalar* result) {
  for (const ops::Check& check : overload.checks()) {
    if (check.is_after() != (result != nullptr)) continue;
    std::vector<Scalar> looked_at;
    for (char letter : check.operands)
      looked_at.push_back(letter == 'r' ? *result : operands[letter == 'w' ? 3 : static_cast<size_t>(letter - 'x')]);
    if (!ops::evaluate(check.predicate, looked_at).truth()) return &check;
  }
  return nullptr;
}

void print_error(const ops::Check& check) {
  std::printf("%s: %s\n", std::string(check.exception).c_str(), std::string(check.message).c_str());
}

bool call_line(std::istringstream words) {
  std::string name, word;
  words >> name;
  std::vector<Scalar> operands;
  std::vector<DType> dtypes;
  while (words >> word) {
    std::optional<Scalar> value = read_value(word);
    if (!value) return false;
    operands.push_back(*value);
    dtypes.push_back(value->dtype);
  }
  std::optional<ops::PythonResolution> resolution = ops::resolve_python(ops::python_function(name), dtypes);
  if (!resolution) return std::printf("TypeError\n"), true;
  const ops::PythonOverload& overload = *resolution->overload;
  for (size_t i = 0; i < operands.size(); ++i) operands[i] = ops::cast(operands[i], resolution->operands[i]);
  if (const ops::Check* failed = failing_check(overload, operands, nullptr)) return print_error(*failed), true;
  Scalar result = ops::evaluate(*overload.ops[0], operands);
  if (const ops::Check* failed = failing_check(overload, operands, &result)) return print_error(*failed), true;
  print_value(result, overload.ops[1] ? " " : "\n");
  if (overload.ops[1]) print_value(ops::evaluate(*overload.ops[1], operands));
  return true;
}

bool cast_line(std::istringstream words) {
  std::string dtype, text;
  words >> dtype >> text;
  std::optional<DType> to = read_dtype(dtype[0]);
  std::optional<Scalar> value = read_value(text);
  if (!to || !value) return false;
  print_value(ops::cast(*value, *to));
  return true;
}

int each_line(bool (*handle)(std::istringstream)) {
  for (std::string line; std::getline(std::cin, line);) {
    if (handle(std::istringstream(line))) continue;
    std::fprintf(stderr, "metate-ops: cannot compute '%s'\n", line.c_str());
    return 1;
  }
  return 0;
}

int run(std::string_view command) {
  if (command == "list") return list(), 0;
  if (command == "evaluate") return each_line(evaluate_line);
  if (command == "functions") return list_functions(), 0;
  if (command == "call") return each_line(call_line);
  if (command == "cast") return each_line(cast_line);
  std::fputs(kUsage, stderr);
  return 2;
}

}  // namespace
}  // namespace metate::tools

int main(int count, char** arguments) { return metate::tools::run(count == 2 ? arguments[1] : ""); }
