#include "compiler/bytecode/text.h"

#include <array>
#include <charconv>
#include <cmath>

#include "compiler/bytecode/literals.h"

namespace metate::bytecode {
namespace {

constexpr size_t kPositionColumn = 40;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::string print_float(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  const std::string text(buffer.data(), end);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string print_items(const std::vector<Const>& items) {
  std::string text;
  for (const Const& item : items) text += (text.empty() ? "" : ", ") + print(item);
  return text;
}

std::string print_parts(uint32_t parts) {
  std::string text;
  if ((parts & kDefaults) != 0) text += " defaults";
  if ((parts & kKeywordDefaults) != 0) text += " keyword_defaults";
  if ((parts & kAnnotations) != 0) text += " annotations";
  if ((parts & kClosure) != 0) text += " closure";
  return text;
}

std::string_view conversion_name(Conversion conversion) {
  switch (conversion) {
    case Conversion::kNone:
      return "none";
    case Conversion::kStr:
      return "str";
    case Conversion::kRepr:
      return "repr";
    case Conversion::kAscii:
      return "ascii";
  }
  return "";
}

class FunctionPrinter {
 public:
  FunctionPrinter(const DecodedFunction& function, const CodeObject& code) : function_(function), code_(code) {}

  std::string run() {
    std::string text = "function " + code_.qualname + "(" + print_parameters() + ")\n";
    for (const Variable& variable : function_.variables) text += print_variable(variable);
    for (uint32_t i = 0; i < function_.instructions.size(); ++i) {
      const Instruction& instruction = function_.instructions[i];
      const std::string number = std::to_string(i);
      std::string line = std::string(number.size() < 5 ? 5 - number.size() : 0, ' ') + number + "  ";
      line += name(instruction.opcode);
      line += print_operand(instruction);
      line.resize(std::max(line.size() + 1, kPositionColumn), ' ');
      line += "; " + print(instruction.range);
      if (instruction.handler != kNoHandler) {
        const Handler& handler = function_.handlers[instruction.handler];
        line += " handler @" + std::to_string(handler.target) + " depth " + std::to_string(handler.depth);
      }
      text += line + "\n";
    }
    return text;
  }

 private:
  static std::string print_variable(const Variable& variable) {
    switch (variable.kind) {
      case VariableKind::kLocal:
        return "  local " + variable.name + "\n";
      case VariableKind::kCell:
        return "  cell " + variable.name + "\n";
      case VariableKind::kFree:
        return "  free " + variable.name + "\n";
    }
    return "";
  }

  // As in a def: a, b, /, c, *args, d, **options. CPython keeps the keyword-only ones before *args.
  std::string print_parameters() const {
    const uint32_t positional = code_.argument_count, keyword_only = code_.keyword_only_count;
    const bool var_args = (code_.flags & kVarArgs) != 0, var_keywords = (code_.flags & kVarKeywords) != 0;
    std::string text;
    const auto add = [&](const std::string& parameter) { text += (text.empty() ? "" : ", ") + parameter; };
    const auto variable = [&](uint32_t index) {
      return index < function_.variables.size() ? function_.variables[index].name : "?";
    };
    for (uint32_t i = 0; i < positional; ++i) {
      add(variable(i));
      if (i + 1 == code_.positional_only_count) add("/");
    }
    if (var_args) add("*" + variable(positional + keyword_only));
    if (!var_args && keyword_only != 0) add("*");
    for (uint32_t i = 0; i < keyword_only; ++i) add(variable(positional + i));
    if (var_keywords) add("**" + variable(positional + keyword_only + (var_args ? 1 : 0)));
    return text;
  }

  std::string print_constant(uint32_t index) const {
    if (code_.consts[index].get_if<Const::Code>() != nullptr) return "code " + std::to_string(index);
    return print(code_.consts[index]);
  }

  std::string print_operand(const Instruction& instruction) const {
    const uint32_t operand = instruction.operand;
    switch (operand_kind(instruction.opcode)) {
      case OperandKind::kNone:
        return "";
      case OperandKind::kVariable:
        return " " + function_.variables[operand].name;
      case OperandKind::kName:
        return " " + code_.names[operand];
      case OperandKind::kConst:
        return " " + print_constant(operand);
      case OperandKind::kTarget:
        return " @" + std::to_string(operand);
      case OperandKind::kCount:
        return " " + std::to_string(operand) + print_extra(instruction);
      case OperandKind::kDepth:
        return " " + std::to_string(operand);
      case OperandKind::kUnaryOperator:
        return " " + std::string(symbol(static_cast<UnaryOperator>(operand)));
      case OperandKind::kBinaryOperator:
        return " " + std::string(symbol(static_cast<BinaryOperator>(operand)));
      case OperandKind::kCompareOperator:
        return " " + std::string(symbol(static_cast<CompareOperator>(operand)));
      case OperandKind::kInverted:
        return operand == 0 ? "" : " not";
      case OperandKind::kConversion:
        return " " + std::string(conversion_name(static_cast<Conversion>(operand)));
      case OperandKind::kFunctionParts:
        return print_parts(operand);
      case OperandKind::kUnsupportedName:
        return " " + function_.unsupported[operand];
    }
    return "";
  }

  std::string print_extra(const Instruction& instruction) const {
    if (instruction.opcode == Opcode::kUnpackExtended) return " " + std::to_string(instruction.extra);
    if (instruction.opcode != Opcode::kCall || instruction.extra == kNoKeywords) return "";
    return " keywords " + print_constant(instruction.extra);
  }

  const DecodedFunction& function_;
  const CodeObject& code_;
};

}  // namespace

std::string print(const DecodedFunction& function, const CodeObject& code) {
  return FunctionPrinter(function, code).run();
}

std::string print(const Const& constant) {
  return std::visit(Overloaded{
                        [](const Const::None&) -> std::string { return "None"; },
                        [](const Const::Ellipsis&) -> std::string { return "..."; },
                        [](bool value) -> std::string { return value ? "True" : "False"; },
                        [](int64_t value) { return std::to_string(value); },
                        [](const Const::BigInt& value) { return value.digits; },
                        [](double value) { return print_float(value); },
                        [](const std::complex<double>& value) {
                          return "complex(" + print_float(value.real()) + ", " + print_float(value.imag()) + ")";
                        },
                        [](const std::string& value) { return quote(value); },
                        [](const Const::Bytes& value) { return quote_bytes(value.value); },
                        [](const Const::Tuple& value) {
                          return "(" + print_items(value.items) + (value.items.size() == 1 ? ",)" : ")");
                        },
                        [](const Const::FrozenSet& value) { return "frozenset((" + print_items(value.items) + ",))"; },
                        [](const Const::Code& value) { return "<code " + value->qualname + ">"; },
                        [](const Const::Other& value) { return "<" + value.repr + ">"; },
                    },
                    constant.value);
}

std::string print(const support::SourceRange& range) {
  if (!range.known()) return "?";
  if (range.column < 0) return std::to_string(range.line);
  return std::to_string(range.line) + ":" + std::to_string(range.column) + "-" + std::to_string(range.end_line) + ":" +
         std::to_string(range.end_column);
}

}  // namespace metate::bytecode
