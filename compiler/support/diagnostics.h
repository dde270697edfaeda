// diagnostics.h – what the compiler has to say to the user, with its place in the source.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/support/source_range.h"

namespace metate::support {

enum class MessageId : uint16_t {
#define MESSAGE(id, name, text) name = id,
#include "compiler/support/messages.def"
#include "runtime/base/api.h"
#undef MESSAGE
};

std::string_view message_text(MessageId id);
METATE_API std::string_view message_name(MessageId id);

/// "MT6001: unknown option …": for what is said before there is source to point at.
std::string message(MessageId id, std::initializer_list<std::string_view> arguments);

enum class Severity : uint8_t { kWarning, kError };

struct Location {
  std::string filename;
  std::string function;
  SourceRange range;
};

struct Note {
  std::string text;
  Location location;  // may be unknown
};

struct Diagnostic {
  MessageId id;
  Severity severity;
  std::string text;
  Location location;
  std::vector<Note> notes;
};

/// The diagnostics of one compilation. A stage reports and returns false; the next stage is not run.
class Diagnostics {
 public:
  /// The reference is good until the next report; use it to add notes.
  Diagnostic& error(MessageId id, Location where, std::initializer_list<std::string_view> arguments);
  Diagnostic& error(MessageId id, Location where, std::span<const std::string_view> arguments);
  Diagnostic& warning(MessageId id, Location where, std::initializer_list<std::string_view> arguments);

  /// Adds a note to every message from number `first` on: what all of them have in common.
  void add_note(size_t first, const Note& note);

  bool has_errors() const;
  const std::vector<Diagnostic>& all() const { return list_; }
  std::vector<Diagnostic> take() { return std::move(list_); }

 private:
  Diagnostic& add(Severity severity, MessageId id, Location where, std::span<const std::string_view> arguments);
  std::vector<Diagnostic> list_;
};

/// Gives the text of a source line, or nothing where the source cannot be read (a notebook cell is no file, so the
/// Python side supplies this).
using SourceLines = std::function<std::optional<std::string>(std::string_view filename, int32_t line)>;

/// The message as the user sees it:
///
///   MT2001: cannot apply + to array<f64,1> and str
///     --> model.py:12:15 in norm
///      12 |     return x + label
///         |            ~~~~~~~~~
///     note: …
METATE_API std::string render(const Diagnostic& diagnostic, const SourceLines& lines);

}  // namespace metate::support
