#include "compiler/support/diagnostics.h"

#include <algorithm>

#include "runtime/base/assert.h"

namespace metate::support {
namespace {

std::string substitute(std::string_view text, std::span<const std::string_view> arguments) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}') {
      size_t index = static_cast<size_t>(text[i + 1] - '0');
      METATE_ASSERT(index < arguments.size());
      result += arguments[index];
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string place(const Location& where) {
  std::string text = where.filename.empty() ? "<unknown>" : where.filename;
  if (where.range.line >= 0) text += ":" + std::to_string(where.range.line);
  if (where.range.column >= 0) text += ":" + std::to_string(where.range.column + 1);
  if (!where.function.empty()) text += " in " + where.function;
  return text;
}

/// The source line with a rule under the range; nothing where the source is not to be had.
std::string excerpt(const Location& where, const SourceLines& lines) {
  if (!lines || where.range.line < 0) return "";
  std::optional<std::string> source = lines(where.filename, where.range.line);
  if (!source) return "";
  while (!source->empty() && (source->back() == '\n' || source->back() == '\r')) source->pop_back();

  std::string number = std::to_string(where.range.line);
  std::string margin(number.size() < 4 ? 4 - number.size() : 0, ' ');
  std::string text = " " + margin + number + " | " + *source + "\n";
  if (where.range.column < 0) return text;

  // CPython counts bytes of UTF-8; the rule has one mark for each character.
  size_t begin = std::min<size_t>(static_cast<size_t>(where.range.column), source->size());
  bool one_line = where.range.end_line == where.range.line && where.range.end_column > where.range.column;
  size_t end =
      one_line ? std::min<size_t>(static_cast<size_t>(where.range.end_column), source->size()) : source->size();
  std::string rule;
  for (size_t i = 0; i < end; ++i) {
    bool continues_character = (static_cast<unsigned char>((*source)[i]) & 0xc0) == 0x80;
    if (continues_character) continue;
    rule += i >= begin ? '~' : (*source)[i] == '\t' ? '\t' : ' ';
  }
  if (end <= begin) rule += '~';
  return text + " " + margin + std::string(number.size(), ' ') + " | " + rule + "\n";
}

/// CPython says that a function begins at its first decorator; what is meant is the line of its def.
Location below_decorators(Location where, const SourceLines& lines) {
  if (!lines || where.range.line < 0 || where.range.column >= 0) return where;
  auto begins_with = [&](int32_t line, std::string_view what) {
    std::optional<std::string> source = lines(where.filename, line);
    size_t start = source ? source->find_first_not_of(" \t") : std::string::npos;
    return start != std::string::npos && std::string_view(*source).substr(start).starts_with(what);
  };
  if (!begins_with(where.range.line, "@")) return where;
  constexpr int32_t kMostLines = 50;  // of decorators with their arguments
  for (int32_t line = where.range.line + 1; line < where.range.line + kMostLines; ++line) {
    if (!begins_with(line, "def ") && !begins_with(line, "async def ")) continue;
    where.range.line = where.range.end_line = line;
    break;
  }
  return where;
}

}  // namespace

std::string_view message_text(MessageId id) {
  switch (id) {
#define MESSAGE(id, name, text) \
  case MessageId::name:         \
    return text;
#include "compiler/support/messages.def"
#undef MESSAGE
  }
  METATE_UNREACHABLE();
}

std::string_view message_name(MessageId id) {
  switch (id) {
#define MESSAGE(id, name, text) \
  case MessageId::name:         \
    return "MT" #id;
#include "compiler/support/messages.def"
#undef MESSAGE
  }
  METATE_UNREACHABLE();
}

std::string message(MessageId id, std::initializer_list<std::string_view> arguments) {
  return std::string(message_name(id)) + ": " + substitute(message_text(id), {arguments.begin(), arguments.size()});
}

Diagnostic& Diagnostics::error(MessageId id, Location where, std::initializer_list<std::string_view> arguments) {
  return add(Severity::kError, id, std::move(where), {arguments.begin(), arguments.size()});
}

Diagnostic& Diagnostics::error(MessageId id, Location where, std::span<const std::string_view> arguments) {
  return add(Severity::kError, id, std::move(where), arguments);
}

Diagnostic& Diagnostics::warning(MessageId id, Location where, std::initializer_list<std::string_view> arguments) {
  return add(Severity::kWarning, id, std::move(where), {arguments.begin(), arguments.size()});
}

Diagnostic& Diagnostics::add(Severity severity, MessageId id, Location where,
                             std::span<const std::string_view> arguments) {
  list_.push_back({id, severity, substitute(message_text(id), arguments), std::move(where), {}});
  return list_.back();
}

void Diagnostics::add_note(size_t first, const Note& note) {
  for (size_t i = first; i < list_.size(); ++i) list_[i].notes.push_back(note);
}

bool Diagnostics::has_errors() const {
  return std::any_of(list_.begin(), list_.end(), [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

std::string render(const Diagnostic& diagnostic, const SourceLines& lines) {
  std::string text;
  if (diagnostic.severity == Severity::kWarning) text += "warning ";
  text += std::string(message_name(diagnostic.id)) + ": " + diagnostic.text + "\n";
  auto show = [&](const Location& location) {
    Location where = below_decorators(location, lines);
    text += "  --> " + place(where) + "\n" + excerpt(where, lines);
  };
  show(diagnostic.location);
  for (const Note& note : diagnostic.notes) {
    text += "  note: " + note.text;
    if (note.location.range.known()) {
      text += "\n";
      show(note.location);
    }
    if (text.back() != '\n') text += "\n";
  }
  return text;
}

}  // namespace metate::support
