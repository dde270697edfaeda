#include "compiler/frontend/constructs.h"

namespace metate::frontend {
namespace {

using bytecode::Instruction;
using bytecode::Opcode;

/// What CPython's instructions without a neutral form belong to.
std::string unsupported_name(const std::string& instruction) {
  auto is = [&](std::string_view start) { return instruction.starts_with(start); };
  if (is("LOAD_FAST_AND_CLEAR") || is("MAKE_CELL"))
    return "a comprehension that shares a variable with an inner function";
  if (is("LOAD_BUILD_CLASS") || is("SETUP_ANNOTATIONS")) return "a class definition";
  if (is("MATCH_") || is("GET_LEN") || is("COPY_DICT_WITHOUT_KEYS")) return "'match' with such a pattern";
  if (is("YIELD_FROM") || is("GET_YIELD_FROM_ITER") || is("SEND")) return "'yield from'";
  if (is("GET_AWAITABLE")) return "'await'";
  if (is("GET_AITER") || is("GET_ANEXT") || is("END_ASYNC_FOR")) return "'async for'";
  if (is("BEFORE_ASYNC_WITH")) return "'async with'";
  if (is("LOAD_SUPER")) return "super()";
  if (is("IMPORT_STAR")) return "'import'";
  if (is("CHECK_EG_MATCH") || is("PREP_RERAISE_STAR")) return "'except*'";
  return "what CPython compiles to " + instruction;
}

/// Before 3.12 a comprehension is a function of its own, by the name of its kind.
std::string comprehension_function(const bytecode::Const& constant) {
  const auto* inner = constant.get_if<bytecode::Const::Code>();
  if (inner == nullptr) return "";
  if ((*inner)->name == "<listcomp>") return "a list comprehension";
  if ((*inner)->name == "<setcomp>") return "a set comprehension";
  if ((*inner)->name == "<dictcomp>") return "a dictionary comprehension";
  if ((*inner)->name == "<genexpr>") return "a generator expression";
  return "";
}

/// An inlined comprehension (PEP 709) saves its variable, then makes its container.
std::string inlined_comprehension(const bytecode::DecodedFunction& decoded, size_t i) {
  for (; i < decoded.instructions.size(); ++i) {
    if (decoded.instructions[i].opcode == Opcode::kBuildList) return "a list comprehension";
    if (decoded.instructions[i].opcode == Opcode::kBuildSet) return "a set comprehension";
    if (decoded.instructions[i].opcode == Opcode::kBuildMap) return "a dictionary comprehension";
  }
  return "a comprehension";
}

/// The dictionary of the defaults of keyword-only parameters is made last before the code of the function is loaded.
bool makes_keyword_defaults(const bytecode::DecodedFunction& decoded, const bytecode::CodeObject& code, size_t i) {
  auto prepares = [](Opcode opcode) { return opcode == Opcode::kLoadClosure || opcode == Opcode::kBuildTuple; };
  const std::vector<Instruction>& instructions = decoded.instructions;
  for (++i; i < instructions.size() && prepares(instructions[i].opcode);) ++i;
  return i + 1 < instructions.size() && instructions[i].opcode == Opcode::kLoadConst &&
         code.consts[instructions[i].operand].get_if<bytecode::Const::Code>() != nullptr &&
         instructions[i + 1].opcode == Opcode::kMakeFunction &&
         (instructions[i + 1].operand & bytecode::kKeywordDefaults) != 0;
}

/// f(**x) merges x into a new dictionary.
bool makes_keywords(const bytecode::DecodedFunction& decoded, size_t i) {
  for (; i < decoded.instructions.size() && decoded.instructions[i].opcode != Opcode::kCallSpread; ++i)
    if (decoded.instructions[i].opcode == Opcode::kDictMerge) return true;
  return false;
}

std::string construct(const bytecode::CodeObject& code, const bytecode::DecodedFunction& decoded, size_t i) {
  const Instruction& instruction = decoded.instructions[i];
  switch (instruction.opcode) {
    case Opcode::kUnsupported:
      return unsupported_name(decoded.unsupported[instruction.operand]);
    case Opcode::kLoadConst:
      return comprehension_function(code.consts[instruction.operand]);
    case Opcode::kLoadFastAndClear:
      return inlined_comprehension(decoded, i);
    case Opcode::kListAppend:  // at depth 1 it serves displays with a starred item
      return instruction.operand > 1 ? "a list comprehension" : "";
    case Opcode::kBuildSet:
      return "a set display";
    case Opcode::kSetAdd:
    case Opcode::kSetUpdate:
      return "a set";
    case Opcode::kBuildMap:
      if (makes_keyword_defaults(decoded, code, i)) return "";
      return makes_keywords(decoded, i) ? "'**' in a call" : "a dictionary";
    case Opcode::kBuildConstKeyMap:
      return makes_keyword_defaults(decoded, code, i) ? "" : "a dictionary";
    case Opcode::kMapAdd:
    case Opcode::kDictUpdate:
      return "a dictionary";
    case Opcode::kDictMerge:
      return "'**' in a call";
    case Opcode::kStoreGlobal:
    case Opcode::kDeleteGlobal:
      return "an assignment to a global variable";
    case Opcode::kDeleteAttribute:
      return "'del' of an attribute";
    case Opcode::kDeleteSubscript:
      return "'del' of an item";
    case Opcode::kBeforeWith:
    case Opcode::kWithExceptStart:
      return "'with'";
    case Opcode::kReraise:
    case Opcode::kPushExceptionInfo:
    case Opcode::kCheckExceptionMatch:
    case Opcode::kPopException:
      return "'try'";
    case Opcode::kImportName:
    case Opcode::kImportFrom:
      return "'import'";
    case Opcode::kGeneratorStart:
    case Opcode::kYieldValue:
    case Opcode::kStopIterationError:
      return "'yield'";
    default:
      return instruction.handler != bytecode::kNoHandler ? "'try'" : "";
  }
}

}  // namespace

std::optional<UnsupportedConstruct> find_unsupported(const bytecode::CodeObject& code,
                                                     const bytecode::DecodedFunction& decoded) {
  support::SourceRange start{.line = code.first_line};
  if (code.flags & bytecode::kAsyncGenerator) return UnsupportedConstruct{"an asynchronous generator", start};
  if (code.flags & bytecode::kGenerator) return UnsupportedConstruct{"a generator", start};
  if (code.flags & bytecode::kCoroutine) return UnsupportedConstruct{"'async def'", start};
  if (code.flags & bytecode::kVarKeywords) return UnsupportedConstruct{"a '**' parameter", start};
  for (size_t i = 0; i < decoded.instructions.size(); ++i) {
    std::string what = construct(code, decoded, i);
    if (what.empty()) continue;
    const Instruction& instruction = decoded.instructions[i];
    bool in_try = what == "'try'" && instruction.handler != bytecode::kNoHandler;
    support::SourceRange begin = in_try ? decoded.handler_starts[instruction.handler] : support::SourceRange();
    return UnsupportedConstruct{std::move(what), begin.known() ? begin : instruction.range};
  }
  return std::nullopt;
}

}  // namespace metate::frontend
