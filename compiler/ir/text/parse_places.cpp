#include "compiler/ir/text/parse_places.h"

#include <charconv>
#include <cstdint>
#include <tuple>

namespace metate::ir {

void PlaceParser::parse_header() {
  auto name = [&]() -> Symbol {
    if (cursor_.accept("_")) return {};
    return function_.universe().symbols.intern(cursor_.expect(TokenKind::kString, "a quoted name, or _ for none").text);
  };
  cursor_.expect('(');
  cursor_.list(')', [&] {
    Symbol file = name();
    files_.emplace_back(file, name());
  });
}

uint32_t PlaceParser::parse() {
  if (!cursor_.at(TokenKind::kPlace)) return 0;
  Token token = cursor_.take();
  auto [found, fresh] = known_.try_emplace(token.raw, 0);
  if (fresh) found->second = Function::add_to(function_.sources, read(token.raw.substr(1), token.offset));
  return found->second;
}

/// "[file!]line[:column][-line[:column]]"
SourcePlace PlaceParser::read(std::string_view text, size_t offset) {
  // The number after `before`, or -1 where the text goes on otherwise.
  auto number = [&](std::string_view before) -> int32_t {
    if (!text.starts_with(before)) return -1;
    int32_t value = 0;
    auto [rest, problem] = std::from_chars(text.data() + before.size(), text.data() + text.size(), value);
    if (problem != std::errc() || value < 0) return -1;
    text.remove_prefix(static_cast<size_t>(rest - text.data()));
    return value;
  };
  bool numbered = text.find('!') != std::string_view::npos;
  int32_t file = numbered ? number("") : 0;
  SourcePlace place;
  place.range.line = number(numbered ? "!" : "");
  place.range.column = number(":");
  place.range.end_line = number("-");
  if (place.range.end_line >= 0) place.range.end_column = number(":");

  bool known = file >= 0 && static_cast<size_t>(file) < files_.size();
  if (known) std::tie(place.file, place.function) = files_[static_cast<size_t>(file)];
  if (!text.empty() || place.range.line < 0 || (numbered && !known))
    cursor_.fail_at(offset, "a place is @line:column-line:column");
  return place;
}

}  // namespace metate::ir
