#include "compiler/ir/instr.h"

#include <iterator>

#include "runtime/base/assert.h"

namespace metate::ir {
namespace {

constexpr uint8_t U = static_cast<uint8_t>(Stage::kUntyped);
constexpr uint8_t A = static_cast<uint8_t>(Stage::kArray);
constexpr uint8_t L = static_cast<uint8_t>(Stage::kLoop);

constexpr InstrInfo kInfo[] = {
#define INSTR(enumerator, text, operands, results, immediate, effects, stages) \
  {text, operands, results, Immediate::immediate, effects, stages},
#include "compiler/ir/instr.def"
#undef INSTR
};

constexpr std::string_view kOperators[] = {
    "+",   "-", "*",   "/",  "//", "%", "**", "@", "<<", ">>", "&",      "|",  "^",     "neg",
    "pos", "~", "not", "==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"};

constexpr std::string_view kQueries[] = {
    "global_id",     "local_id",     "group_id",           "global_size",    "local_size",         "group_count",
    "global_offset", "sub_group_id", "sub_group_local_id", "sub_group_size", "max_sub_group_size", "sub_group_count"};

template <class E, size_t N>
std::optional<E> find(const std::string_view (&names)[N], std::string_view text) {
  for (size_t i = 0; i < N; ++i)
    if (names[i] == text) return static_cast<E>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_text(Stage stage) {
  switch (stage) {
    case Stage::kUntyped:
      return "untyped";
    case Stage::kArray:
      return "array";
    case Stage::kLoop:
      return "loop";
  }
  METATE_UNREACHABLE();
}

const InstrInfo& info(Opcode opcode) { return kInfo[static_cast<size_t>(opcode)]; }

std::optional<Opcode> opcode_from_text(std::string_view text) {
  for (size_t i = 0; i < std::size(kInfo); ++i)
    if (kInfo[i].text == text) return static_cast<Opcode>(i);
  return std::nullopt;
}

std::string_view to_text(PyOperator op) { return kOperators[static_cast<size_t>(op)]; }
std::optional<PyOperator> py_operator_from_text(std::string_view text) { return find<PyOperator>(kOperators, text); }

std::string_view to_text(WorkItemQuery query) { return kQueries[static_cast<size_t>(query)]; }
std::optional<WorkItemQuery> work_item_query_from_text(std::string_view text) {
  return find<WorkItemQuery>(kQueries, text);
}

}  // namespace metate::ir
