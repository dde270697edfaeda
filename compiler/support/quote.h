// quote.h – names and strings in the compiler's text forms: bare where that is unambiguous, else in single quotes.
#pragma once

#include <string>
#include <string_view>

namespace metate::support {

inline bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_name_char(char c) { return is_name_start(c) || is_digit(c); }

/// True for an identifier (of any alphabet, in UTF-8) that cannot be read as a number; `dotted` admits "numpy.sqrt".
bool is_bare_name(std::string_view name, bool dotted);

/// 'text' with \n, \', \\ and \xNN for other control characters.
std::string quoted(std::string_view text);

inline std::string bare_or_quoted(std::string_view name, bool dotted) {
  return is_bare_name(name, dotted) ? std::string(name) : quoted(name);
}

}  // namespace metate::support
